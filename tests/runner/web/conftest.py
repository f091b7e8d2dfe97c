"""Close the loop of these tests at their end."""

from collections.abc import Iterator

import pytest

from tests.runner.web.support import loop


@pytest.fixture(scope="session", autouse=True)
def _one_loop() -> Iterator[None]:
    yield
    loop().close()
