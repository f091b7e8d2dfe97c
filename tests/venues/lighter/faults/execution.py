"""Faults between the acknowledgement of a transaction and what comes of it."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tests.venues.lighter.errors import INVALID_EXPIRY
from tests.venues.lighter.execution import execute, new_order, target
from tests.venues.lighter.faults.hands import CROWD_NUMBER, fill
from tests.venues.lighter.matching import trade_with
from tests.venues.lighter.orders import Order
from tests.venues.lighter.unsigned import unsigned

if TYPE_CHECKING:
    from tests.venues.lighter.sequencer import Record
    from tests.venues.lighter.venue import Venue

VANISHED = 21732


@dataclass(frozen=True, slots=True)
class Vanish:
    """It was acknowledged, and nothing comes of it: no order is told, only `tx` knows."""

    error: int = VANISHED

    def execute(self, venue: "Venue", record: "Record") -> None:
        """Do nothing."""
        venue.sequencer.settle(record, self.error)


@dataclass(frozen=True, slots=True)
class RefuseLater:
    """An order was acknowledged, and is told as ended with this status."""

    status: str = "canceled-margin-not-allowed"

    def execute(self, venue: "Venue", record: "Record") -> None:
        """End the order before it begins."""
        tx, x = record.tx, venue.exchange
        index = x.next_index(tx.fields["MarketIndex"], bool(tx.fields["IsAsk"]))
        order = new_order(x, tx, index)
        x.accounts[tx.account].remember(order)
        x.end(order, self.status)
        venue.sequencer.settle(record, 0)


@dataclass(frozen=True, slots=True)
class Hold:
    """It is carried out much later, if its own deadline has not passed by then."""

    s: float = 30.0

    def execute(self, venue: "Venue", record: "Record") -> None:
        """Wait."""
        venue.agenda.after(self.s, lambda: self._later(venue, record))

    def _later(self, venue: "Venue", record: "Record") -> None:
        venue.sequencer.settle(record, execute(venue.exchange, record.tx))


@dataclass(frozen=True, slots=True)
class LoseNonce:
    """It fails, and its nonce counts as never used: whatever follows on the key is refused."""

    error: int = INVALID_EXPIRY

    def execute(self, venue: "Venue", record: "Record") -> None:
        """Take the nonce back."""
        tx = record.tx
        venue.exchange.accounts[tx.account].keys[tx.key].next_nonce = tx.nonce
        venue.sequencer.settle(record, self.error)


@dataclass(frozen=True, slots=True)
class FillDuring:
    """The order trades, a share of it, just before a cancel or a modify reaches it."""

    frac: float = 1.0

    def execute(self, venue: "Venue", record: "Record") -> None:
        """Let it trade, then go on."""
        x = venue.exchange
        order = target(x.accounts[record.tx.account], record.tx)
        if order is not None and order.is_open:
            fill(x, order, max(1, round(order.open_lots * self.frac)))
            venue.publisher.flush()
        venue.sequencer.settle(record, execute(x, record.tx))


@dataclass(frozen=True, slots=True)
class CancelThenFill:
    """A cancel is told as done, and a trade of that order comes after it."""

    frac: float = 1.0
    s: float = 1.0

    def execute(self, venue: "Venue", record: "Record") -> None:
        """Cancel it, and let it trade later all the same."""
        x = venue.exchange
        order = target(x.accounts[record.tx.account], record.tx)
        lots = order.open_lots if order is not None else 0
        venue.sequencer.settle(record, execute(x, record.tx))
        if order is not None and lots:
            late = partial(self._trade, venue, order, max(1, round(lots * self.frac)))
            venue.agenda.after(self.s, lambda: venue.round(late))

    def _trade(self, venue: "Venue", order: Order, lots: int) -> None:
        x = venue.exchange
        status, order.open_lots = order.status, lots
        taker = x.crowd_account(CROWD_NUMBER).index
        made = unsigned(x, order.market_id, taker, not order.is_ask, order.ticks, lots)
        trade_with(x, order, made)
        order.open_lots, order.status = 0, status
