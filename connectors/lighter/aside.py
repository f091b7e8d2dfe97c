"""Do blocking work on one thread, and wake the event loop once for each piece of it.

A pool of threads does that too, at several times the cost on the loop: it makes a future of its own
kind for each piece, locks, and chains it to the loop's.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[], Any]
Waiting = tuple[asyncio.Future[Any], Work]


class Aside:
    """A thread, started when there is something to do, and what it still has to do."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    async def do(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises, after all that was asked before.

        Raises RuntimeError once closed.
        """
        if self._is_closed:
            raise RuntimeError(f"{self._name}: asked after it was closed")
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put((future, work))
        return await future

    def close(self) -> None:
        """Begin nothing more, and wait for nothing: who waits for what has not begun is
        cancelled."""
        self._is_closed = True
        self._queue.put(None)

    def _run(self) -> None:
        while (waiting := self._queue.get()) is not None:
            future, work = waiting
            if self._is_closed:
                _tell(future, future.cancel)
            elif not future.cancelled():
                self._do(future, work)

    def _do(self, future: "asyncio.Future[Any]", work: Work) -> None:
        try:
            done = work()
        except Exception as error:
            _tell(future, _settle, future, None, error)
        else:
            _tell(future, _settle, future, done, None)


def _tell(future: "asyncio.Future[Any]", call: Callable[..., object], *args: object) -> None:
    """Call something on a future's loop, unless that is closed: nobody waits then."""
    with suppress(RuntimeError):
        future.get_loop().call_soon_threadsafe(call, *args)


def _settle(future: "asyncio.Future[Any]", done: object, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(done)
    else:
        future.set_exception(error)
