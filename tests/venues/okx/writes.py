"""Take orders, amends, cancels and settings: what comes of an order, its market tells later."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.engine import Command
from tests.venues.bybit.orders import Order
from tests.venues.okx import errors
from tests.venues.okx.admission import admitted, check_price, floor_of, lots_of, ticks_of
from tests.venues.okx.errors import Refused
from tests.venues.okx.reads import found

if TYPE_CHECKING:
    from tests.venues.okx.venue import Venue

Words = Mapping[str, Any]
Rows = list[dict[str, Any]]
One = Callable[["Venue", Account, Words], Order]
MOST = 20
COUNTDOWN_S = range(10, 121)


def _create(venue: "Venue", account: Account, words: Words) -> Order:
    order = admitted(venue.exchange, account, words)
    venue.engine.take(Command("create", order))
    return order


def _amend(venue: "Venue", account: Account, words: Words) -> Order:
    order = _target(venue, account, words, errors.AMEND_TOO_LATE)
    floor = venue.exchange.floors[order.symbol]
    ticks = ticks_of(floor, words["newPx"]) if words.get("newPx") else order.ticks
    lots = lots_of(floor, words["newSz"]) if words.get("newSz") else order.lots
    if (ticks, lots) == (order.ticks, order.lots):
        raise Refused(errors.PARAMETER)
    if lots <= order.filled_lots:
        raise Refused(errors.AMEND_TOO_LATE)
    check_price(floor, order.is_ask, ticks)
    venue.engine.take(Command("amend", order, ticks, lots))
    return order


def _cancel(venue: "Venue", account: Account, words: Words) -> Order:
    order = _target(venue, account, words, errors.CANCEL_TOO_LATE)
    venue.engine.take(Command("cancel", order))
    return order


def _target(venue: "Venue", account: Account, words: Words, missing: int) -> Order:
    floor, order = floor_of(venue.exchange, words), found(account, words)
    if order is None or not order.is_open or order.symbol != floor.market.symbol:
        raise Refused(missing)
    return order


def each(kind: str, one: One, venue: "Venue", account: Account, asked: Any) -> tuple[int, Rows]:
    """Do one or several of a kind; return the code of them all, and a row for each."""
    bodies = asked if isinstance(asked, list) else [asked]
    if not bodies or len(bodies) > MOST:
        raise Refused(errors.PARAMETER)
    rows = [_row(kind, one, venue, account, body) for body in bodies]
    failed = sum(row["sCode"] != "0" for row in rows)
    if not failed:
        return 0, rows
    return errors.ALL_FAILED if failed == len(rows) else errors.SOME_FAILED, rows


def _row(kind: str, one: One, venue: "Venue", account: Account, body: Words) -> dict[str, Any]:
    code, number = 0, ""
    try:
        number = str(one(venue, account, body).number)
    except Refused as refused:
        code = refused.code
    said = errors.MESSAGES[code] if code else ""
    told = {"symbol": body.get("instId"), "orderLinkId": body.get("clOrdId"), **body}
    venue.chronicle.asked(kind, account.uid, told, code)
    link = str(body.get("clOrdId") or "")
    return {"clOrdId": link, "ordId": number, "tag": "", "sCode": str(code), "sMsg": said}


ORDERS: dict[str, tuple[str, One]] = {
    "/api/v5/trade/order": ("create", _create),
    "/api/v5/trade/batch-orders": ("create", _create),
    "/api/v5/trade/cancel-order": ("cancel", _cancel),
    "/api/v5/trade/cancel-batch-orders": ("cancel", _cancel),
    "/api/v5/trade/amend-order": ("modify", _amend),
    "/api/v5/trade/amend-batch-orders": ("modify", _amend),
}
"""What the order of a request is to the truth log, and what is done with it."""


def _leverage(venue: "Venue", account: Account, words: Words) -> Rows:
    symbol = floor_of(venue.exchange, words).market.symbol
    lever = int(words.get("lever", "0"))
    if not 1 <= lever <= 100:
        raise Refused(errors.PARAMETER)
    account.leverage_1e2[symbol] = (100 * lever, 100 * lever)
    return [{"instId": symbol, "lever": str(lever), "mgnMode": words.get("mgnMode")}]


def _countdown(venue: "Venue", account: Account, words: Words) -> Rows:
    seconds, now_ms = int(words.get("timeOut", "0")), venue.exchange.now_ms
    if seconds and seconds not in COUNTDOWN_S:
        raise Refused(errors.PARAMETER)
    venue.countdowns.pop(account.uid, None)
    if seconds:
        venue.countdowns[account.uid] = venue.agenda.now_ns + seconds * 1_000_000_000
    due_ms = now_ms + 1000 * seconds if seconds else 0
    return [{"triggerTime": str(due_ms), "tag": "", "ts": str(now_ms)}]


SETTINGS: dict[str, Callable[["Venue", Account, Words], Rows]] = {
    "/api/v5/account/set-leverage": _leverage,
    "/api/v5/trade/cancel-all-after": _countdown,
}
