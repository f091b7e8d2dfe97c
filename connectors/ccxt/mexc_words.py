"""Read the account's messages of MEXC spot: orders and trades come in channels of their own."""

from collections.abc import Mapping
from typing import Any

from connectors.ccxt import mexc_wire as wire
from connectors.ccxt.binance_words import MS, side_of
from connectors.ccxt.names import Names
from connectors.ccxt.native.mexc import answered
from connectors.ccxt.native.speech import Confirmed, Denied
from connectors.ccxt.units import decimal
from connectors.ccxt.words import Asked, Ended, OwnFill, OwnOrder, Word
from connectors.model.account import Fee
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    FILLED,
    MAKER,
    OUTCOME_UNKNOWN,
    SELL,
    TAKER,
)
from connectors.socket import Malformed

ORDERS, DEALS = "spot@private.orders.v3.api.pb", "spot@private.deals.v3.api.pb"
CHANNELS = (ORDERS, DEALS)
STATUSES = {1: "NEW", 2: "FILLED", 3: "PARTIALLY_FILLED", 4: "CANCELED", 5: "PARTIALLY_CANCELED"}
"""The stream's numbers in the words of reads."""
KINDS = {
    "NEW": ACCEPTED,
    "PARTIALLY_FILLED": ACCEPTED,
    "FILLED": FILLED,
    "CANCELED": CANCELLED,
    "PARTIALLY_CANCELED": CANCELLED,
}
SIDES: Mapping[int, int] = {1: BUY, 2: SELL}


class MexcWords:
    """The account's stream. An order's id of ours is remembered for trades that do not name it."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def private_word(self, message: Any) -> Word | None:
        """Return what a message says, None where it is of nothing that we follow."""
        if isinstance(message, dict):
            return _answer(message)
        if message.HasField("privateOrders"):
            return [self._order(message)]
        if message.HasField("privateDeals"):
            return [self._deal(message)]
        return None

    def _order(self, push: Any) -> OwnOrder:
        row = push.privateOrders
        self._names.note(push.symbol, row.id, row.clientId)
        status = STATUSES.get(row.status, f"number {row.status}")
        words = (row.clientId, _side(row.tradeType), row.price, row.quantity)
        filled, kind = row.cumulativeQuantity or "0", KINDS.get(status, OUTCOME_UNKNOWN)
        at_ns = (push.sendTime or row.createTime) * MS
        return OwnOrder(push.symbol, row.id, *words, filled, kind, 0, at_ns, status)

    def _deal(self, push: Any) -> OwnFill:
        row = push.privateDeals
        text = row.clientOrderId or self._names.find(push.symbol, row.orderId) or ""
        fee = fee_of(row.feeAmount, row.feeCurrency)
        return own_fill(
            push.symbol,
            row.tradeId,
            row.orderId,
            text,
            _side(row.tradeType),
            row.price,
            row.quantity,
            row.isMaker,
            row.time,
            fee,
        )


def own_order(row: wire.Order) -> OwnOrder:
    """Return an order that was read; raise Malformed for one without a size."""
    size = row.origQty or row.Qty
    if size is None:
        raise Malformed(f"order {row.orderId} without a size")
    kind = KINDS.get(row.status, OUTCOME_UNKNOWN)
    words = (row.clientOrderId or "", side_of(row.side), row.price, size, row.executedQty)
    at_ns = (row.updateTime or row.time or 0) * MS
    return OwnOrder(row.symbol, row.orderId, *words, kind, 0, at_ns, row.status)


def own_trade(row: wire.Trade, text: str) -> OwnFill:
    """Return a trade that was read, of the order with an id."""
    fee = fee_of(row.commission, row.commissionAsset)
    side = BUY if row.isBuyer else SELL
    size = (row.price, row.qty, row.isMaker, row.time, fee)
    return own_fill(row.symbol, row.id, row.orderId, text, side, *size)


def own_fill(
    symbol: str,
    trade_id: str,
    order_id: str,
    text: str,
    side: int,
    price: str,
    size: str,
    is_maker: bool,
    venue_ms: int,
    fee: Fee | None,
) -> OwnFill:
    """Return a trade. It is numbered by order too: both sides of one may be ours."""
    role = MAKER if is_maker else TAKER
    number = f"{order_id}:{trade_id}"
    return OwnFill(symbol, number, order_id, text, side, price, size, role, venue_ms, fee)


def fee_of(amount: str | None, asset: str | None) -> Fee | None:
    """Return a fee, None where none is told."""
    return Fee(decimal(amount), asset) if amount and asset else None


def _answer(message: dict[str, Any]) -> Word | None:
    match answered(message):
        case Confirmed(channel=channel):
            return Asked(channel)
        case Denied(why=why):
            return Ended(f"refused: {why[:160]}")
        case _:
            return None


def _side(number: int) -> int:
    if number not in SIDES:
        raise Malformed(f"no side: {number}")
    return SIDES[number]
