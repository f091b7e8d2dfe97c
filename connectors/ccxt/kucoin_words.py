"""Read the account's messages of KuCoin futures.

KuCoin futures, "Orders", "Positions" and "Balance" of the private channels. An order and its trade
come in one message, the trade without its fee: reads tell that. A trade's number is one of its
market alone, and both sides of a trade have it: with the order's it names one.
"""

from decimal import Decimal
from typing import Any

from connectors.ccxt import kucoin_wire as wire
from connectors.ccxt.kucoin_sent import Sent
from connectors.ccxt.told import told_as
from connectors.ccxt.units import decimal
from connectors.ccxt.words import Asked, Ended, OwnFill, OwnOrder, OwnPosition, OwnWallet, Word
from connectors.model.account import Fee
from connectors.model.events import (
    ACCEPTED,
    BUY,
    FILLED,
    LIQUIDATION,
    MAKER,
    OUTCOME_UNKNOWN,
    SELL,
    TAKER,
)
from connectors.socket import Malformed

ORDERS, POSITIONS, WALLET = (
    "/contractMarket/tradeOrders",
    "/contract/positionAll",
    "/contractAccount/wallet",
)
CHANNELS = (ORDERS, POSITIONS, WALLET)
SIDES = {"buy": BUY, "sell": SELL}
ROLES = {"maker": MAKER, "taker": TAKER}
OPEN = frozenset({"open", "match", "update"})
OURS = "trade"
"""The kind of trades that are orders' own; by all others the venue closes a position."""
SETTLED_IN = "USDT"
MS = 1_000_000
RANKS = 5
"""Of auto-deleveraging, by the share of positions that come later."""


class KucoinWords:
    """The account's stream."""

    def __init__(self, sent: Sent) -> None:
        self._sent = sent

    def private_word(self, message: Any) -> Word | None:
        """Return what a message says, None where it is of nothing that we follow."""
        if not isinstance(message, dict):
            return None
        frame = told_as(message, wire.Frame)
        match frame.type:
            case "ack":
                return Asked(frame.id)
            case "error":
                return Ended(f"refused: {str(frame.data)[:160]}")
            case "message":
                return self._news(frame)
            case _:
                return None

    def _news(self, frame: wire.Frame) -> Word | None:
        match frame.topic.partition(":")[0]:
            case "/contractMarket/tradeOrders":
                return self._of_order(told_as(frame.data, wire.OrderEvent))
            case "/contract/positionAll" | "/contract/position":
                return _of_position(frame)
            case "/contractAccount/wallet":
                return _of_wallet(told_as(frame.data, wire.WalletEvent))
            case _:
                return None

    def _of_order(self, event: wire.OrderEvent) -> list[OwnOrder | OwnFill]:
        self._sent.names.note(event.symbol, event.orderId, event.clientOid)
        said: list[OwnOrder | OwnFill] = []
        if event.tradeType == OURS:
            said.append(self._order(event))
        if event.type == "match" and event.matchSize:
            said.append(self._fill(event))
        return said

    def _order(self, event: wire.OrderEvent) -> OwnOrder:
        kind, code = self._kind_of(event)
        return OwnOrder(
            event.symbol,
            event.orderId,
            event.clientOid,
            side_of(event.side),
            event.price,
            str(event.size),
            str(event.filledSize),
            kind,
            code,
            event.ts,
            event.type,
        )

    def _kind_of(self, event: wire.OrderEvent) -> tuple[int, int]:
        if event.type in OPEN:
            self._sent.rested(event.clientOid)
            return ACCEPTED, 0
        if event.type == "filled":
            return FILLED, 0
        if event.type in ("canceled", "cancel"):
            return self._sent.end(event.clientOid, event.filledSize)
        return OUTCOME_UNKNOWN, 0

    def _fill(self, event: wire.OrderEvent) -> OwnFill:
        trade_id, is_ours = f"{event.orderId}:{event.tradeId}", event.tradeType == OURS
        return OwnFill(
            event.symbol,
            trade_id,
            event.orderId,
            event.clientOid if is_ours else "",
            side_of(event.side),
            event.matchPrice,
            str(event.matchSize),
            role_of(event.liquidity) if is_ours else LIQUIDATION,
            self._sent.heard(trade_id, event.ts // MS),
            None,
        )


def own_order(order: wire.Order, sent: Sent) -> OwnOrder:
    """Return an order that was read, and remember which of our ids it has."""
    text = order.clientOid or ""
    sent.names.note(order.symbol, order.id, text)
    kind, code = _kind_of(order, text, sent)
    words = (text, side_of(order.side), order.price, str(order.size), str(order.filled))
    stamp_ns = order.updatedAt * MS
    return OwnOrder(order.symbol, order.id, *words, kind, code, stamp_ns, order.status)


def _kind_of(order: wire.Order, text: str, sent: Sent) -> tuple[int, int]:
    if order.status == "open":
        return ACCEPTED, 0
    if order.status != "done":
        return OUTCOME_UNKNOWN, 0
    if order.filled >= order.size:
        return FILLED, 0
    return sent.end(text, order.filled)


def own_fill(row: wire.Trade, client_text: str, sent: Sent) -> OwnFill:
    """Return a trade that was read; what the venue has closed by itself is of no order of ours.

    Raises VenueError where the stream has told another moment of it.
    """
    trade_id, is_ours = f"{row.orderId}:{row.tradeId}", row.tradeType == OURS
    fee = Fee(decimal(row.fee), row.feeCurrency) if row.fee and row.feeCurrency else None
    return OwnFill(
        row.symbol,
        trade_id,
        row.orderId,
        client_text if is_ours else "",
        side_of(row.side),
        row.price,
        str(row.size),
        role_of(row.liquidity) if is_ours else LIQUIDATION,
        sent.agreed(trade_id, row.tradeTime // MS),
        fee,
    )


def own_position(held: wire.PositionEvent) -> OwnPosition:
    """Return a position. Raises Malformed for one without a size."""
    if held.currentQty is None:
        raise Malformed(f"{held.symbol[:40]}: a position without a size")
    leverage = held.leverage or held.realLeverage
    return OwnPosition(
        held.symbol,
        str(held.currentQty),
        _text(held.avgEntryPrice),
        _text(leverage),
        _text(held.liquidationPrice),
        min(RANKS, int(held.delevPercentage * RANKS) + 1) if held.currentQty else 0,
        held.positionSide == "BOTH",
    )


def _of_position(frame: wire.Frame) -> list[OwnPosition] | None:
    """Return a position where it was told whole."""
    if frame.subject != "position.change":
        return None
    held = told_as(frame.data, wire.PositionEvent)
    return None if held.currentQty is None else [own_position(held)]


def _of_wallet(told: wire.WalletEvent) -> list[OwnWallet] | None:
    """Return what the account is worth in the currency that contracts are settled in."""
    if told.equity is None or told.currency != SETTLED_IN:
        return None
    balances = {told.currency: decimal(told.walletBalance)}
    return [OwnWallet(decimal(told.equity), decimal(told.availableBalance), None, balances)]


def own_wallet(told: wire.Overview) -> OwnWallet:
    """Return what an account is worth, as it was read."""
    equity, available = (Decimal(str(n)) for n in (told.accountEquity, told.availableBalance))
    balances = {told.currency: Decimal(str(told.marginBalance))}
    return OwnWallet(equity, available, None, balances)


def side_of(text: str) -> int:
    """Return a side, or raise Malformed."""
    if text not in SIDES:
        raise Malformed(f"no side: {text[:20]!r}")
    return SIDES[text]


def role_of(text: str) -> int:
    """Return who made and who took, or raise Malformed."""
    if text not in ROLES:
        raise Malformed(f"no role: {text[:20]!r}")
    return ROLES[text]


def _text(number: float | None) -> str:
    return "" if number is None else f"{Decimal(str(number)):f}"
