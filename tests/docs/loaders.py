"""Keep one loader a checkout: it remembers the files that it has read."""

from functools import cache
from pathlib import Path

from runner.config.compose import new_loader
from runner.config.loader import Loader


@cache
def loader_of(checkout: Path) -> Loader:
    """Return the loader of a checkout's conf/."""
    return new_loader(checkout)
