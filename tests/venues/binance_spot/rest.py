"""Answer what anybody, and what an account, asks for; writes are carried out before the answer."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.venues.binance import rest_public
from tests.venues.binance.admission import floor_of
from tests.venues.binance.errors import NO_SUCH_ORDER, UNKNOWN_ORDER, Refused
from tests.venues.binance.rest_reads import found
from tests.venues.binance_spot import shapes
from tests.venues.binance_spot.admission import admitted
from tests.venues.bybit import orders
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.engine import cancel_everything
from tests.venues.bybit.markets import spelled
from tests.venues.bybit.matching import enter
from tests.venues.bybit.orders import Execution, Order

if TYPE_CHECKING:
    from tests.venues.binance_spot.venue import Venue

Words = Mapping[str, str]
Path = Callable[["Venue", Account, Words], Any]
MOST, USUAL = 1000, 500
DAY_MS = 86_400_000


def _markets(venue: "Venue", words: Words) -> Any:
    listed = [shapes.listing(floor.market) for floor in venue.exchange.floors.values()]
    now_ms = venue.exchange.now_ms
    return {"timezone": "UTC", "serverTime": now_ms, "rateLimits": [], "symbols": listed}


def _depth(venue: "Venue", words: Words) -> Any:
    told = rest_public.PATHS["/fapi/v1/depth"](venue, words)  # type: ignore[arg-type]
    return {key: told[key] for key in ("lastUpdateId", "bids", "asks")}


PATHS: dict[str, Callable[..., Any]] = {
    "/api/v3/time": rest_public.PATHS["/fapi/v1/time"],
    "/api/v3/exchangeInfo": _markets,
    "/api/v3/depth": _depth,
    "/api/v3/ticker/bookTicker": rest_public.PATHS["/fapi/v1/ticker/bookTicker"],
}


def _account(venue: "Venue", account: Account, words: Words) -> Any:
    rows = []
    for asset, held in venue.wallets.held(account.uid).items():
        locked = venue.wallets.locked(account, asset)
        rows.append({"asset": asset, "free": f"{held - locked:f}", "locked": f"{locked:f}"})
    return {
        "makerCommission": 10,
        "takerCommission": 10,
        "canTrade": venue.may_trade,
        "accountType": "SPOT",
        "balances": rows,
        "permissions": ["SPOT"],
        "uid": account.uid,
    }


def _fees(venue: "Venue", account: Account, words: Words) -> Any:
    rate = spelled(venue.wallets.fee_1e6, 6)
    none = {"maker": "0", "taker": "0", "buyer": "0", "seller": "0"}
    return {
        "symbol": floor_of(venue.exchange, words).market.symbol,
        "standardCommission": {**none, "maker": rate, "taker": rate},
        "specialCommission": none,
        "taxCommission": none,
        "discount": {
            "enabledForAccount": venue.wallets.in_bnb,
            "enabledForSymbol": True,
            "discountAsset": "BNB",
            "discount": "1.0",
        },
    }


def _order(venue: "Venue", account: Account, words: Words) -> Any:
    floor, order = floor_of(venue.exchange, words), found(account, words)
    if order is None or order.symbol != floor.market.symbol:
        raise Refused(NO_SUCH_ORDER)
    return shapes.order_row(floor.market, order)


def _open(venue: "Venue", account: Account, words: Words) -> Any:
    market = floor_of(venue.exchange, words).market
    return [shapes.order_row(market, order) for order in account.live_orders(market.symbol)]


def _all(venue: "Venue", account: Account, words: Words) -> Any:
    market = floor_of(venue.exchange, words).market
    mine = [o for o in account.orders.values() if o.symbol == market.symbol]
    named = sorted(mine, key=lambda order: order.number)
    return [shapes.order_row(market, order) for order in named[-_limit(words) :]]


def _trades(venue: "Venue", account: Account, words: Words) -> Any:
    market = floor_of(venue.exchange, words).market
    mine = [e for e in account.executions if e.symbol == market.symbol and e.kind == "Trade"]
    kept = _spanned(mine, words)
    return [shapes.trade_row(market, made, venue.wallets.fee(made)) for made in kept]


def _spanned(mine: list[Execution], words: Words) -> list[Execution]:
    """Return a page: from an id on, of a day, or the latest."""
    limit = _limit(words)
    if words.get("fromId"):
        return [e for e in mine if e.number >= int(words["fromId"])][:limit]
    if words.get("startTime"):
        first_ms, last_ms = int(words["startTime"]), int(words["endTime"])
        if last_ms - first_ms > DAY_MS:
            raise Refused(-1102)
        return [e for e in mine if first_ms <= e.at_ns // 1_000_000 <= last_ms][:limit]
    return mine[-limit:]


def _limit(words: Words) -> int:
    return min(MOST, int(words.get("limit", USUAL)))


def _create(venue: "Venue", account: Account, words: Words) -> Any:
    order = admitted(venue, account, words)
    account.remember(order)
    venue.round(partial(enter, venue.exchange, order))
    return shapes.order_row(_market(venue, order), order)


def _cancel(venue: "Venue", account: Account, words: Words) -> Any:
    floor, order = floor_of(venue.exchange, words), found(account, words)
    if order is None or not order.is_open or order.symbol != floor.market.symbol:
        raise Refused(UNKNOWN_ORDER)
    venue.round(partial(venue.exchange.end, order, orders.BY_USER))
    return shapes.cancelled_row(floor.market, order)


def _cancel_all(venue: "Venue", account: Account, words: Words) -> Any:
    market = floor_of(venue.exchange, words).market
    ended = account.live_orders(market.symbol)
    if not ended:
        raise Refused(UNKNOWN_ORDER)
    symbols, why = {market.symbol}, orders.BY_USER
    venue.round(partial(cancel_everything, venue.exchange, account.uid, why, symbols))
    return [shapes.cancelled_row(market, order) for order in ended]


def _market(venue: "Venue", order: Order) -> Any:
    return venue.exchange.floors[order.symbol].market


READS: dict[str, Path] = {
    "/api/v3/account": _account,
    "/api/v3/account/commission": _fees,
    "/api/v3/order": _order,
    "/api/v3/openOrders": _open,
    "/api/v3/allOrders": _all,
    "/api/v3/myTrades": _trades,
}
WRITES: dict[tuple[str, str], Path] = {
    ("POST", "/api/v3/order"): _create,
    ("DELETE", "/api/v3/order"): _cancel,
    ("DELETE", "/api/v3/openOrders"): _cancel_all,
}
