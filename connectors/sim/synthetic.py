"""Feed the simulated venue from a synthetic market."""

from connectors.model.events import MarketRows
from connectors.sim.flow import next_message, snapshot, start
from connectors.sim.flow_market import FlowMarket, fill
from connectors.sim.flow_state import MESSAGE_ROWS, Flow


class SyntheticSource:
    """A seeded synthetic market as a source of messages. The first message is a snapshot."""

    def __init__(self, market: FlowMarket, seed: int, start_ns: int) -> None:
        self._flow = Flow()
        fill(self._flow.params, market)
        start(self._flow, seed, market.start_mid_ticks, start_ns)
        self._start_ticks = self._flow.efficient_ticks
        self._started_ns = start_ns
        self._opened = False
        self._kind = [0] * MESSAGE_ROWS
        self._ticks = [0] * MESSAGE_ROWS
        self._lots = [0] * MESSAGE_ROWS
        self._venue_ns = [0] * MESSAGE_ROWS

    @property
    def price_ratio(self) -> float:
        """The hidden price over that of the start."""
        return self._flow.efficient_ticks / self._start_ticks

    def next_ns(self) -> int:
        """Return the stamp of the next message."""
        return self._flow.next_ns if self._opened else self._started_ns

    def take(self, rows: MarketRows, feed_latency_ns: int) -> None:
        """Append the rows of the next message, received one feed latency after their stamp."""
        write = next_message if self._opened else snapshot
        self._opened = True
        end = write(self._flow, self._kind, self._ticks, self._lots, self._venue_ns, 0)
        for r in range(end):
            venue_ns = self._venue_ns[r]
            rows.add(
                self._kind[r], self._ticks[r], self._lots[r], venue_ns, venue_ns + feed_latency_ns
            )


class FollowingSource(SyntheticSource):
    """A synthetic market with orders of its own, whose hidden price is another's, some time later.

    The other one is made a second time from its seed, so neither market needs the other to run.
    """

    def __init__(
        self,
        market: FlowMarket,
        seed: int,
        start_ns: int,
        leader: SyntheticSource,
        lag_ns: int,
    ) -> None:
        super().__init__(market, seed, start_ns)
        self._leader = leader
        self._lag_ns = lag_ns
        self._unread = MarketRows()
        self._flow.diffusion_bps_per_sqrt_s = 0.0
        self._flow.news_bps = 0.0

    def take(self, rows: MarketRows, feed_latency_ns: int) -> None:
        """Append the rows of the next message, made with the leader's price of a lag ago."""
        while self._leader.next_ns() <= self.next_ns() - self._lag_ns:
            self._unread.clear()
            self._leader.take(self._unread, 0)
        self._flow.efficient_ticks = self._start_ticks * self._leader.price_ratio
        super().take(rows, feed_latency_ns)
