"""Take orders, amends, cancels and settings: each is carried out before it is answered."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.venues.binance import errors, shapes
from tests.venues.binance.admission import admitted, check_value, floor_of, lots_of, ticks_of
from tests.venues.binance.errors import Refused
from tests.venues.binance.rest_reads import found
from tests.venues.bybit import orders
from tests.venues.bybit.accounts import CROSS, ISOLATED, Account
from tests.venues.bybit.engine import Command, cancel_everything, carry_out
from tests.venues.bybit.matching import enter
from tests.venues.bybit.orders import Order

if TYPE_CHECKING:
    from tests.venues.binance.venue import Venue

Words = Mapping[str, str]
Path = Callable[["Venue", Account, Words], Any]
MODES = {"CROSSED": CROSS, "ISOLATED": ISOLATED}


def _create(venue: "Venue", account: Account, words: Words) -> Any:
    order = admitted(venue.exchange, account, words)
    account.remember(order)
    venue.round(partial(enter, venue.exchange, order))
    return _row(venue, order)


def _amend(venue: "Venue", account: Account, words: Words) -> Any:
    order, floor = _target(venue, account, words), floor_of(venue.exchange, words)
    if words.get("side") != shapes.side(order.is_ask):
        raise Refused(errors.MANDATORY)
    ticks, lots = ticks_of(floor, words.get("price")), lots_of(floor, words.get("quantity"))
    if (ticks, lots) == (order.ticks, order.lots):
        raise Refused(errors.SAME_ORDER)
    check_value(floor, order)
    if lots <= order.filled_lots:
        venue.round(partial(venue.exchange.end, order, orders.BY_USER))
    else:
        command = Command("amend", order, ticks, lots)
        venue.round(partial(carry_out, venue.exchange, command))
    return _row(venue, order)


def _cancel(venue: "Venue", account: Account, words: Words) -> Any:
    order = _target(venue, account, words)
    venue.round(partial(venue.exchange.end, order, orders.BY_USER))
    return _row(venue, order)


def _cancel_all(venue: "Venue", account: Account, words: Words) -> Any:
    symbol = floor_of(venue.exchange, words).market.symbol
    uid, why = account.uid, orders.BY_USER
    venue.round(partial(cancel_everything, venue.exchange, uid, why, {symbol}))
    return {"code": 200, "msg": "The operation of cancel all open order is done."}


def _leverage(venue: "Venue", account: Account, words: Words) -> Any:
    symbol = floor_of(venue.exchange, words).market.symbol
    leverage = int(words.get("leverage", "0"))
    if not 1 <= leverage <= 125:
        raise Refused(errors.MANDATORY)
    account.leverage_1e2[symbol] = (100 * leverage, 100 * leverage)
    return {"symbol": symbol, "leverage": leverage, "maxNotionalValue": "50000000"}


def _margin(venue: "Venue", account: Account, words: Words) -> Any:
    wanted = MODES.get(words.get("marginType", ""))
    if wanted is None:
        raise Refused(errors.MANDATORY)
    if wanted == account.margin_mode:
        raise Refused(errors.NO_NEED_TO_CHANGE_MARGIN)
    account.margin_mode = wanted
    return {"code": 200, "msg": "success"}


def _countdown(venue: "Venue", account: Account, words: Words) -> Any:
    symbol = floor_of(venue.exchange, words).market.symbol
    lasts_ms = int(words.get("countdownTime", "0"))
    venue.countdowns.pop((account.uid, symbol), None)
    if lasts_ms:
        due_ns = venue.agenda.now_ns + lasts_ms * 1_000_000
        venue.countdowns[account.uid, symbol] = due_ns
    return {"symbol": symbol, "countdownTime": str(lasts_ms)}


def _target(venue: "Venue", account: Account, words: Words) -> Order:
    floor, order = floor_of(venue.exchange, words), found(account, words)
    if order is None or not order.is_open or order.symbol != floor.market.symbol:
        raise Refused(errors.UNKNOWN_ORDER)
    return order


def _row(venue: "Venue", order: Order) -> Any:
    return shapes.order_row(venue.exchange.floors[order.symbol].market, order)


WRITES: dict[tuple[str, str], Path] = {
    ("POST", "/fapi/v1/order"): _create,
    ("PUT", "/fapi/v1/order"): _amend,
    ("DELETE", "/fapi/v1/order"): _cancel,
    ("DELETE", "/fapi/v1/allOpenOrders"): _cancel_all,
    ("POST", "/fapi/v1/leverage"): _leverage,
    ("POST", "/fapi/v1/marginType"): _margin,
    ("POST", "/fapi/v1/countdownCancelAll"): _countdown,
}
