"""Take orders, cancels and settings: what comes of an order, the account's stream tells later."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.accounts import CROSS, ISOLATED, Account
from tests.venues.bybit.engine import Command
from tests.venues.kucoin import errors
from tests.venues.kucoin.admission import admitted, floor_of, mode_of
from tests.venues.kucoin.errors import DONE, Refused

if TYPE_CHECKING:
    from tests.venues.kucoin.venue import Venue

Words = Mapping[str, Any]
MOST = 20


def create(venue: "Venue", account: Account, words: Words) -> dict[str, Any]:
    """Take an order."""
    code, number = DONE, ""
    try:
        order = admitted(venue.exchange, account, words)
        number = str(order.number)
        venue.engine.take(Command("create", order))
    except Refused as refused:
        code = refused.code
        raise
    finally:
        told = {"orderLinkId": words.get("clientOid"), **words}
        venue.chronicle.asked("create", account.uid, told, 0 if code == DONE else code)
    return {"orderId": number, "clientOid": words["clientOid"]}


def create_several(venue: "Venue", account: Account, asked: Any) -> list[dict[str, Any]]:
    """Take several, each with an answer of its own."""
    if not isinstance(asked, list) or not 0 < len(asked) <= MOST:
        raise Refused(errors.PARAMETER)
    return [_row(venue, account, words) for words in asked]


def _row(venue: "Venue", account: Account, words: Words) -> dict[str, Any]:
    named = {"clientOid": words.get("clientOid"), "symbol": words.get("symbol")}
    try:
        return {**create(venue, account, words), **named, "code": "200000", "msg": "success"}
    except Refused as refused:
        return {**named, "orderId": None, "code": str(refused.code), "msg": str(refused)}


def cancel(venue: "Venue", account: Account, symbol: str, link: str) -> dict[str, Any]:
    """Take a cancel."""
    order, code = account.by_link.get(link), 0
    if order is None or not order.is_open or order.symbol != symbol:
        code = errors.NOT_CANCELABLE
    told = {"symbol": symbol, "orderLinkId": link}
    venue.chronicle.asked("cancel", account.uid, told, code)
    if code or order is None:
        raise Refused(code)
    venue.engine.take(Command("cancel", order))
    return {"clientOid": link}


def cancel_all(venue: "Venue", account: Account, words: Words) -> dict[str, Any]:
    """Take a cancel of all that rests on a market."""
    live = account.live_orders(floor_of(venue.exchange, words).market.symbol)
    for order in live:
        venue.engine.take(Command("cancel", order))
    return {"cancelledOrderIds": [str(order.number) for order in live]}


def margin_mode(venue: "Venue", account: Account, words: Words) -> Any:
    """Set the margin mode of a market, which here is the account's."""
    if words.get("marginMode") not in ("CROSS", "ISOLATED"):
        raise Refused(errors.PARAMETER)
    if account.live_orders() or any(held.lots for held in account.positions.values()):
        raise Refused(errors.PARAMETER, "there are positions or orders")
    account.margin_mode = ISOLATED if words["marginMode"] == "ISOLATED" else CROSS
    return {"symbol": words["symbol"], "marginMode": mode_of(account)}


def leverage(venue: "Venue", account: Account, words: Words) -> Any:
    """Set the leverage of a market in cross margin."""
    symbol, lever = floor_of(venue.exchange, words).market.symbol, str(words.get("leverage"))
    if not lever.isdecimal() or not 1 <= int(lever) <= 100:
        raise Refused(errors.PARAMETER)
    account.leverage_1e2[symbol] = (100 * int(lever), 100 * int(lever))
    return True


SETTINGS = {
    "/api/v2/position/changeMarginMode": margin_mode,
    "/api/v2/changeCrossUserLeverage": leverage,
}
