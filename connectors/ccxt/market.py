"""Follow one market of a public stream: its book, its trades, and what is said of its funding."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from connectors.ccxt.book import BookFollower
from connectors.ccxt.listing import Listed
from connectors.ccxt.words import Prints, Rates
from connectors.model.events import TRADE_BUY, TRADE_SELL, MarketRows
from connectors.restraint import Restraint
from connectors.socket import Malformed

MOST_IDS = 1024


@dataclass(slots=True)
class PublicMarket:
    """One market as its channels tell it; `rows` are what has not been delivered yet."""

    listed: Listed
    rows: MarketRows = field(default_factory=MarketRows)
    book: BookFollower = field(init=False)
    restraint: Restraint = field(default_factory=Restraint)
    asked_ns: int = 0
    """When a book that broke was asked for again; 0: it was not, or it has come."""
    is_up: bool = False
    rates: Rates | None = None
    _seen: "OrderedDict[str, None]" = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.book = BookFollower(self.listed.units)

    def take_prints(self, prints: Prints, recv_ns: int) -> None:
        """Add a row for each new trade; raise Malformed, and add none, for one off the grid."""
        units = self.listed.units
        told = [(t, units.ticks(t.price), units.lots(t.size)) for t in prints.trades]
        for trade, ticks, lots in told:
            if not lots:
                raise Malformed(f"trade {trade.trade_id} of nothing")
            if trade.trade_id in self._seen:
                continue
            self._seen[trade.trade_id] = None
            if len(self._seen) > MOST_IDS:
                self._seen.popitem(last=False)
            kind = TRADE_BUY if trade.is_buy else TRADE_SELL
            self.rows.add(kind, ticks, lots, trade.venue_ns, recv_ns)

    def take_rates(self, rates: Rates) -> None:
        """Keep what is new of the rates."""
        known = self.rates or rates
        news = {key: getattr(rates, key) for key in RATES if getattr(rates, key) is not None}
        self.rates = self.listed.latest.rates = replace(known, **news)


RATES = (
    "mark_price",
    "index_price",
    "funding_rate",
    "next_funding_ms",
    "interval_h",
    "highest_buy",
    "lowest_sell",
)
