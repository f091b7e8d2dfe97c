"""Run a deploy's event loop: uvloop's where that is installed, else asyncio's own.

The runner depends on uvloop wherever that exists, which is not on Windows nor on other Pythons than
CPython. Both are the same to whoever runs on them, in all but time.
"""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Result = TypeVar("Result")

SETTLED_S = 10.0
"""After so long a deploy has made what it keeps: streams, books, what it imports late."""


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end and return the result."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(main)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes uvloop's loops; None where it is not installed."""
    try:
        import uvloop
    except ModuleNotFoundError:
        return None
    return uvloop.new_event_loop


@contextmanager
def spared() -> Iterator[None]:
    """Spare the garbage collector what was made before, and what the first seconds make.

    It would look at all of that again and again, and hold the loop for tens of ms each time. What
    the start has left as garbage stays until the context ends.
    """
    gc.freeze()
    settled = asyncio.get_running_loop().call_later(SETTLED_S, gc.freeze)
    try:
        yield
    finally:
        settled.cancel()
        gc.unfreeze()
