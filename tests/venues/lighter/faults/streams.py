"""Faults of this venue's connections: announced to end, no longer allowed."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue


@dataclass(frozen=True, slots=True)
class ShutdownNotice:
    """The venue says that it will close every connection soon, and does."""

    ms: int = 3_000

    def do(self, venue: "Venue") -> None:
        """Say it, and close later."""
        for session in list(venue.sessions):
            session.tell("shutdown", {"type": "shutdown", "close_in_ms": self.ms})
            close = partial(session.line.close, 1001, "shutdown")
            venue.agenda.after(self.ms / 1e3, close)


@dataclass(frozen=True, slots=True)
class ExpireTokens:
    """What was opened with a token is sent no more, as when the token has ended."""

    def do(self, venue: "Venue") -> None:
        """Leave those channels."""
        for session in venue.sessions:
            for channel in list(session.expires_ns):
                session.leave(channel)
