"""Count uses within a sliding window, as a venue that refuses what is too much."""

from collections import deque


class Window:
    """At most `most` units within `span_ns`; None: without bound."""

    def __init__(self, most: int | None, span_ns: int = 60_000_000_000) -> None:
        self.most = most
        self._span_ns = span_ns
        self._uses: deque[tuple[int, int]] = deque()
        self._used = 0

    @property
    def used(self) -> int:
        """Return how many units counted when somebody last asked for some."""
        return self._used

    def take(self, now_ns: int, units: int = 1) -> bool:
        """Use some units, or refuse and use none."""
        while self._uses and self._uses[0][0] <= now_ns - self._span_ns:
            self._used -= self._uses.popleft()[1]
        if self.most is not None and self._used + units > self.most:
            return False
        self._uses.append((now_ns, units))
        self._used += units
        return True
