"""What happens at any venue at a moment: markets move or stand still, clocks and limits change."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from tests.venues.common.agenda import Agenda
from tests.venues.common.crowd import Crowd


class Clocked(Protocol):
    """What keeps a venue's own time."""

    skew_ns: int


class Moved(Protocol):
    """A venue that these deeds can move."""

    agenda: Agenda
    limits: Any
    most_rows: int | None

    @property
    def exchange(self) -> Clocked:
        """Return what keeps its time."""

    def crowd_of(self, market: str) -> Crowd:
        """Return a market's crowd."""

    def round(self, deed: Callable[[], object]) -> None:
        """Do something in the market, then tell everybody what came of it."""

    def tell_book(self, market: str) -> None:
        """Send what has changed in a market's book now."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A market moves many times at once."""

    market: str
    moves: int = 50

    def do(self, venue: Moved) -> None:
        """Let the crowd step, and its book be told after each step."""
        for _ in range(self.moves):
            venue.round(venue.crowd_of(self.market).step)
            venue.tell_book(self.market)


@dataclass(frozen=True, slots=True)
class Leap:
    """A market's value jumps."""

    market: str
    bps: float

    def do(self, venue: Moved) -> None:
        """Move it."""
        venue.crowd_of(self.market).leap(self.bps * 1e-4)


@dataclass(frozen=True, slots=True)
class Stall:
    """A market stands still: nothing is wrong, and nothing happens."""

    market: str
    s: float

    def do(self, venue: Moved) -> None:
        """Freeze its crowd for a while."""
        crowd = venue.crowd_of(self.market)
        crowd.is_frozen = True
        venue.agenda.after(self.s, lambda: setattr(crowd, "is_frozen", False))


@dataclass(frozen=True, slots=True)
class EmptySide:
    """The crowd leaves one side of a market, and stands still for a while."""

    market: str
    side: str = "bids"
    s: float = 5.0

    def do(self, venue: Moved) -> None:
        """Take the orders back."""
        venue.crowd_of(self.market).leave(self.side == "asks")
        Stall(self.market, self.s).do(venue)


@dataclass(frozen=True, slots=True)
class PageSize:
    """Lists are cut after so many rows; a cursor leads to the rest."""

    rows: int

    def do(self, venue: Moved) -> None:
        """Cut them."""
        venue.most_rows = self.rows


@dataclass(frozen=True, slots=True)
class Skew:
    """The venue's clock is ahead, or behind, in all that it says and judges by."""

    ms: int

    def do(self, venue: Moved) -> None:
        """Move it; what is planned goes on in true time."""
        venue.exchange.skew_ns = self.ms * 1_000_000


@dataclass(frozen=True, slots=True)
class ChangeLimits:
    """The venue allows more, or less: see its own `limits`."""

    words: dict[str, Any] = field(default_factory=dict)

    def do(self, venue: Moved) -> None:
        """Change the limits; connections keep their count of messages."""
        venue.limits = replace(venue.limits, **self.words)
