"""What a page shows happens: its commands run and print that, its files and its Python work."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

import runner.modes.recorded
import runner.modes.replay  # noqa: F401 - all kernels are listed before the first loop is compiled
from tests.docs.pages import PAGES, blocks
from tests.docs.reader import reader

ELSEWHERE = "docs/extending.md"
"""Told by tests/plugins, where its package is installed."""
TOLD = [
    page
    for page in PAGES
    if page != ELSEWHERE and any("$ mmrunner" in b.text or b.file for b in blocks(page))
]


@pytest.fixture(autouse=True)
def quiet_logging() -> Iterator[None]:
    """Take back the handlers that Hydra's flags give to the root logger."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("page", TOLD)
def test_a_page_is_true(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    story = reader(tmp_path, lambda: "".join(capsys.readouterr()))
    monkeypatch.chdir(story.home)
    for block in blocks(page):
        story.tell(block)


def test_pages_with_commands_are_found() -> None:
    assert {"README.md", "docs/configuration.md", "docs/tapes.md"} <= set(TOLD)
    assert ELSEWHERE in PAGES
