"""Carry out actions: what becomes of each order of a batch its answer says."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.venues.bybit import orders
from tests.venues.bybit.accounts import CROSS, ISOLATED, Account
from tests.venues.bybit.engine import Command
from tests.venues.bybit.orders import Order
from tests.venues.hyperliquid import errors
from tests.venues.hyperliquid.admission import admitted, floor_of
from tests.venues.hyperliquid.errors import Denied, Refused
from tests.venues.hyperliquid.markets import short

if TYPE_CHECKING:
    from tests.venues.hyperliquid.venue import Venue

Words = Mapping[str, Any]
Told = dict[str, Any] | str
DONE: dict[str, Any] = {"status": "ok", "response": {"type": "default"}}


def came(action: Words) -> tuple[str, list[dict[str, Any]]]:
    """Return an action's kind and orders in the words of the truth log; the symbol is a number."""
    match action.get("type"):
        case "order":
            return "create", [_came_order(row) for row in action["orders"]]
        case "cancelByCloid":
            rows = action["cancels"]
            return "cancel", [{"symbol": r["asset"], "orderLinkId": r["cloid"]} for r in rows]
        case "cancel":
            rows = action["cancels"]
            return "cancel", [{"symbol": r["a"], "orderId": str(r["o"])} for r in rows]
        case _:
            return "", []


def _came_order(row: Words) -> dict[str, Any]:
    return {
        "symbol": row["a"],
        "orderLinkId": row.get("c") or "",
        "price": row["p"],
        "qty": row["s"],
        "side": "Buy" if row["b"] else "Sell",
        "type": row["t"]["limit"]["tif"],
        "reduceOnly": row["r"],
    }


def carried_out(venue: "Venue", account: Account, action: Words) -> dict[str, Any]:
    """Do what an action says; return the answer."""
    if "builder" in action:
        raise Denied(errors.BUILDER)
    match action.get("type"):
        case "order":
            return _each(venue, account, "order", action["orders"], _create)
        case "cancelByCloid" | "cancel":
            return _each(venue, account, "cancel", action["cancels"], _cancel)
        case "updateLeverage":
            return _leverage(venue, account, action)
        case "scheduleCancel":
            raise Denied(errors.NO_COUNTDOWN)
        case "noop":
            return DONE
        case _:
            raise Denied(errors.NOT_READ, 422)


def _each(
    venue: "Venue",
    account: Account,
    kind: str,
    rows: list[Words],
    one: Callable[["Venue", Account, Words], Told],
) -> dict[str, Any]:
    statuses: list[Told] = []
    for row in rows:
        code = 0
        try:
            statuses.append(one(venue, account, row))
        except Refused as refused:
            code = 1
            statuses.append({"error": str(refused)})
        word, number = ("create", row.get("a")) if kind == "order" else ("cancel", None)
        asset = row.get("asset", row.get("a")) if number is None else number
        symbol = floor_of(venue.exchange, asset).market.symbol
        link = row.get("c") or row.get("cloid") or ""
        told = {"symbol": symbol, "orderLinkId": link, "orderId": str(row.get("o", "")), **row}
        venue.chronicle.asked(word, account.uid, told, code)
    return {"status": "ok", "response": {"type": kind, "data": {"statuses": statuses}}}


def _create(venue: "Venue", account: Account, words: Words) -> Told:
    order = admitted(venue.exchange, account, words)
    if order.link_id:
        account.used_links.add(order.link_id)
    venue.round(partial(venue.engine.run, Command("create", order)))
    number, market = words["a"], venue.exchange.floors[order.symbol].market
    if order.filled_lots and (not order.is_open or not order.open_lots):
        decimals = market.size_decimals
        average = order.filled_value // (order.filled_lots * market.unit)
        return {
            "filled": {
                "totalSz": short(order.filled_lots, decimals),
                "avgPx": short(average, market.tick_decimals),
                "oid": order.number,
            }
        }
    if order.is_open:
        return {"resting": {"oid": order.number, "cloid": order.link_id}}
    raise Refused(_why(venue, order).format(number))


def _why(venue: "Venue", order: Order) -> str:
    if order.reason == orders.POST_ONLY.reason:
        book, market = venue.exchange.floors[order.symbol].book, order.symbol
        decimals = venue.exchange.floors[market].market.tick_decimals
        best = [short(side.best_ticks or 0, decimals) for side in (book.bids, book.asks)]
        return errors.ALO.format("@".join(best), "{}")
    if order.cancel_type == orders.REDUCE_ONLY.cancel_type:
        return errors.REDUCE
    if order.cancel_type == orders.NO_MARGIN.cancel_type:
        return errors.MARGIN
    return errors.NOT_AT_ONCE


def _cancel(venue: "Venue", account: Account, words: Words) -> Told:
    if "cloid" in words:
        number, order = words["asset"], account.by_link.get(str(words["cloid"]))
    else:
        live = account.live_orders()
        number = words["a"]
        order = next((each for each in live if each.number == words["o"]), None)
    symbol = floor_of(venue.exchange, number).market.symbol
    if order is None or not order.is_open or order.symbol != symbol:
        raise Refused(errors.GONE.format(number))
    venue.round(partial(venue.engine.run, Command("cancel", order)))
    return "success"


def _leverage(venue: "Venue", account: Account, words: Words) -> dict[str, Any]:
    symbol = floor_of(venue.exchange, words.get("asset")).market.symbol
    lever = words.get("leverage")
    if not isinstance(lever, int) or not 1 <= lever <= 50:
        raise Denied("Invalid leverage value")
    account.leverage_1e2[symbol] = (100 * lever, 100 * lever)
    account.margin_mode = CROSS if words.get("isCross") else ISOLATED
    return DONE
