"""Put the simulated exchange on a real venue's prices: its public data, and no order of ours there.

The exchange's clock is the time of receipt: what a batch says has happened when it came. So the way
of market data to us is none, and the way of an order has to stand for both.
"""

import asyncio
from collections import deque
from collections.abc import Mapping

from connectors.model.events import GAP, AccountRows, MarketRows
from connectors.sim.account import PaperAccount
from connectors.sim.adapter import Clock, SimMarket, SimVenue
from connectors.sim.wire import FAR_NS
from connectors.venue import Sink, Venue


class LiveSource:
    """A market that others make: batches as they come, each a message at its receipt."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, MarketRows]] = deque()
        self.has_begun = False

    def put(self, rows: MarketRows, recv_ns: int) -> None:
        """Take a batch; its columns are the venue's and are copied."""
        self.has_begun = True
        count = len(rows)
        stamps = [recv_ns] * count
        copied = MarketRows(rows.kind[:], rows.ticks[:], rows.lots[:], stamps, stamps)
        self._waiting.append((recv_ns, copied))

    def lose(self, now_ns: int) -> None:
        """Note that nothing is known from now until the venue's next snapshot."""
        rows = MarketRows()
        rows.add(GAP, 0, 0, now_ns, now_ns)
        self.put(rows, now_ns)

    def next_ns(self) -> int:
        """Return the stamp of the next message, FAR_NS where none has come."""
        return self._waiting[0][0] if self._waiting else FAR_NS

    def take(self, rows: MarketRows, feed_latency_ns: int) -> None:
        """Append the rows of the next message."""
        stamp_ns, came = self._waiting.popleft()
        rows.kind.extend(came.kind)
        rows.ticks.extend(came.ticks)
        rows.lots.extend(came.lots)
        rows.venue_ns.extend(came.venue_ns)
        rows.recv_ns.extend([stamp_ns + feed_latency_ns] * len(came))


class LiveVenue(SimVenue):
    """Simulated markets of which some have the prices of real venues."""

    def __init__(
        self,
        clock: Clock,
        account: PaperAccount,
        markets: Mapping[str, SimMarket],
        feeds: Mapping[Venue, Mapping[str, LiveSource]],
    ) -> None:
        """Take the sources that each real venue fills, by market, as `feeds`."""
        super().__init__(clock, account, markets)
        self._feeds = feeds

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Run the exchange and every feed until cancelled; what a former run knew is lost."""
        taps = {
            venue: {name: Tap(self, name, source, sinks[name]) for name, source in sources.items()}
            for venue, sources in self._feeds.items()
        }
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(super().run(sinks), name="simulated exchange")
            for venue, sources in taps.items():
                for tap in sources.values():
                    tap.begin(self._clock.now_ns())
                tasks.create_task(venue.run(sources), name="market data")

    def close(self) -> None:
        """Close the account's books and the feeds."""
        super().close()
        for venue in self._feeds:
            venue.close()


class Tap:
    """Where a real venue delivers one market: its rows go to the exchange, at once."""

    def __init__(self, venue: SimVenue, market: str, source: LiveSource, sink: Sink) -> None:
        self._venue = venue
        self._market = market
        self._source = source
        self._sink = sink

    def begin(self, now_ns: int) -> None:
        """Lose what a former run has told."""
        if self._source.has_begun:
            self._source.lose(now_ns)

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Let the exchange and the worker have the rows."""
        if rows:
            self._source.put(rows, now_ns)
            self._venue.wake(self._market)

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Tell the worker; the book of a stream that broke is not known."""
        if not is_whole:
            self.begin(now_ns)
            self._venue.wake(self._market)
        self._sink.on_link(is_whole, now_ns)
