"""Take orders, amendments and cancels, one by one and in batches."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.venues.bybit import errors, orders
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.admission import (
    admitted,
    check_price,
    check_size,
    floor_of,
    lots_of,
    ticks_of,
)
from tests.venues.bybit.engine import Command, cancel_everything
from tests.venues.bybit.errors import INVALID_PARAMETER, Refused
from tests.venues.bybit.markets import SETTLE
from tests.venues.bybit.orders import Order

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

Words = dict[str, Any]
Path = Callable[["Venue", Account, Words], Words]


def _create(venue: "Venue", account: Account, words: Words) -> Words:
    order = admitted(venue.exchange, account, venue.limits, words)
    venue.engine.take(Command("create", order))
    return _ids(order)


def _amend(venue: "Venue", account: Account, words: Words) -> Words:
    order = _target(venue, account, words, "order not exists or too late to replace")
    floor = venue.exchange.floors[order.symbol]
    ticks = ticks_of(floor, words["price"]) if _has(words, "price") else order.ticks
    lots = lots_of(floor, words["qty"]) if _has(words, "qty") else order.lots
    if (ticks, lots) == (order.ticks, order.lots):
        raise Refused(
            INVALID_PARAMETER,
            "The order remains unchanged as the parameters entered match the existing ones.",
        )
    if lots <= order.filled_lots:
        raise Refused(errors.BELOW_FILLED)
    _check_amended(venue, order, ticks, lots)
    venue.engine.take(Command("amend", order, ticks, lots))
    return _ids(order)


def _check_amended(venue: "Venue", order: Order, ticks: int, lots: int) -> None:
    """Refuse an amendment that no new order could be; the order itself stays as it is."""
    floor = venue.exchange.floors[order.symbol]
    was = order.ticks, order.lots
    order.ticks, order.lots = ticks, lots
    try:
        check_size(floor, order)
        check_price(floor, order)
    finally:
        order.ticks, order.lots = was


def _cancel(venue: "Venue", account: Account, words: Words) -> Words:
    order = _target(venue, account, words, errors.MESSAGES[errors.NO_ORDER])
    venue.engine.take(Command("cancel", order))
    return _ids(order)


def _cancel_all(venue: "Venue", account: Account, words: Words) -> Words:
    if words.get("category") not in ("linear", "inverse", "spot", "option"):
        raise Refused(INVALID_PARAMETER, "Illegal category")
    if not any(words.get(name) for name in ("symbol", "baseCoin", "settleCoin")):
        raise Refused(INVALID_PARAMETER, "symbol, baseCoin or settleCoin is required")
    symbols = _meant(venue, words) if words["category"] == "linear" else set()
    ended: list[Order] = []
    venue.round(
        lambda: ended.extend(
            cancel_everything(venue.exchange, account.uid, orders.BY_USER, symbols)
        )
    )
    return {"list": [_ids(order) for order in ended], "success": "1"}


def _meant(venue: "Venue", words: Words) -> set[str]:
    if words.get("symbol"):
        return {floor_of(venue.exchange, words).market.symbol}
    markets = [floor.market for floor in venue.exchange.floors.values()]
    if words.get("baseCoin"):
        return {market.symbol for market in markets if market.base == words["baseCoin"]}
    return {market.symbol for market in markets if words["settleCoin"] == SETTLE}


def _target(venue: "Venue", account: Account, words: Words, missing: str) -> Order:
    floor = floor_of(venue.exchange, words)
    order_id, link = str(words.get("orderId") or ""), str(words.get("orderLinkId") or "")
    if not (order_id or link):
        raise Refused(INVALID_PARAMETER, "OrderId or orderLinkId is required")
    order = account.find(order_id, link)
    if order is None or not order.is_open or order.symbol != floor.market.symbol:
        raise Refused(errors.NO_ORDER, missing)
    return order


def _has(words: Words, name: str) -> bool:
    return words.get(name) not in (None, "", "0")


def _ids(order: Order) -> Words:
    return {"orderId": order.order_id, "orderLinkId": order.link_id}


def told(kind: str, path: Path) -> Path:
    """Write down in the truth log what was asked for, and whether it was refused."""

    def judged(venue: "Venue", account: Account, words: Words) -> Words:
        code = 0
        try:
            result = path(venue, account, words)
        except Refused as refused:
            code = refused.code
            raise
        finally:
            venue.chronicle.asked(kind, account.uid, words, code)
        return result

    return judged


def batched(path: Path) -> Path:
    """Do several of one kind; each has its own code, and none keeps another back."""

    def each(venue: "Venue", account: Account, words: Words) -> Words:
        asked = words.get("request")
        if not isinstance(asked, list) or not asked:
            raise Refused(INVALID_PARAMETER, "request is required")
        if len(asked) > venue.limits.batch:
            raise Refused(INVALID_PARAMETER, "The number of orders in a batch exceeds the limit")
        rows, codes = [], []
        for one in asked:
            row, code = _one(venue, account, path, words, one)
            rows.append(row)
            codes.append(code)
        return {"list": rows, "retExtInfo": {"list": codes}}

    return each


def _one(
    venue: "Venue", account: Account, path: Path, words: Words, one: object
) -> tuple[Words, Words]:
    given: Words = one if isinstance(one, dict) else {}
    row = {
        "category": words.get("category", ""),
        "symbol": given.get("symbol", ""),
        "orderId": given.get("orderId", ""),
        "orderLinkId": given.get("orderLinkId", ""),
    }
    try:
        made = path(venue, account, {**given, "category": words.get("category")})
    except Refused as refused:
        return row, {"code": refused.code, "msg": refused.message}
    return {**row, **made, "createAt": str(venue.exchange.now_ms)}, {"code": 0, "msg": "OK"}


create, amend, cancel = told("create", _create), told("modify", _amend), told("cancel", _cancel)
WRITES: dict[str, Path] = {
    "/v5/order/create": create,
    "/v5/order/amend": amend,
    "/v5/order/cancel": cancel,
    "/v5/order/cancel-all": told("cancel_all", _cancel_all),
    "/v5/order/create-batch": batched(create),
    "/v5/order/amend-batch": batched(amend),
    "/v5/order/cancel-batch": batched(cancel),
}
OPS = {
    "order.create": "/v5/order/create",
    "order.amend": "/v5/order/amend",
    "order.cancel": "/v5/order/cancel",
    "order.create-batch": "/v5/order/create-batch",
    "order.amend-batch": "/v5/order/amend-batch",
    "order.cancel-batch": "/v5/order/cancel-batch",
}
"""Operations of the trading stream by their path."""
