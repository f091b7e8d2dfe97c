"""Keep the last of what a deploy has told, each with a number that grows by one."""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

MOST = 512
"""Kept at a time."""

Told = TypeVar("Told")


class Tail(Generic[Told]):
    """The last rows of one kind. `take` returns those that it has not returned before."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: deque[tuple[int, Told]] = deque(maxlen=most)
        self._taken = 0
        self.count = 0

    def add(self, make: Callable[[int], Told]) -> None:
        """Keep one row, made with its number."""
        self.count += 1
        self._kept.append((self.count, make(self.count)))

    def all(self) -> tuple[Told, ...]:
        """Return the last rows, oldest first."""
        return tuple(row for _, row in self._kept)

    def take(self) -> tuple[Told, ...]:
        """Return the rows since the last call, as far as they are kept."""
        new = [row for number, row in self._kept if number > self._taken]
        self._taken = self.count
        return tuple(new)
