"""Give a reader a home and a checkout of their own."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.deploys import CHECKOUT, KERNEL_CACHE
from tests.docs.story import SHORT, Story
from tests.recordings import DATA

RECORDINGS = {"binance": "binance_raw_20240718", "lighter": "lighter_raw_20251210"}


def reader(directory: Path, read_out: Callable[[], str]) -> Story:
    """Return a reader in `directory`/home who has run mmrunner once. Compiled loops are shared."""
    checkout, home = directory / "checkout", directory / "home"
    shutil.copytree(CHECKOUT / "conf", checkout / "conf", ignore=shutil.ignore_patterns("local"))
    (checkout / "connectors").symlink_to(CHECKOUT / "connectors")
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    (home / "outputs" / "cache").mkdir(parents=True)
    (home / "outputs" / "cache" / "kernels").symlink_to(KERNEL_CACHE)
    (home / "tests").symlink_to(CHECKOUT / "tests")
    places = {word: DATA / "l2" / name for word, name in RECORDINGS.items()}
    there = {word: path for word, path in places.items() if path.exists()}
    made = Story(home, checkout, there, read_out)
    code, printed = made.type(SHORT)
    if code:
        raise RuntimeError(f"{SHORT}: {code}, {printed}")
    return made
