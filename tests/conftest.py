"""Share what many tests need: recorded markets, and the cache of compiled kernels."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import CHECKOUT, KERNEL_CACHE

# Half of hypothesis's usual examples in every run, ten times as many with --hypothesis-profile=deep
# (make deep). No deadline: a machine that does something else meanwhile is no fault of ours.
settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("deep", max_examples=500, deadline=None)
settings.load_profile("quick")


RECURSION = sys.getrecursionlimit()


def pytest_runtest_setup() -> None:
    """Take back what a package that stand-ins sign with does to the whole process: with its limit
    of recursion a deep JSON ends the process instead of being refused."""
    sys.setrecursionlimit(RECURSION)


@pytest.fixture(scope="session")
def recorded_data() -> Path:
    """Return the directory of recorded markets; skip where there is none."""
    path = Path(os.environ.get("MMRUNNER_DATA", CHECKOUT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"no recorded markets at {path}: point MMRUNNER_DATA at them to run this test")
    return path


@pytest.fixture(scope="session")
def kernel_cache() -> Path:
    """Return the directory in which all tests keep compiled kernels."""
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    return KERNEL_CACHE
