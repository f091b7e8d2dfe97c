"""Answer what anybody may ask, and what an account asks of itself."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.margin import worth
from tests.venues.bybit.markets import ATOM, spelled
from tests.venues.bybit.orders import Execution, Order
from tests.venues.kucoin import shapes
from tests.venues.kucoin.admission import floor_of, mode_of
from tests.venues.kucoin.errors import NOT_EXIST, PARAMETER, Refused

if TYPE_CHECKING:
    from tests.venues.kucoin.venue import Venue

Words = Mapping[str, str]
Rows = list[dict[str, Any]]
MOST, USUAL = 1000, 50
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
PING_MS = 18_000


def _time(venue: "Venue", words: Words) -> Any:
    return venue.exchange.now_ms


def _listings(venue: "Venue", words: Words) -> Any:
    now_ms = venue.exchange.now_ms
    return [shapes.listing(floor, now_ms) for floor in venue.exchange.floors.values()]


def _listing(venue: "Venue", words: Words) -> Any:
    return shapes.listing(floor_of(venue.exchange, words), venue.exchange.now_ms)


def _book(venue: "Venue", words: Words) -> Any:
    return venue.publisher.snapshot(floor_of(venue.exchange, words).market.symbol)


def _ticker(venue: "Venue", words: Words) -> Any:
    floor = floor_of(venue.exchange, words)
    best = floor.book.bids.best_ticks, floor.book.asks.best_ticks
    bid, ask = ("" if ticks is None else floor.market.short(ticks) for ticks in best)
    return {"symbol": floor.market.symbol, "bestBidPrice": bid, "bestAskPrice": ask}


PUBLIC: dict[str, Callable[["Venue", Words], Any]] = {
    "/api/v1/timestamp": _time,
    "/api/v1/contracts/active": _listings,
    "/api/v1/contracts": _listing,
    "/api/v1/level2/snapshot": _book,
    "/api/v1/ticker": _ticker,
}


def bullet(venue: "Venue", uid: int = 0) -> Any:
    """Return a token, and where it opens a stream."""
    server = {
        "endpoint": "wss://elsewhere.invalid/endpoint",
        "encrypt": True,
        "protocol": "websocket",
        "pingInterval": PING_MS,
        "pingTimeout": 10_000,
    }
    return {"token": venue.guard.token(uid), "instanceServers": [server]}


def _key(venue: "Venue", account: Account, words: Words) -> Any:
    return {"uid": account.uid, "apiKey": "", "permission": venue.permission, "isMaster": True}


def _margin_mode(venue: "Venue", account: Account, words: Words) -> Any:
    symbol = floor_of(venue.exchange, words).market.symbol
    return {"symbol": symbol, "marginMode": mode_of(account)}


def _position_mode(venue: "Venue", account: Account, words: Words) -> Any:
    return {"positionMode": 1 if account.hedged else 0}


def _leverage(venue: "Venue", account: Account, words: Words) -> Any:
    symbol = floor_of(venue.exchange, words).market.symbol
    return {"symbol": symbol, "leverage": shapes.leverage(account, symbol)}


def _fees(venue: "Venue", account: Account, words: Words) -> Any:
    symbol, vip = floor_of(venue.exchange, words).market.symbol, account.vip
    maker, taker = spelled(vip.maker_1e6, 6), spelled(vip.taker_1e6, 6)
    return {"symbol": symbol, "makerFeeRate": maker, "takerFeeRate": taker}


def _position(venue: "Venue", account: Account, words: Words) -> Any:
    return venue.publisher.position(account.uid, floor_of(venue.exchange, words).market.symbol)


def _overview(venue: "Venue", account: Account, words: Words) -> Any:
    health = worth(venue.exchange, account)
    return {
        "currency": words.get("currency", "XBT"),
        "accountEquity": health.equity / ATOM,
        "unrealisedPNL": health.unrealized / ATOM,
        "marginBalance": health.wallet / ATOM,
        "availableBalance": health.available / ATOM,
    }


def found(account: Account, name: str, text: str) -> Order:
    """Return the order that is named, by the venue's id or by the client's."""
    order = account.by_link.get(text) if name == "clientOid" else None
    if name != "clientOid":
        order = next((o for o in account.orders.values() if str(o.number) == text), None)
    if order is None:
        raise Refused(PARAMETER, NOT_EXIST)
    return order


def _by_client(venue: "Venue", account: Account, words: Words) -> Any:
    return _row(venue, account, found(account, "clientOid", words.get("clientOid", "")))


def one(venue: "Venue", account: Account, number: str) -> Any:
    """Return an order by the venue's id."""
    return _row(venue, account, found(account, "orderId", number))


def _orders(venue: "Venue", account: Account, words: Words) -> Any:
    symbol, is_active = words.get("symbol"), words.get("status", "active") == "active"
    if is_active:
        kept = account.live_orders(symbol)
    else:
        kept = [o for o in account.orders.values() if not o.is_open and o.symbol == symbol]
    kept = sorted(kept, key=lambda order: -order.number)
    return _page(venue, [_row(venue, account, order) for order in kept], words)


def _fills(venue: "Venue", account: Account, words: Words) -> Any:
    now_ms = venue.exchange.now_ms
    start_ms = int(words.get("startAt") or now_ms - WEEK_MS)
    end_ms = int(words.get("endAt") or start_ms + WEEK_MS)
    if end_ms - start_ms > WEEK_MS:
        raise Refused(PARAMETER)
    rows = [_trade(venue, e) for e in _made(account, words, start_ms, end_ms, is_paid=False)]
    return _page(venue, rows, words)


def _recent(venue: "Venue", account: Account, words: Words) -> Any:
    now_ms = venue.exchange.now_ms
    made = _made(account, words, now_ms - DAY_MS, now_ms, is_paid=False)
    return [_trade(venue, each) for each in made[:MOST]]


def _payments(venue: "Venue", account: Account, words: Words) -> Any:
    span = int(words["startAt"]), int(words["endAt"])
    rows = [shapes.paid_row(each) for each in _made(account, words, *span, is_paid=True)]
    most = int(words.get("maxCount") or 10)
    return {"dataList": rows[:most], "hasMore": len(rows) > most}


def _made(
    account: Account, words: Words, start_ms: int, end_ms: int, is_paid: bool
) -> list[Execution]:
    """Return what was traded or paid in a span, the newest first."""
    of = [e for e in account.executions if (e.kind == "Funding") is is_paid]
    mine = [e for e in of if e.symbol == words["symbol"]]
    return [e for e in mine if start_ms <= e.at_ns // 1_000_000 <= end_ms][::-1]


def _page(venue: "Venue", rows: Rows, words: Words) -> Any:
    size = min(MOST, venue.most_rows or MOST, int(words.get("pageSize") or USUAL))
    number = int(words.get("currentPage") or 1)
    return {
        "currentPage": number,
        "pageSize": size,
        "totalNum": len(rows),
        "totalPage": -(-len(rows) // size),
        "items": rows[(number - 1) * size : number * size],
    }


def _row(venue: "Venue", account: Account, order: Order) -> dict[str, Any]:
    return shapes.order_row(venue.exchange.floors[order.symbol].market, order, account)


def _trade(venue: "Venue", made: Execution) -> dict[str, Any]:
    return shapes.fill_row(venue.exchange.floors[made.symbol].market, made)


OWN: dict[str, Callable[["Venue", Account, Words], Any]] = {
    "/api/v1/user/api-key": _key,
    "/api/v2/position/getMarginMode": _margin_mode,
    "/api/v2/position/getPositionMode": _position_mode,
    "/api/v2/getCrossUserLeverage": _leverage,
    "/api/v1/trade-fees": _fees,
    "/api/v1/position": _position,
    "/api/v1/account-overview": _overview,
    "/api/v1/orders/byClientOid": _by_client,
    "/api/v1/orders": _orders,
    "/api/v1/fills": _fills,
    "/api/v1/recentFills": _recent,
    "/api/v1/funding-history": _payments,
}
