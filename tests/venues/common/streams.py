"""Faults of any venue's connections: closed, silent, half open.

A session says by `hears` whether it is one that hears the market's or the account's news.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from tests.venues.common.agenda import Agenda
from tests.venues.common.line import Line

EVERY = "every"


class Hearing(Protocol):
    """The venue's side of a connection."""

    line: Line

    def hears(self, stream: str) -> bool:
        """Tell whether it brings the `market`'s or the `account`'s news."""


class Connected(Protocol):
    """A venue and its connections."""

    agenda: Agenda

    @property
    def sessions(self) -> Sequence[Hearing]:
        """Return the open connections."""


@dataclass(frozen=True, slots=True)
class Close:
    """Connections end: those that hear the market's or the account's channels, or every one."""

    stream: str = EVERY
    code: int = 1006
    reason: str = ""

    def do(self, venue: Connected) -> None:
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

    def do(self, venue: Connected) -> None:
        """Silence them."""
        for session in chosen(venue, self.stream):
            session.line.fall_silent()
            if self.s:
                venue.agenda.after(self.s, partial(setattr, session.line, "is_silent", False))


@dataclass(frozen=True, slots=True)
class HalfOpen:
    """Connections do nothing more at all, and nobody is told."""

    stream: str = EVERY

    def do(self, venue: Connected) -> None:
        """Leave them hanging."""
        for session in chosen(venue, self.stream):
            session.line.hang()


def chosen(venue: Connected, stream: str) -> list[Hearing]:
    """Return the connections that hear an account's channels, or a market's, or all."""
    return [s for s in venue.sessions if stream == EVERY or s.hears(stream)]
