"""Hold what an account's stream has last said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from connectors.lighter.account_wire import Asset, Position
from connectors.lighter.own import Word
from connectors.lighter.own_fills import OwnFills
from connectors.lighter.own_orders import OwnOrders
from connectors.model.account import Trade

HEARD_WITHIN_NS = 3_000_000_000
"""What has changed so long ago has been told by a stream that tells anything."""


@dataclass(frozen=True, slots=True)
class Brink:
    """Where a position of `lots` is liquidated, and was entered, in the venue's words."""

    lots: int
    liquidation_price: str
    entry_price: str
    heard_ns: int


@dataclass(frozen=True, slots=True)
class Free:
    """What an account has that stands behind no position and no order, in USDC."""

    quote: float
    heard_ns: int


@dataclass(slots=True)
class AccountState:
    """One account. It outlives connections: what was told before a loss is still known after it."""

    account: int
    orders: OwnOrders = field(default_factory=OwnOrders)
    fills: OwnFills = field(default_factory=OwnFills)
    positions: dict[str, int] = field(default_factory=dict)
    """Lots by market, of those that have been told."""
    brinks: dict[str, Brink] = field(default_factory=dict)
    """The last word on where each of them is liquidated."""
    free: Free | None = None
    """The last word on what is left of the margin; None: nobody has said."""
    assets: dict[str, Asset] = field(default_factory=dict)
    on_order: Callable[[int, bool], None] = lambda client_id, is_over: None
    """Hears of each word on an order: its id, and whether it has ended."""
    whole_since_ns: int | None = None
    """Since when every channel of the stream tells; None: not now."""
    on_deaf: Callable[[], None] = lambda: None
    """Called when the stream is open and has left something out."""

    def hear_brink(self, market: str, lots: int, told: Position | None, now_ns: int) -> None:
        """Take what is said of a position; None: it is flat."""
        words = ("", "0") if told is None else (told.liquidation_price, told.avg_entry_price)
        self.brinks[market] = Brink(lots, *words, now_ns)

    def hear_free(self, amount: str, now_ns: int) -> None:
        """Take what is said of the margin that is left."""
        self.free = Free(max(0.0, float(amount)), now_ns)

    def compare(self, changed_ns: int, heard: Word | None, read: Word, now_ns: int) -> None:
        """Hold what was read of an order, which changed last at `changed_ns`, against what was
        heard of it: a channel whose token has ended stays open, and says nothing more."""
        if self.whole_since_ns is None or (heard is not None and heard.is_final):
            return
        if heard is None or read.is_final:
            self._miss(changed_ns, now_ns)

    def heed_trades(self, market: str, trades: Sequence[Trade], now_ns: int) -> None:
        """Hold trades that were read against those that were heard of, for the same reason."""
        heard_id = self.fills.highest.get(market, 0)
        for trade in trades:
            if trade.trade_id > heard_id:
                self._miss(trade.venue_ns, now_ns)

    def _miss(self, happened_ns: int, now_ns: int) -> None:
        """Take the stream for deaf if it should have told of a moment by now."""
        if self.whole_since_ns is None:
            return
        since_ns = self.whole_since_ns + HEARD_WITHIN_NS
        if since_ns < happened_ns < now_ns - HEARD_WITHIN_NS:
            self.whole_since_ns = None
            self.on_deaf()
