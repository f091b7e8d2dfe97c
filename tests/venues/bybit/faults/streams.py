"""Faults of this venue's connections and services: refused keys, restarts, maintenance."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue


@dataclass(frozen=True, slots=True)
class RejectAuth:
    """Streams refuse to authenticate, for so long; those that have go on.

    The connection stays open after the refusal, and a client that only waits waits for ever.
    """

    s: float = 30.0

    def do(self, venue: "Venue") -> None:
        """Refuse them."""
        venue.guard.rejects_streams = True
        venue.agenda.after(self.s, lambda: setattr(venue.guard, "rejects_streams", False))


@dataclass(frozen=True, slots=True)
class RestartBooks:
    """The service of books begins anew: every book is told whole, with update id 1."""

    def do(self, venue: "Venue") -> None:
        """Tell them."""
        for feed in venue.publisher.feeds.values():
            venue.publisher.tell_book(feed, feed.restart(venue.exchange.now_ns))


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The venue is closed: requests meet a page, connections end, and none can be made."""

    s: float = 60.0

    def do(self, venue: "Venue") -> None:
        """Close it, and open it again."""
        venue.gateway.is_in_maintenance = True
        for session in list(venue.sessions):
            session.line.close(1001, "maintenance")
        venue.agenda.after(self.s, lambda: setattr(venue.gateway, "is_in_maintenance", False))


@dataclass(frozen=True, slots=True)
class Ban:
    """All requests of every address are refused with 403 for a while; streams go on."""

    s: float = 600.0

    def do(self, venue: "Venue") -> None:
        """Refuse them."""
        venue.gateway.banned_until_ns = venue.agenda.now_ns + round(self.s * 1e9)


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """A key of ours is no key any more; what it has opened goes on."""

    key: str

    def do(self, venue: "Venue") -> None:
        """Take it away."""
        for account in venue.exchange.accounts.values():
            account.keys.pop(self.key, None)
