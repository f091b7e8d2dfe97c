"""Close one market's position after a kill: few orders, each at once, each only to reduce it.

Each takes what the book offers within a reach, which is short at first and at the collar with the
third: a thin book has time to fill up again, and is not swept for what its best levels can take.

It goes on only from a proven position: nothing open, trades and venue agreeing. So an order whose
fill was not heard is never repeated, and a venue that says there is nothing to reduce is believed.
"""

from dataclasses import dataclass, field

from connectors.model.account import Standing
from connectors.model.book import is_two_sided
from connectors.model.errors import Refusal
from connectors.model.events import BUY, IOC, REDUCE_ONLY, SELL
from connectors.model.orders import ID_STRIDE, SLOTS, take_slot
from runner.engine.clock import Clock
from runner.engine.outbox import LedgerOutbox
from runner.engine.warnings import Warn
from runner.engine.worker import Market
from strategies.hedging import least_lots
from strategies.routing.offer import Offer, open_offer, take_best
from strategies.units import BPS

TRIES = 3
"""Most orders in a row that reduce nothing."""
FIRST_OF_COLLAR = 16
WIDER = 4
"""How many times further each order reaches than the one before, up to the collar."""
BPS_OF_HALF_TICKS = 0.5e-4


@dataclass(slots=True)
class Flattening:
    """One market's way to flat. `is_over`: it is flat, or nothing more will be tried.

    `left_lots` is the position as last proven, None before that.
    """

    market: Market
    outbox: LedgerOutbox
    clock: Clock
    warn: Warn
    left_lots: int | None = None
    is_over: bool = False
    _tries: int = 0
    _last_id: int = 0
    _most_bps: float = field(init=False)
    _reach_bps: float = field(init=False)
    _offer: Offer = field(default_factory=Offer)

    def __post_init__(self) -> None:
        self._most_bps = self.market.limits.collar_bps
        self._reach_bps = self._most_bps / FIRST_OF_COLLAR

    @property
    def is_flat(self) -> bool:
        """Tell whether the position is proven to be closed."""
        return self.is_over and self.left_lots == 0

    def step(self, standing: Standing) -> None:
        """Send one order for what is left, unless there is a reason to end; nothing may be open."""
        lots = standing.position_lots
        if self.left_lots is None or abs(lots) < abs(self.left_lots):
            self._tries = 0
        self.left_lots = lots
        if lots == 0:
            self._end("closed")
        elif self._was_refused(Refusal.REDUCE_ONLY):
            self._end("the venue says that there is nothing to reduce")
        elif self._was_refused(Refusal.MIN_SIZE):
            self._end("the venue takes no order as small as what is left")
        elif self._tries >= TRIES:
            self._end(f"{TRIES} orders reduced nothing")
        elif is_two_sided(self.market.desk.book):
            self._tries += 1
            self._aim()
            self._send(SELL if lots > 0 else BUY, abs(lots))

    def words(self) -> str:
        """Say what is left."""
        of = self.market.instrument
        if self.left_lots is None:
            return "the position is not proven"
        return f"{of.size_base(self.left_lots)} {of.base} left"

    def _was_refused(self, code: Refusal) -> bool:
        return self._last_id != 0 and self.outbox.refused == (self._last_id, code)

    def _aim(self) -> None:
        """Reach further than with the last order; half as far, and never as far again, where the
        venue has refused that."""
        if self._was_refused(Refusal.PRICE_BAND):
            self._most_bps = self._reach_bps = self._reach_bps / 2
        elif self._last_id != 0:
            self._reach_bps = min(self._reach_bps * WIDER, self._most_bps)

    def _send(self, side: int, lots: int) -> None:
        lots = min(self._slice_lots(side, lots), self.market.limits.max_order_lots)
        self._last_id = self._next_id(side)
        self.outbox.place(self._last_id, side, self._worst_ticks(side), lots, IOC | REDUCE_ONLY)

    def _slice_lots(self, side: int, lots: int) -> int:
        """Return what the book offers within the reach; all where less than an order would stay."""
        desk = self.market.desk
        open_offer(self._offer, desk.book, side, self._reach_bps)
        take_best(self._offer, desk.book, side, lots)
        least = least_lots(desk, desk.book.best_bid_ticks)
        taken = max(self._offer.taken_lots, least)
        return taken if lots - taken >= least else lots

    def _worst_ticks(self, side: int) -> int:
        """Return the price at the reach beyond the touch, or at the collar from the mid where that
        is nearer: the order takes the best there is up to it."""
        book = self.market.desk.book
        half_ticks = book.best_bid_ticks + book.best_ask_ticks
        collar_ticks = int(self.market.limits.collar_bps * BPS_OF_HALF_TICKS * half_ticks)
        if side == BUY:
            reach_ticks = int(self._reach_bps * BPS * book.best_ask_ticks)
            return min(book.best_ask_ticks + reach_ticks, half_ticks // 2 + collar_ticks)
        reach_ticks = int(self._reach_bps * BPS * book.best_bid_ticks)
        nearest = (half_ticks + 1) // 2 - collar_ticks
        return max(1, book.best_bid_ticks - reach_ticks, nearest)

    def _next_id(self, side: int) -> int:
        """Return an id above every one that was used, of the slot of orders that take."""
        orders = self.market.desk.orders
        sequence = max(orders.sequence, self.outbox.last_client_id // ID_STRIDE) + 1
        return sequence * ID_STRIDE + orders.market_number * SLOTS + take_slot(side)

    def _end(self, why: str) -> None:
        self.is_over = True
        self.warn(self.clock.now_ns(), self.outbox.market, f"flatten: {why}; {self.words()}")
