"""Close one market's position after a kill: few orders, each at once, each only to reduce it.

It goes on only from a proven position: nothing open, trades and venue agreeing. So an order whose
fill was not heard is never repeated, and a venue that says there is nothing to reduce is believed.
"""

from dataclasses import dataclass

from connectors.model.account import Standing
from connectors.model.book import is_two_sided
from connectors.model.errors import Refusal
from connectors.model.events import BUY, IOC, REDUCE_ONLY, SELL
from connectors.model.orders import ID_STRIDE, SLOTS, take_slot
from runner.engine.clock import Clock
from runner.engine.outbox import LedgerOutbox
from runner.engine.warnings import Warn
from runner.engine.worker import Market
from strategies.units import nameable_ticks

TRIES = 3
"""Most orders in a row that reduce nothing."""
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
    _nearer: int = 0

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
            self._nearer += self._was_refused(Refusal.PRICE_BAND)
            self._send(SELL if lots > 0 else BUY, abs(lots))

    def words(self) -> str:
        """Say what is left."""
        of = self.market.instrument
        if self.left_lots is None:
            return "the position is not proven"
        return f"{of.size_base(self.left_lots)} {of.base} left"

    def _was_refused(self, code: Refusal) -> bool:
        return self._last_id != 0 and self.outbox.refused == (self._last_id, code)

    def _send(self, side: int, lots: int) -> None:
        lots = min(lots, self.market.limits.max_order_lots)
        self._last_id = self._next_id(side)
        self.outbox.place(self._last_id, side, self._worst_ticks(side), lots, IOC | REDUCE_ONLY)

    def _worst_ticks(self, side: int) -> int:
        """Return the price at the collar, or half as far away for each time that the venue has
        refused it as too far: the order takes the best there is up to it."""
        book = self.market.desk.book
        half_ticks = book.best_bid_ticks + book.best_ask_ticks
        collar_bps = self.market.limits.collar_bps / (1 << self._nearer)
        away_ticks = int(collar_bps * BPS_OF_HALF_TICKS * half_ticks)
        ticks = half_ticks // 2 + away_ticks
        if side == SELL:
            ticks = max(1, (half_ticks + 1) // 2 - away_ticks)
        return nameable_ticks(self.market.desk.params, side, ticks)

    def _next_id(self, side: int) -> int:
        """Return an id above every one that was used, of the slot of orders that take."""
        orders = self.market.desk.orders
        sequence = max(orders.sequence, self.outbox.last_client_id // ID_STRIDE) + 1
        return sequence * ID_STRIDE + orders.market_number * SLOTS + take_slot(side)

    def _end(self, why: str) -> None:
        self.is_over = True
        self.warn(self.clock.now_ns(), self.outbox.market, f"flatten: {why}; {self.words()}")
