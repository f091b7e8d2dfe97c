"""Install the example package as pip does, in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.model import kernel
from strategies.pricing import choice
from tests.deploys import CHECKOUT

EXAMPLE = CHECKOUT / "tests" / "plugins" / "example"
NAME = "mmrunner_example"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which pip has installed the example package."""
    place = tmp_path_factory.mktemp("site")
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", *options, "--target", place, EXAMPLE],
        check=True,
        timeout=120,
    )
    return place


def is_of_package(function: Callable[..., object]) -> bool:
    """Tell whether a kernel came with the package, or was made when its model was bound."""
    return function.__module__.partition(".")[0] == NAME or function.__module__ == choice.__name__


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process find the package; afterwards nothing of it is left, compiled or bound."""
    monkeypatch.syspath_prepend(str(site))
    before = set(kernel.kernels())
    yield
    choice.bring([])
    kernel._KERNELS[:] = [k for k in kernel.kernels() if k in before or not is_of_package(k)]
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


@pytest.fixture
def python(site: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs Python in another process, with the package installed."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join((str(site), str(CHECKOUT)))
        return subprocess.run(
            [sys.executable, *words],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONPATH": path, "MMRUNNER_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run
