"""Faults of connections: closed, silent, half open, announced to end, no longer allowed."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.venues.lighter.session import Session
    from tests.venues.lighter.venue import Venue

EVERY = "every"


@dataclass(frozen=True, slots=True)
class Close:
    """Connections end: those that hear the market's or the account's channels, or every one."""

    stream: str = EVERY
    code: int = 1006
    reason: str = ""

    def do(self, venue: "Venue") -> None:
        """Close them; 1006 is no word but a broken connection."""
        for session in chosen(venue, self.stream):
            if self.code == 1006:
                session.line.abort()
            else:
                session.line.close(self.code, self.reason)


@dataclass(frozen=True, slots=True)
class Silence:
    """Connections bring nothing more, but answer pings; `s`: for so long."""

    stream: str = EVERY
    s: float = 0.0

    def do(self, venue: "Venue") -> None:
        """Silence them."""
        for session in chosen(venue, self.stream):
            session.line.is_silent = True
            venue.unheard(session)
            if self.s:
                venue.agenda.after(self.s, partial(setattr, session.line, "is_silent", False))


@dataclass(frozen=True, slots=True)
class HalfOpen:
    """Connections do nothing more at all, and nobody is told."""

    stream: str = EVERY

    def do(self, venue: "Venue") -> None:
        """Leave them hanging."""
        for session in chosen(venue, self.stream):
            session.line.is_half_open = True
            venue.unheard(session)


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


def chosen(venue: "Venue", stream: str) -> list["Session"]:
    """Return the connections that hear an account's channels, or a market's, or all."""
    if stream == EVERY:
        return list(venue.sessions)
    return [s for s in venue.sessions if any(_is_of(channel, stream) for channel in s.channels)]


def _is_of(channel: str, stream: str) -> bool:
    return channel.startswith(("account", "user")) == (stream == "account")
