"""Hear what a feed delivers and asks for, without a stream below it."""

from connectors.lighter.grid import Grid
from connectors.lighter.market import PublicMarket
from connectors.lighter.market_feed import MarketFeed
from connectors.lighter.wire import ErrorBody
from connectors.model.events import AccountRows, MarketRows

NOW_NS = 1_790_000_000_500_000_000
BTC_GRID = Grid.of(1, 5)

Row = tuple[int, int, int]


class Line:
    """What a feed asks of its stream."""

    def __init__(self) -> None:
        self.dropped: list[str] = []
        self.resubscribed: list[str] = []
        self.replacements = 0

    def drop(self, why: str) -> None:
        """Note it."""
        self.dropped.append(why)

    def resubscribe(self, channel: str) -> None:
        """Note it."""
        self.resubscribed.append(channel)

    def replace_soon(self) -> None:
        """Note it."""
        self.replacements += 1


class Heard:
    """A feed of markets `btc` (1) and `eth` (0), and all that has come out of it."""

    def __init__(self) -> None:
        self.line = Line()
        self.rows: dict[str, list[Row]] = {"btc": [], "eth": []}
        self.stamps: list[tuple[int, int]] = []
        self.batches: list[tuple[str, int]] = []
        self.links: list[tuple[str, bool]] = []
        self.errors: list[int] = []
        self.markets = {
            "btc": PublicMarket("btc", 1, BTC_GRID),
            "eth": PublicMarket("eth", 0, Grid.of(2, 4)),
        }
        self.feed = MarketFeed(
            tuple(self.markets.values()),
            self._deliver,
            lambda market, is_whole, why: self.links.append((market, is_whole)),
            self._refused,
            lambda: NOW_NS,
        )
        self.feed.line = self.line

    def hear(self, *frames: bytes, recv_ns: int = NOW_NS) -> bool:
        """Let the feed take frames as one batch."""
        return self.feed.on_frames(list(frames), recv_ns)

    def _deliver(self, market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        assert len(account) == 0
        self.batches.append((market, now_ns))
        self.rows[market] += zip(rows.kind, rows.ticks, rows.lots, strict=True)
        self.stamps += zip(rows.venue_ns, rows.recv_ns, strict=True)

    def _refused(self, error: ErrorBody) -> None:
        self.errors.append(error.code)
