"""Read the account's messages of Binance's USD-M futures.

An order and its trade come in one message. Trades that are read later do not name our id: which
order has which is remembered from every message and read that says so (`Names`).
"""

from typing import Any

from connectors.ccxt import binance_wire as wire
from connectors.ccxt.names import Names
from connectors.ccxt.told import told_as
from connectors.ccxt.units import decimal
from connectors.ccxt.words import Ended, OwnFill, OwnOrder, OwnPosition, Word
from connectors.model.account import Fee
from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    EXPIRED,
    FILLED,
    LIQUIDATION,
    MAKER,
    OUTCOME_UNKNOWN,
    REJECTED,
    SELL,
    TAKER,
)
from connectors.socket import Malformed

MS = 1_000_000
SIDES = {"BUY": BUY, "SELL": SELL}
OPEN = frozenset({"NEW", "PARTIALLY_FILLED"})
ENDS = {
    "FILLED": FILLED,
    "CANCELED": CANCELLED,
    "EXPIRED": EXPIRED,
    "EXPIRED_IN_MATCH": EXPIRED,
}
BY_VENUE = ("autoclose-", "adl_autoclose", "settlement_autoclose-")
"""How the ids of orders begin by which the venue closes a position ("Event: Order Update")."""


class BinanceWords:
    """The account's stream."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def private_word(self, message: Any) -> Word | None:
        """Return what a message says, None where it is of nothing that we follow."""
        if not isinstance(message, dict):
            return None
        match message.get("e"):
            case "ORDER_TRADE_UPDATE":
                return self._of_order(told_as(message, wire.OrderFrame).o)
            case "ACCOUNT_UPDATE":
                held = told_as(message, wire.AccountFrame).a.P
                return [of_position_event(each) for each in held]
            case "listenKeyExpired":
                return Ended("its key has expired")
            case _:
                return None

    def _of_order(self, event: wire.OrderEvent) -> list[OwnOrder | OwnFill]:
        self._names.note(event.s, event.i, event.c)
        said: list[OwnOrder | OwnFill] = []
        if not event.c.startswith(BY_VENUE):
            said.append(_order_of(event))
        if event.x in ("TRADE", "CALCULATED") and decimal(event.l):
            said.append(_fill_of(event))
        return said


def _order_of(event: wire.OrderEvent) -> OwnOrder:
    kind, code = kind_of(event.X)
    return OwnOrder(
        event.s,
        str(event.i),
        event.c,
        side_of(event.S),
        event.p,
        event.q,
        event.z,
        kind,
        code,
        event.T * MS,
        event.X,
    )


def _fill_of(event: wire.OrderEvent) -> OwnFill:
    fee = Fee(decimal(event.n), event.N) if event.n and event.N else None
    return own_fill(
        event.s, event.t, event.i, event.c, event.S, event.L, event.l, event.m, event.T, fee
    )


def own_order(row: wire.Order) -> OwnOrder:
    """Return an order that was read."""
    kind, code = kind_of(row.status)
    return OwnOrder(
        row.symbol,
        str(row.orderId),
        row.clientOrderId,
        side_of(row.side),
        row.price,
        row.origQty,
        row.executedQty,
        kind,
        code,
        row.updateTime * MS,
        row.status,
    )


def own_fill(
    symbol: str,
    trade_id: int,
    order_id: int,
    text: str,
    side: str,
    price: str,
    size: str,
    is_maker: bool,
    venue_ms: int,
    fee: Fee | None,
) -> OwnFill:
    """Return a trade; what the venue has closed by itself is of no order of ours."""
    is_ours = not text.startswith(BY_VENUE)
    role = (MAKER if is_maker else TAKER) if is_ours else LIQUIDATION
    return OwnFill(
        symbol,
        str(trade_id),
        str(order_id),
        text if is_ours else "",
        side_of(side),
        price,
        size,
        role,
        venue_ms,
        fee,
    )


def of_position_event(held: wire.PositionEvent) -> OwnPosition:
    """Return a position with what the stream says of it: no leverage, and no liquidation price."""
    is_one_way = held.ps == "BOTH"
    return OwnPosition(held.s, held.pa, held.ep, "", "", 0, is_one_way, tells_liquidation=False)


def own_position(row: wire.Position) -> OwnPosition:
    """Return a position that was read."""
    is_one_way = row.positionSide == "BOTH"
    return OwnPosition(
        row.symbol,
        row.positionAmt,
        row.entryPrice,
        row.leverage,
        row.liquidationPrice,
        0,
        is_one_way,
    )


def kind_of(status: str) -> tuple[int, int]:
    """Return the kind of account row that a status is, and the code of a refusal.

    What expires was accepted before: a post-only order that would take never is, and the venue ends
    all orders of a position that it is about to liquidate.
    """
    if status in OPEN:
        return ACCEPTED, 0
    if status in ENDS:
        return ENDS[status], 0
    return (REJECTED, Refusal.OTHER) if status == "REJECTED" else (OUTCOME_UNKNOWN, 0)


def side_of(text: str) -> int:
    """Return a side, or raise Malformed."""
    if text not in SIDES:
        raise Malformed(f"no side: {text[:20]!r}")
    return SIDES[text]
