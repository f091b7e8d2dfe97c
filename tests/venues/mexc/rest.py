"""Answer what anybody, and what an account, asks for; writes are carried out before the answer."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tests.stage.truth import Feed
from tests.venues.bybit import orders
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.engine import cancel_everything
from tests.venues.bybit.matching import enter
from tests.venues.bybit.orders import Order
from tests.venues.mexc import shapes
from tests.venues.mexc.admission import admitted, floor_of
from tests.venues.mexc.errors import NO_ID, NO_SUCH_ORDER, PARAM, UNKNOWN_ORDER, Refused

if TYPE_CHECKING:
    from tests.venues.mexc.venue import Venue

T = TypeVar("T")
Words = Mapping[str, str]
Path = Callable[["Venue", Account, Words], Any]
TRADES, ORDERS = 100, 1000
"""The longest pages."""
DAY_MS = 86_400_000


def _time(venue: "Venue", words: Words) -> Any:
    return {"serverTime": venue.exchange.now_ms}


def _markets(venue: "Venue", words: Words) -> Any:
    listed = [shapes.listing(floor.market) for floor in venue.exchange.floors.values()]
    now_ms = venue.exchange.now_ms
    return {"timezone": "CST", "serverTime": now_ms, "rateLimits": [], "symbols": listed}


def _depth(venue: "Venue", words: Words) -> Any:
    symbol = floor_of(venue.exchange, words).market.symbol
    feed = venue.publisher.feed(symbol)
    book = feed.snapshot(venue.exchange.now_ns)["data"]
    venue.truth.tell(Feed(venue.agenda.now_ns, symbol, True))
    version = venue.publisher.version(feed.update_id)
    return {"lastUpdateId": version, "bids": book["b"], "asks": book["a"]}


def _touch(venue: "Venue", words: Words) -> Any:
    floor = floor_of(venue.exchange, words)
    said: dict[str, Any] = {"symbol": floor.market.symbol}
    for name, side in (("bid", floor.book.bids), ("ask", floor.book.asks)):
        best = side.best_ticks
        said[f"{name}Price"] = floor.market.price(best) if best else None
        said[f"{name}Qty"] = floor.market.size(side.lots(best)) if best else None
    return said


PATHS: dict[str, Callable[..., Any]] = {
    "/api/v3/time": _time,
    "/api/v3/exchangeInfo": _markets,
    "/api/v3/depth": _depth,
    "/api/v3/ticker/bookTicker": _touch,
}


def _uid(venue: "Venue", account: Account, words: Words) -> Any:
    return {"uid": str(account.uid)}


def _account(venue: "Venue", account: Account, words: Words) -> Any:
    rows = []
    for asset, held in venue.wallets.held(account.uid).items():
        locked = venue.wallets.locked(account, asset)
        rows.append({"asset": asset, "free": f"{held - locked:f}", "locked": f"{locked:f}"})
    return {
        "canTrade": venue.may_trade,
        "canWithdraw": True,
        "canDeposit": True,
        "updateTime": None,
        "accountType": "SPOT",
        "balances": rows,
        "permissions": ["SPOT"],
    }


def _fees(venue: "Venue", account: Account, words: Words) -> Any:
    floor_of(venue.exchange, words)
    wallets = venue.wallets
    rates = (wallets.maker_1e6 / 1e6, wallets.taker_1e6 / 1e6)
    return _wrapped(venue, {"makerCommission": rates[0], "takerCommission": rates[1]})


def _deduction(venue: "Venue", account: Account, words: Words) -> Any:
    return _wrapped(venue, {"mxDeductEnable": venue.wallets.in_mx})


def _wrapped(venue: "Venue", data: Any) -> Any:
    return {"data": data, "code": 0, "msg": "success", "timestamp": venue.exchange.now_ms}


def found(account: Account, words: Words) -> Order | None:
    """Return the order that is named, by the venue's id or by the client's."""
    number, link = words.get("orderId"), words.get("origClientOrderId")
    if not number and not link:
        raise Refused(NO_ID)
    if number:
        return next((o for o in account.orders.values() if shapes.order_id(o) == number), None)
    return account.by_link.get(link or "")


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
    kept = _spanned(venue, mine, lambda o: o.created_ns, words, ORDERS, 7)
    return [shapes.order_row(market, order) for order in kept]


def _trades(venue: "Venue", account: Account, words: Words) -> Any:
    market = floor_of(venue.exchange, words).market
    mine = [e for e in account.executions if e.symbol == market.symbol and e.kind == "Trade"]
    kept = _spanned(venue, mine, lambda made: made.at_ns, words, TRADES, 30)
    return [shapes.trade_row(market, made, venue.wallets.fee(made)) for made in kept]


def _spanned(
    venue: "Venue",
    mine: Sequence[T],
    at_ns: Callable[[T], int],
    words: Words,
    most: int,
    days: int,
) -> list[T]:
    """Return the newest of a span, the newest first."""
    limit, now_ms = int(words.get("limit", most)), venue.exchange.now_ms
    first_ms = int(words.get("startTime", now_ms - days * DAY_MS))
    last_ms = int(words.get("endTime", now_ms))
    if limit > most or first_ms < now_ms - days * DAY_MS - 60_000:
        raise Refused(PARAM)
    kept = [each for each in mine if first_ms <= at_ns(each) // 1_000_000 <= last_ms]
    return sorted(kept, key=at_ns, reverse=True)[:limit]


def _create(venue: "Venue", account: Account, words: Words) -> Any:
    order = admitted(venue, account, words)
    account.remember(order)
    venue.round(partial(enter, venue.exchange, order))
    market = venue.exchange.floors[order.symbol].market
    return shapes.made_row(market, order, venue.exchange.now_ms)


def _cancel(venue: "Venue", account: Account, words: Words) -> Any:
    floor, order = floor_of(venue.exchange, words), found(account, words)
    if order is None or not order.is_open or order.symbol != floor.market.symbol:
        raise Refused(UNKNOWN_ORDER)
    venue.round(partial(venue.exchange.end, order, orders.BY_USER))
    return shapes.cancelled_row(floor.market, order)


def _cancel_all(venue: "Venue", account: Account, words: Words) -> Any:
    market = floor_of(venue.exchange, words).market
    ended, symbols = account.live_orders(market.symbol), {market.symbol}
    venue.round(partial(cancel_everything, venue.exchange, account.uid, orders.BY_USER, symbols))
    return [shapes.cancelled_row(market, order) for order in ended]


def _key(venue: "Venue", account: Account, words: Words) -> Any:
    return {"listenKey": venue.listen(account)}


def _keep(venue: "Venue", account: Account, words: Words) -> Any:
    return {"listenKey": venue.prolong(words.get("listenKey", ""))}


def _end(venue: "Venue", account: Account, words: Words) -> Any:
    return {"listenKey": venue.forget(words.get("listenKey", ""))}


READS: dict[str, Path] = {
    "/api/v3/uid": _uid,
    "/api/v3/account": _account,
    "/api/v3/tradeFee": _fees,
    "/api/v3/mxDeduct/enable": _deduction,
    "/api/v3/order": _order,
    "/api/v3/openOrders": _open,
    "/api/v3/allOrders": _all,
    "/api/v3/myTrades": _trades,
}
WRITES: dict[tuple[str, str], Path] = {
    ("POST", "/api/v3/order"): _create,
    ("DELETE", "/api/v3/order"): _cancel,
    ("DELETE", "/api/v3/openOrders"): _cancel_all,
    ("POST", "/api/v3/userDataStream"): _key,
    ("PUT", "/api/v3/userDataStream"): _keep,
    ("DELETE", "/api/v3/userDataStream"): _end,
}
