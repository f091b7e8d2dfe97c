"""Let the garbage collector rest while a sweep makes much that stays, and no rings."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 1_000_000
"""Objects that may be left over before the collector looks for rings among them."""


@contextmanager
def resting() -> Iterator[None]:
    """Spare the collector all that is there already, and let it look at the rest seldom.

    What a sweep plans stays to its end, and a job that ends well leaves no rings: to look for them
    again and again took a third of what a job costs.
    """
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()
