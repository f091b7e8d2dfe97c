"""Read Bybit's messages: what ccxt would lose of them is kept."""

from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.ccxt import bybit_wire as wire
from connectors.ccxt.native import bybit_wire as public
from connectors.ccxt.told import told_as
from connectors.ccxt.words import (
    Answered,
    Asked,
    Book,
    OwnFill,
    OwnOrder,
    OwnPosition,
    OwnWallet,
    Print,
    Prints,
    Rates,
    Word,
)
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
DEPTH = 50
FUNDING = "Funding"

SIDES = {"Buy": BUY, "Sell": SELL}
OPEN = frozenset({"New", "PartiallyFilled", "Untriggered", "Triggered", "Active", "Created"})
CANCELS = frozenset({"Cancelled", "PartiallyFilledCanceled"})
REASONS = {
    "EC_PostOnlyWillTakeLiquidity": Refusal.POST_ONLY,
    "EC_ReachMaxPendingQty": Refusal.OTHER,
    "EC_InsufficientBalance": Refusal.INSUFFICIENT_MARGIN,
    "EC_NoEnoughQtyToFill": Refusal.OTHER,
    "EC_ReduceOnly": Refusal.REDUCE_ONLY,
    "EC_InvalidAmount": Refusal.MIN_SIZE,
}
"""Reasons that are refusals as long as nothing has been filled."""
BY_USER = frozenset({"", "CancelByUser", "CancelAllBeforeByUser", "UNKNOWN"})
LIQUIDATIONS = frozenset({"BustTrade", "AdlTrade", "Delivery", "Settle"})


class BybitWords:
    """Bybit's linear perpetuals."""

    def public_word(self, message: Any) -> Word | None:
        """Return what a message of the public stream says."""
        if not isinstance(message, dict):
            return None
        topic = message.get("topic")
        if not isinstance(topic, str):
            return _control(message)
        if topic.startswith("orderbook."):
            return _book(message)
        if topic.startswith("publicTrade."):
            return _prints(topic, message)
        if topic.startswith("tickers."):
            return _rates(message)
        return None

    def private_word(self, message: Any) -> Word | None:
        """Return what a message of the account's stream, or of that of orders, says."""
        if not isinstance(message, dict):
            return None
        match message.get("topic"):
            case "order":
                orders = told_as(message, wire.OrdersFrame).data
                return [own_order(order) for order in orders if order.category == "linear"]
            case "execution":
                fills = told_as(message, wire.ExecutionsFrame).data
                return [own_fill(e) for e in fills if is_fill(e)]
            case "position":
                held = told_as(message, wire.PositionsFrame).data
                return [own_position(p) for p in held if p.category == "linear"]
            case "wallet":
                return [own_wallet(each) for each in told_as(message, wire.WalletsFrame).data]
            case _:
                return _answered(message) or _control(message)

    def made_word(self, result: Any) -> None:
        """Leave what ccxt makes: the messages say more."""

    def forget(self) -> None:
        """Nothing is remembered."""

    def book_channel(self, symbol: str) -> str:
        """Return the channel of a market's book."""
        return f"orderbook.{DEPTH}.{symbol}"

    def ask_again(self, channel: str) -> list[Any]:
        """Return what leaves a channel and asks for it: one that is asked for twice is refused."""
        return [
            {"op": "unsubscribe", "args": [channel]},
            {"op": "subscribe", "args": [channel]},
        ]


def own_order(order: wire.Order) -> OwnOrder:
    """Return an order. A status that is not known is neither open nor over."""
    kind, code = _kind(order)
    return OwnOrder(
        order.symbol,
        order.orderId,
        order.orderLinkId,
        _side(order.side),
        order.price,
        order.qty,
        order.cumExecQty or "0",
        kind,
        code,
        _ms(order.updatedTime) * MS,
        order.orderStatus,
    )


def is_fill(execution: wire.Execution) -> bool:
    """Tell whether an execution has moved a position of ours."""
    return execution.category == "linear" and execution.execType != FUNDING


def own_fill(execution: wire.Execution) -> OwnFill:
    """Return a trade. What the venue has closed by itself is a LIQUIDATION, of no order of ours."""
    is_ours = execution.execType not in LIQUIDATIONS
    role = (MAKER if execution.isMaker else TAKER) if is_ours else LIQUIDATION
    return OwnFill(
        execution.symbol,
        execution.execId,
        execution.orderId,
        execution.orderLinkId if is_ours else "",
        _side(execution.side),
        execution.execPrice,
        execution.execQty,
        role,
        _ms(execution.execTime),
        fee_of(execution),
    )


def fee_of(execution: wire.Execution) -> Fee | None:
    """Return what a trade cost, None where that is not told. A linear one costs its settlement."""
    if not execution.execFee:
        return None
    currency = execution.feeCurrency or execution.feeCoin or _settled_in(execution.symbol)
    return Fee(decimal(execution.execFee), currency)


def own_position(position: wire.Position) -> OwnPosition:
    """Return a position with its sign."""
    size = position.size or "0"
    is_short = position.side == "Sell" and decimal(size) != 0
    # Reads tell `avgPrice`, the stream `entryPrice`.
    entry = next((p for p in (position.avgPrice, position.entryPrice) if p not in ("", "0")), "0")
    return OwnPosition(
        position.symbol,
        f"-{size}" if is_short else size,
        entry,
        position.leverage,
        position.liqPrice,
        position.adlRankIndicator,
        position.positionIdx == 0,
        _ms(position.updatedTime or "0"),
    )


def own_wallet(wallet: wire.Wallet) -> OwnWallet:
    """Return an account's money."""
    return OwnWallet(
        _number(wallet.totalEquity),
        _number(wallet.totalAvailableBalance),
        _number(wallet.totalMaintenanceMargin),
        {each.coin: decimal(each.walletBalance) for each in wallet.coin if each.walletBalance},
    )


def _number(text: str) -> Decimal | None:
    return decimal(text) if text else None


def _kind(order: wire.Order) -> tuple[int, int]:
    """Return the kind of account row that a status is, and the code of a refusal."""
    status = order.orderStatus
    has_filled = bool(float(order.cumExecQty or "0"))
    if status in OPEN:
        return ACCEPTED, 0
    if status == "Filled":
        return FILLED, 0
    if order.rejectReason in REASONS and not has_filled:
        return REJECTED, REASONS[order.rejectReason]
    if status == "Rejected":
        return (EXPIRED, 0) if has_filled else (REJECTED, Refusal.OTHER)
    if status in CANCELS:
        return CANCELLED if order.cancelType in BY_USER else EXPIRED, 0
    if status == "Deactivated":
        return EXPIRED, 0
    return OUTCOME_UNKNOWN, 0


def _book(message: dict[str, Any]) -> Book:
    frame = told_as(message, public.BookFrame)
    data = frame.data
    is_snapshot = frame.type == "snapshot" or data.u == 1
    venue_ns = (frame.cts or frame.ts) * MS
    return Book(data.s, is_snapshot, data.u, data.u - 1, data.b, data.a, venue_ns)


def _prints(topic: str, message: dict[str, Any]) -> Prints:
    trades = told_as(message, public.TradesFrame).data
    told = tuple(Print(t.i, t.S == "Buy", t.p, t.v, t.T * MS) for t in trades if not t.BT)
    return Prints(topic.rpartition(".")[2], told)


def _rates(message: dict[str, Any]) -> Rates:
    data = told_as(message, public.TickerFrame).data
    next_ms = None if data.nextFundingTime is None else _ms(data.nextFundingTime)
    hours = None if data.fundingIntervalHour is None else _ms(data.fundingIntervalHour)
    return Rates(data.symbol, data.markPrice, data.indexPrice, data.fundingRate, next_ms, hours)


def _control(message: dict[str, Any]) -> Asked | None:
    if message.get("op") == "subscribe" and message.get("success") is True:
        return Asked(str(message.get("req_id")))
    return None


def _answered(message: dict[str, Any]) -> Answered | None:
    if not str(message.get("op", "")).startswith("order."):
        return None
    code, text = str(message.get("retCode", "")), str(message.get("retMsg", ""))
    return Answered(str(message.get("reqId")), code, text, message)


def decimal(text: str) -> Decimal:
    """Return a finite decimal, or raise Malformed."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Malformed(f"no number: {text[:40]!r}") from None
    if not number.is_finite():
        raise Malformed(f"no number: {text[:40]!r}")
    return number


def _settled_in(symbol: str) -> str:
    return "USDC" if symbol.endswith(("PERP", "USDC")) else "USDT"


def _side(text: str) -> int:
    if text not in SIDES:
        raise Malformed(f"no side: {text[:20]!r}")
    return SIDES[text]


def _ms(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Malformed(f"no whole number: {text[:20]!r}")
    return int(text)
