"""Keep a person's telephone quiet: the same thing is told once a while, and never too much an hour.

What is held back is counted, and the next thing that is told says how much it was. What is critical
is held back only as a repetition.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from runner.notify.news import Level, News

HOUR_NS = 3_600_000_000_000
MOST_KINDS = 1_000
"""Kinds of news that are remembered."""


@dataclass(slots=True)
class Sieve:
    """What has been told of late. `quiet_ns` is how long the same is not told again."""

    least: Level
    quiet_ns: int
    most_per_hour: int
    _told_ns: dict[str, int] = field(default_factory=dict)
    _hour: deque[int] = field(default_factory=deque)
    _held: int = 0

    def sift(self, news: News, now_ns: int) -> Iterator[str]:
        """Yield the lines that are to be sent for one piece of news: one, or none."""
        if news.level < self.least:
            return
        kind = _kind(news)
        told_ns = self._told_ns.get(kind)
        is_again = told_ns is not None and now_ns - told_ns < self.quiet_ns
        if is_again or (self._is_full(now_ns) and news.level < Level.CRITICAL):
            self._held += 1
            return
        self._note(kind, now_ns)
        yield f"{news.line} ({self._held} more held back)" if self._held else news.line
        self._held = 0

    def _is_full(self, now_ns: int) -> bool:
        while self._hour and now_ns - self._hour[0] >= HOUR_NS:
            self._hour.popleft()
        return len(self._hour) >= self.most_per_hour

    def _note(self, kind: str, now_ns: int) -> None:
        self._hour.append(now_ns)
        self._told_ns.pop(kind, None)
        self._told_ns[kind] = now_ns
        if len(self._told_ns) > MOST_KINDS:
            del self._told_ns[next(iter(self._told_ns))]


def _kind(news: News) -> str:
    """Return what makes two pieces of news the same: their words, whatever their figures."""
    return f"{news.level}{news.market} " + "".join(c for c in news.text if not c.isdigit())
