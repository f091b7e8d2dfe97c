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
        self._started_ns = start_ns
        self._opened = False
        self._kind = [0] * MESSAGE_ROWS
        self._ticks = [0] * MESSAGE_ROWS
        self._lots = [0] * MESSAGE_ROWS
        self._venue_ns = [0] * MESSAGE_ROWS

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
