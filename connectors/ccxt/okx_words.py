"""Read the account's messages of OKX: an order and its last trade come in one row.

OKX v5, "Order channel", "Positions channel", "Account channel" and "Transaction details". A trade's
number is one of its market alone, and both sides of a trade have it: with the order's it names one.
"""

from decimal import Decimal
from typing import Any

from connectors.ccxt import okx_wire as wire
from connectors.ccxt.told import told_as
from connectors.ccxt.units import decimal
from connectors.ccxt.words import Asked, Ended, OwnFill, OwnOrder, OwnPosition, OwnWallet, Word
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
CHANNELS = ("orders", "positions", "account")
SETTLED_IN = "USDT"
SIDES = {"buy": BUY, "sell": SELL}
ROLES = {"M": MAKER, "T": TAKER}
OPEN = frozenset({"live", "partially_filled"})
OVER = frozenset({"canceled", "mmp_canceled"})
NORMAL = "normal"
BY_VENUE = frozenset({"full_liquidation", "partial_liquidation", "adl", "delivery"})
"""Categories of orders by which the venue closes a position."""
CLOSED_BY_VENUE = frozenset(
    {*map(str, range(100, 107 + 1)), "110", "112", "113", *map(str, range(125, 128 + 1))}
)
"""The same of trades that are read: liquidations, deliveries and deleveraging."""
WOULD_TAKE = "31"
"""The source of a cancel: a post-only order would have taken."""
BY_USER = frozenset({"", "1", "20"})
"""And those that are ours: a cancel, and the countdown."""


class OkxWords:
    """The account's stream, and that of orders."""

    def private_word(self, message: Any) -> Word | None:
        """Return what a message says, None where it is ccxt's alone."""
        if not isinstance(message, dict):
            return None
        if "event" in message:
            return _event(message)
        if "data" not in message or "arg" not in message:
            return None
        match told_as(message["arg"], wire.Arg).channel:
            case "orders":
                orders = told_as(message, wire.OrdersFrame).data
                return [said for order in orders for said in _of_order(order)]
            case "positions":
                return [own_position(each) for each in told_as(message, wire.PositionsFrame).data]
            case "account":
                return [own_wallet(each) for each in told_as(message, wire.WalletsFrame).data]
            case _:
                return None


def _event(message: dict[str, Any]) -> Word | None:
    match message["event"]:
        case "subscribe":
            return Asked(told_as(message.get("arg"), wire.Arg).channel)
        case "error" | "notice" | "channel-conn-count-error":
            return Ended(f"{message.get('code')} {str(message.get('msg'))[:160]}")
        case _:
            return None


def _of_order(order: wire.Order) -> list[OwnOrder | OwnFill]:
    said: list[OwnOrder | OwnFill] = []
    if order.category == NORMAL:
        said.append(own_order(order))
    if order.tradeId and order.fillSz and decimal(order.fillSz):
        said.append(_fill_of(order))
    return said


def own_order(order: wire.Order) -> OwnOrder:
    """Return an order."""
    kind, code = kind_of(order)
    return OwnOrder(
        order.instId,
        order.ordId,
        order.clOrdId,
        _side(order.side),
        order.px,
        order.sz,
        order.accFillSz or "0",
        kind,
        code,
        ms_of(order.uTime) * MS,
        order.state,
    )


def kind_of(order: wire.Order) -> tuple[int, int]:
    """Return the kind of account row that an order's state is, and the code of a refusal."""
    if order.state in OPEN:
        return ACCEPTED, 0
    if order.state == "filled":
        return FILLED, 0
    if order.state not in OVER:
        return OUTCOME_UNKNOWN, 0
    if order.cancelSource == WOULD_TAKE and not decimal(order.accFillSz or "0"):
        return REJECTED, Refusal.POST_ONLY
    return CANCELLED if order.cancelSource in BY_USER else EXPIRED, 0


def _fill_of(order: wire.Order) -> OwnFill:
    fee = Fee(-decimal(order.fillFee), order.fillFeeCcy) if order.fillFee else None
    return _fill(order, order.fillTime, order.category in BY_VENUE, fee)


def own_fill(row: wire.Fill) -> OwnFill:
    """Return a trade that was read."""
    fee = Fee(-decimal(row.fee), row.feeCcy) if row.fee else None
    return _fill(row, row.fillTime, row.subType in CLOSED_BY_VENUE, fee)


def _fill(row: wire.Order | wire.Fill, made_ms: str, is_venues: bool, fee: Fee | None) -> OwnFill:
    """Return a trade; what the venue has closed by itself is of no order of ours."""
    if row.execType not in ROLES:
        raise Malformed(f"no role: {row.execType[:20]!r}")
    return OwnFill(
        row.instId,
        f"{row.ordId}:{row.tradeId}",
        row.ordId,
        "" if is_venues else row.clOrdId,
        _side(row.side),
        row.fillPx,
        row.fillSz,
        LIQUIDATION if is_venues else ROLES[row.execType],
        ms_of(made_ms),
        fee,
    )


def own_position(row: wire.Position) -> OwnPosition:
    """Return a position."""
    return OwnPosition(
        row.instId,
        row.pos or "0",
        row.avgPx,
        row.lever,
        row.liqPx,
        int(row.adl) if row.adl.isdecimal() else 0,
        row.posSide == "net",
        ms_of(row.uTime) if row.uTime else 0,
    )


def own_wallet(wallet: wire.Wallet) -> OwnWallet:
    """Return what an account is worth: where each currency stands alone, that of the one in which
    contracts are settled."""
    balances = {each.ccy: decimal(each.cashBal) for each in wallet.details if each.cashBal}
    if wallet.adjEq:
        return OwnWallet(_told(wallet.adjEq), _told(wallet.availEq), _told(wallet.mmr), balances)
    own = next((each for each in wallet.details if each.ccy == SETTLED_IN), wire.Money(SETTLED_IN))
    return OwnWallet(_told(own.eq), _told(own.availEq), _told(own.mmr), balances)


def ms_of(text: str) -> int:
    """Return milliseconds, or raise Malformed."""
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Malformed(f"no time: {text[:40]!r}")
    return int(text)


def _told(text: str) -> Decimal | None:
    return decimal(text) if text else None


def _side(text: str) -> int:
    if text not in SIDES:
        raise Malformed(f"no side: {text[:20]!r}")
    return SIDES[text]
