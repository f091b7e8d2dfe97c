"""Let one read answer all who asked before it began."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """A read that many markets ask for. Nobody is given an answer older than his question.

    A read begins once the event loop has been round, so that those who ask at one moment share it;
    its answer wakes all of them at one moment, so that they share the next one too.
    """

    def __init__(self, read: Callable[[], Awaitable[T]]) -> None:
        self._read = read
        self._begun = 0
        self._answer: tuple[int, T] | None = None
        self._is_reading = False
        self._done = asyncio.Event()

    async def ask(self) -> T:
        """Return what a read said that began after this question, or raise what it raised."""
        asked_after = self._begun
        while self._is_reading:
            await self._done.wait()
            if self._answer is not None and self._answer[0] > asked_after:
                return self._answer[1]
        self._is_reading = True
        try:
            await asyncio.sleep(0)
            self._begun += 1
            number = self._begun
            answer = await self._read()
            self._answer = number, answer
            return answer
        finally:
            self._is_reading = False
            self._done.set()
            self._done = asyncio.Event()
