"""Follow one market of the public stream: its book, trades, top and figures."""

from dataclasses import dataclass, field

from connectors.lighter.book import BookFollower
from connectors.lighter.grid import Grid
from connectors.lighter.tops import Tops
from connectors.lighter.trades import TradeFollower
from connectors.lighter.wire import Best, SpotStats, Stats, TickerFrame
from connectors.model.events import BEST_ASK, BEST_BID, MarketRows
from connectors.restraint import Restraint
from connectors.socket import Malformed


@dataclass(frozen=True, slots=True)
class Figures:
    """What the venue says of a market besides its book. `streamed_rate` is in the stream's unit;
    a spot market has none, and its mark is the middle of its touch."""

    index_price: float
    mark_price: float
    streamed_rate: float | None
    recv_ns: int


@dataclass(slots=True)
class PublicMarket:
    """One market as its channels tell it; `rows` are what has not been delivered yet."""

    name: str
    market_id: int
    grid: Grid
    rows: MarketRows = field(default_factory=MarketRows)
    book: BookFollower = field(init=False)
    trades: TradeFollower = field(init=False)
    restraint: Restraint = field(default_factory=Restraint)
    silent: set[str] = field(default_factory=set)
    """The channels without which the market cannot be followed, and that have not spoken yet."""
    figures: Figures | None = None
    tops: Tops = field(default_factory=Tops)

    def __post_init__(self) -> None:
        self.book = BookFollower(self.grid)
        self.trades = TradeFollower(self.grid)

    def expect_all(self) -> None:
        """Wait for the first data of a new connection."""
        self.book.forget()
        self.tops.forget()
        self.silent = {f"order_book:{self.market_id}", f"trade:{self.market_id}"}

    def take_ticker(self, frame: TickerFrame, recv_ns: int) -> None:
        """Add the venue's own top of book; raise Malformed for what is none."""
        venue_ns = frame.venue_ns() or recv_ns
        bid, ask = self._level(frame.ticker.b), self._level(frame.ticker.a)
        self.tops.take(bid[0], ask[0], frame.nonce)
        self.rows.add(BEST_BID, *bid, venue_ns, recv_ns)
        self.rows.add(BEST_ASK, *ask, venue_ns, recv_ns)

    def is_contradicted(self, now_ns: int) -> bool:
        """Tell whether the book has shown another top than the venue's own too often."""
        if not self.book.is_followed:
            return False
        return self.tops.differ(self.book.touch, self.book.nonce, now_ns)

    def take_stats(self, stats: Stats, recv_ns: int) -> None:
        """Keep the figures; raise Malformed for what is no price."""
        _require_prices(stats.mark_price, stats.index_price)
        if not -1e3 < stats.current_funding_rate < 1e3:
            raise Malformed(f"no rate of funding: {stats.current_funding_rate}")
        self.figures = Figures(
            stats.index_price, stats.mark_price, stats.current_funding_rate, recv_ns
        )

    def take_spot_stats(self, stats: SpotStats, recv_ns: int) -> None:
        """Keep the figures of a spot market; raise Malformed for what is no price."""
        _require_prices(stats.mid_price, stats.index_price)
        self.figures = Figures(stats.index_price, stats.mid_price, None, recv_ns)

    def _level(self, best: Best) -> tuple[int, int]:
        """Return ticks and lots, both 0 where the side is empty."""
        if not best.price and not best.size:
            return 0, 0
        try:
            price, size = float(best.price), float(best.size)
        except ValueError:
            raise Malformed(f"no level: {best.price!r} and {best.size!r}") from None
        return self.grid.ticks(price), self.grid.lots(size)


def _require_prices(mark: float, index: float) -> None:
    if not (0.0 < mark < 1e12 and 0.0 < index < 1e12):
        raise Malformed(f"no prices: mark {mark} and index {index}")
