"""Cancel what rests when nobody of an account listens any more: disconnection protection.

It guards a product once its window was set and a private connection heard `dcp`; the time runs
from the moment when the last such connection is lost, and a new one in time stops it (Bybit v5,
"Set Disconnect Cancel All").
"""

from typing import TYPE_CHECKING

from tests.venues.bybit import orders, topics
from tests.venues.bybit.engine import cancel_everything

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

HEARTBEAT_S = 30.0
"""A connection that was not heard for so long counts as lost."""


class Guardian:
    """Watches who listens to `dcp`."""

    def __init__(self, venue: "Venue") -> None:
        self._venue = venue
        self._armed: set[tuple[int, str]] = set()
        self._lost_ns: dict[tuple[int, str], int] = {}

    def look_after(self) -> None:
        """Once a beat: see who is gone, and for how long."""
        now_ns, alive = self._venue.agenda.now_ns, self._alive()
        self._armed |= alive
        for key in alive:
            self._lost_ns.pop(key, None)
        for key in self._armed - alive:
            self._lost_ns.setdefault(key, now_ns)
        for key, since_ns in list(self._lost_ns.items()):
            window_s = self._venue.exchange.accounts[key[0]].dcp_s.get(key[1])
            if window_s is not None and now_ns - since_ns >= window_s * 1_000_000_000:
                self._fire(key)

    def _fire(self, key: tuple[int, str]) -> None:
        """Cancel, and rest until somebody listens again."""
        del self._lost_ns[key]
        self._armed.discard(key)
        uid, product = key
        if product == "DERIVATIVES":
            cancel_everything(self._venue.exchange, uid, orders.BY_DCP)

    def _alive(self) -> set[tuple[int, str]]:
        oldest_ns = self._venue.agenda.now_ns - round(HEARTBEAT_S * 1e9)
        return {
            (session.uid, topics.DCP[topic])
            for session in self._venue.sessions
            if session.uid is not None and session.heard_ns >= oldest_ns
            for topic in session.topics & topics.DCP.keys()
        }
