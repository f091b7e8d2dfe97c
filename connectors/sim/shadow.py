"""Simulate one market beside a real one, on the batches that the real one gets and at their stamps.

No task and no clock of its own: what is due by a batch's stamp happens with it. So an answer comes
with the next batch after its time.
"""

from connectors.model.events import MarketRows
from connectors.sim.account import PaperAccount
from connectors.sim.adapter import SimMarket, SimVenue
from connectors.sim.exchange import Exchange
from connectors.sim.live import LiveSource
from connectors.venue import Sink

NEVER_NS = 1 << 62
"""Nothing wakes a shadow but its batches."""


class StampClock:
    """A clock that stands at the stamp of the last batch."""

    def __init__(self) -> None:
        self.stamp_ns = 0

    def now_ns(self) -> int:
        """Return the stamp."""
        return self.stamp_ns

    def monotonic_ns(self) -> int:
        """Return the stamp."""
        return self.stamp_ns

    async def sleep_until_ns(self, wall_ns: int) -> None:
        """Raise: nothing waits here."""
        raise RuntimeError("a shadow does not wait")


class Shadow:
    """One market's simulated exchange, and the venue that a worker sends its orders to."""

    def __init__(self, name: str, exchange: Exchange) -> None:
        self.clock = StampClock()
        self._name = name
        self._source = LiveSource()
        market = SimMarket(name, exchange, self._source, 0, NEVER_NS)
        self.venue = SimVenue(self.clock, PaperAccount(None), {name: market})

    def attach(self, sink: Sink) -> None:
        """Deliver to a worker."""
        self.venue.attach({self._name: sink})

    def take(self, rows: MarketRows, now_ns: int) -> None:
        """Let happen what is due by now, the rows included, and deliver it."""
        self.clock.stamp_ns = now_ns
        if rows:
            self._source.put(rows, now_ns)
        self.venue.wake(self._name)

    def lose(self, now_ns: int) -> None:
        """Note that the book is not known until the next snapshot."""
        self.clock.stamp_ns = now_ns
        self._source.lose(now_ns)
        self.venue.wake(self._name)
