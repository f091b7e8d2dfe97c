"""Read the account's messages of Hyperliquid: orders, trades, and what the account has.

Hyperliquid, "WebSocket: Subscriptions" and "Info endpoint: order statuses". Trades come apart from
their orders, with our id on each.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from connectors.ccxt import hyperliquid_wire as wire
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
ORDERS, FILLS, STATE = "orderUpdates", "userFills", "clearinghouseState"
CHANNELS = (ORDERS, FILLS, STATE)
SIDES = {"B": BUY, "A": SELL}
OPEN = frozenset({"open", "triggered"})
BY_USER = "canceled"
"""Every other end by the venue itself has more words before it."""
REFUSALS = {
    "badAloPxRejected": Refusal.POST_ONLY,
    "tickRejected": Refusal.PRICE_BAND,
    "oracleRejected": Refusal.PRICE_BAND,
    "minTradeNtlRejected": Refusal.MIN_SIZE,
    "perpMarginRejected": Refusal.INSUFFICIENT_MARGIN,
    "reduceOnlyRejected": Refusal.REDUCE_ONLY,
}
BY_VENUE = ("Liquidated", "Auto-Deleveraging", "Settlement")
"""How what a trade did is called where the venue made it by itself."""
FLAT = "0"
ONE_WAY = "oneWay"


class HyperliquidWords:
    """The account's stream. `symbols` are our markets: one that is not told is flat."""

    def __init__(self, address: str, symbols: Sequence[str]) -> None:
        self._address = address
        self._symbols = tuple(symbols)

    def private_word(self, message: Any) -> Word | None:
        """Return what a message says, None where it is ccxt's alone."""
        if not isinstance(message, dict):
            return None
        data = message.get("data")
        match message.get("channel"):
            case "orderUpdates":
                updates = told_as(data, list[wire.Update])
                return [own_order(each) for each in updates if not is_refusal(each.status)]
            case "userFills":
                told = told_as(data, wire.Fills)
                rows = [] if told.isSnapshot else told.fills
                return [own_fill(each, self._address) for each in rows]
            case "clearinghouseState":
                told_state = told_as(data, wire.StateOf)
                return [] if told_state.dex else self._of_state(told_state.clearinghouseState)
            case "subscriptionResponse":
                said = told_as(data, wire.Answer)
                return Asked(said.subscription.type) if said.method == "subscribe" else None
            case "error":
                return Ended(f"refused: {str(data)[:160]}")
            case _:
                return None

    def _of_state(self, state: wire.State) -> list[OwnPosition | OwnWallet]:
        held = {each.position.coin: each for each in state.assetPositions}
        positions = [position_of(symbol, held.get(symbol)) for symbol in self._symbols]
        return [*positions, own_wallet(state)]


def own_order(update: wire.Update, is_read: bool = False) -> OwnOrder:
    """Return an order. With `is_read` what is told is where it stands, and not a step of it."""
    order = update.order
    left, whole = decimal(order.sz), decimal(order.origSz)
    kind, code = kind_of(update.status, bool(left), is_read)
    return OwnOrder(
        order.coin,
        str(order.oid),
        order.cloid or "",
        _side(order.side),
        order.limitPx,
        order.origSz,
        f"{(whole - left).normalize():f}",
        kind,
        code,
        update.statusTimestamp * MS,
        update.status,
    )


def kind_of(status: str, is_left: bool, is_read: bool) -> tuple[int, int]:
    """Return the kind of account row that an order's status is, and the code of a refusal.

    A message may call an order filled that has only traded in part: where something is left of it
    nobody knows whether it rests, until it is read.
    """
    if status in OPEN:
        return ACCEPTED, 0
    if status == "filled":
        return (FILLED if not is_left else EXPIRED if is_read else OUTCOME_UNKNOWN), 0
    if status == BY_USER:
        return CANCELLED, 0
    if is_refusal(status):
        return REJECTED, REFUSALS.get(status, Refusal.OTHER)
    if status.endswith(("Canceled", "Cancel")):
        return EXPIRED, 0
    return OUTCOME_UNKNOWN, 0


def is_refusal(status: str) -> bool:
    """Tell whether an order never came to the book: what it was answered with says so, too, so the
    stream's word would be the second one."""
    return status.lower().endswith("rejected")


def own_fill(row: wire.Fill, address: str) -> OwnFill:
    """Return a trade of an account. One that the venue has made by itself is of no order of
    ours; the number of a trade is both sides', with the order's it is one of ours alone."""
    is_venues = row.dir.startswith(BY_VENUE) or (
        row.liquidation is not None and (row.liquidation.liquidatedUser or "").lower() == address
    )
    return OwnFill(
        row.coin,
        f"{row.oid}:{row.tid}",
        str(row.oid),
        "" if is_venues else row.cloid or "",
        _side(row.side),
        row.px,
        row.sz,
        LIQUIDATION if is_venues else TAKER if row.crossed else MAKER,
        row.time,
        Fee(decimal(row.fee), row.feeToken),
    )


def position_of(symbol: str, held: wire.Held | None) -> OwnPosition:
    """Return the position in a market: what is not told is flat."""
    if held is None:
        return OwnPosition(symbol, FLAT, "", "", "", 0, is_one_way=True)
    position = held.position
    return OwnPosition(
        symbol,
        position.szi,
        position.entryPx or "",
        str(position.leverage.value),
        position.liquidationPx or "",
        0,
        held.type == ONE_WAY,
    )


def own_wallet(state: wire.State) -> OwnWallet:
    """Return what an account is worth."""
    summary, kept = state.marginSummary, state.crossMaintenanceMarginUsed
    worth = decimal(summary.accountValue)
    free = decimal(state.withdrawable)
    maintenance = None if kept is None else decimal(kept)
    return OwnWallet(worth, free, maintenance, {"USDC": worth} if worth else {})


def bps_of(rate: str) -> Decimal:
    """Return a rate in bps."""
    return decimal(rate) * 10_000


def _side(text: str) -> int:
    if text not in SIDES:
        raise Malformed(f"no side: {text[:20]!r}")
    return SIDES[text]
