"""Keep what a deploy has told: the last picture, and fills and warnings without gap or double."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from runner.control.words import Fill, Market, Picture, Warning, Welcome

T = TypeVar("T", Fill, Warning)

MOST_FILLS = 500
MOST_WARNINGS = 200
STALE_NS = 3_000_000_000
"""A picture that is older says nothing of now."""


@dataclass(slots=True)
class Heard:
    """What is known of one deploy. `gone` says why nothing more comes, empty while it does.

    Ages count from when something was heard, by our own monotonic count: another process's wall
    clock may stand elsewhere.
    """

    welcome: Welcome | None = None
    picture: Picture | None = None
    gone: str = ""
    heard_ns: int = 0
    fills: "deque[Fill]" = field(default_factory=lambda: deque(maxlen=MOST_FILLS))
    warnings: "deque[Warning]" = field(default_factory=lambda: deque(maxlen=MOST_WARNINGS))

    def hear(self, told: Welcome | Picture, now_ns: int) -> None:
        """Take what has come. Another process of the deploy begins anew."""
        self.gone, self.heard_ns = "", now_ns
        if isinstance(told, Welcome):
            if self.welcome is not None and told.process != self.welcome.process:
                self.fills.clear()
                self.warnings.clear()
            self.welcome = told
        else:
            self.picture = told
        _append(self.fills, told.fills)
        _append(self.warnings, told.warnings)

    def lose(self, why: str) -> None:
        """Note that nothing more comes."""
        self.gone = why

    @property
    def markets(self) -> tuple[Market, ...]:
        """The markets of the last picture."""
        return self.picture.markets if self.picture is not None else ()

    def market(self, name: str) -> Market | None:
        """Return one of them."""
        return next((market for market in self.markets if market.name == name), None)

    def stale_s(self, now_ns: int) -> float | None:
        """Return how long nothing has come, where that is too long; None while it is not."""
        silent_ns = now_ns - self.heard_ns
        return silent_ns / 1e9 if self.picture is not None and silent_ns > STALE_NS else None


def _append(kept: "deque[T]", new: Iterable[T]) -> None:
    last = kept[-1].number if kept else 0
    kept.extend(item for item in new if item.number > last)
