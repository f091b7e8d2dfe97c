"""What happens at the venue at a moment: halts, trades and orders by other hands."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.venues.bybit import orders
from tests.venues.bybit.faults.hands import client_account, fill, ours_in, trade_for
from tests.venues.bybit.orders import Tif
from tests.venues.bybit.unsigned import unsigned
from tests.venues.common.hands import pieces_of

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

KINDS = {"trade": "Trade", "liquidation": "BustTrade", "adl": "AdlTrade"}


@dataclass(frozen=True, slots=True)
class Inactive:
    """A market takes no new orders, or does again."""

    market: str
    is_active: bool = False

    def do(self, venue: "Venue") -> None:
        """Change its status."""
        venue.change(self.market, status="Trading" if self.is_active else "Closed")


@dataclass(frozen=True, slots=True)
class ChangeMarket:
    """A market's description changes while all run on: least size, tiers, limits of price."""

    market: str
    words: dict[str, Any] = field(default_factory=dict)

    def do(self, venue: "Venue") -> None:
        """Change it."""
        venue.change(self.market, **self.words)


@dataclass(frozen=True, slots=True)
class FillOurs:
    """Orders of ours trade, `most` of them: a share of each, in so many pieces of one moment."""

    market: str
    side: str | None = None
    frac: float = 1.0
    pieces: int = 1
    most: int = 1_000

    def do(self, venue: "Venue") -> None:
        """Let them trade."""
        for order in ours_in(venue, self.market, self.side)[: self.most]:
            for lots in pieces_of(order.open_lots, self.frac, self.pieces):
                if order.is_open:
                    fill(venue.exchange, order, lots)


@dataclass(frozen=True, slots=True)
class EndOurs:
    """The venue ends orders of ours, for a reason of its own: `CancelByAdmin`, .."""

    market: str
    why: str = "CancelByAdmin"

    def do(self, venue: "Venue") -> None:
        """End them."""
        for order in ours_in(venue, self.market):
            venue.exchange.end(order, orders.ENDS[self.why])


@dataclass(frozen=True, slots=True)
class ForeignOrder:
    """Somebody else with the same account rests an order, far from the touch."""

    market: str
    side: str = "buy"
    lots: int = 10
    away_bps: float = 100.0

    def do(self, venue: "Venue") -> None:
        """Let it rest."""
        x, account = venue.exchange, client_account(venue)
        is_ask, mark = self.side == "sell", x.floors[self.market].mark_ticks
        ticks = round(mark * (1 + self.away_bps * 1e-4 * (1 if is_ask else -1)))
        order = unsigned(x, self.market, account.uid, is_ask, ticks, self.lots)
        order.tif, order.is_foreign = Tif.GTC, True
        account.remember(order)
        x.rest(order)
        x.touched(order)


@dataclass(frozen=True, slots=True)
class ForeignTrade:
    """The account trades without an order of ours: `trade`, `liquidation` or `adl`.

    Without a side it closes what is held; a liquidation ends our orders of that market first.
    """

    market: str
    side: str | None = None
    lots: int | None = None
    kind: str = "trade"

    def do(self, venue: "Venue") -> None:
        """Let it trade."""
        x, account = venue.exchange, client_account(venue)
        held = account.position(self.market).lots
        lots = abs(held) if self.lots is None else self.lots
        is_ask = held > 0 if self.side is None else self.side == "sell"
        if self.kind == "liquidation":
            for order in account.live_orders(self.market):
                x.end(order, orders.BY_LIQUIDATION)
        if lots:
            trade_for(x, account, self.market, -lots if is_ask else lots, KINDS[self.kind])


@dataclass(frozen=True, slots=True)
class ShiftMark:
    """The mark is so far from where it should be, for a while: margin is counted by it."""

    market: str
    bps: float
    s: float = 5.0

    def do(self, venue: "Venue") -> None:
        """Shift it, and back."""
        floor = venue.exchange.floors[self.market]
        floor.mark_shift_ticks = round(floor.index_ticks * self.bps * 1e-4)
        venue.agenda.after(self.s, lambda: setattr(floor, "mark_shift_ticks", 0))
