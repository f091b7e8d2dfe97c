"""Ask for a broken book again at once, but not for ever: one market must not use up all budgets."""

from collections import deque

MOST = 5
"""How often a book may break within the window and be asked for again at once."""
WINDOW_NS = 60_000_000_000
REST_NS = 30_000_000_000
"""How long it is left alone after that."""


class Restraint:
    """One market's breaks. While it rests its book is unknown."""

    __slots__ = ("_breaks_ns", "_rests_until_ns")

    def __init__(self) -> None:
        self._breaks_ns: deque[int] = deque()
        self._rests_until_ns = 0

    def may_ask(self, now_ns: int) -> bool:
        """Note a break; tell whether to ask for the book now. If not, it rests."""
        if now_ns < self._rests_until_ns:
            return False
        self._breaks_ns.append(now_ns)
        while self._breaks_ns[0] <= now_ns - WINDOW_NS:
            self._breaks_ns.popleft()
        if len(self._breaks_ns) <= MOST:
            return True
        self._breaks_ns.clear()
        self._rests_until_ns = now_ns + REST_NS
        return False

    def has_rested(self, now_ns: int) -> bool:
        """Tell, once, that the rest is over and the book is to be asked for."""
        if not self._rests_until_ns or now_ns < self._rests_until_ns:
            return False
        self._rests_until_ns = 0
        return True
