"""Answer what anybody may ask of markets and of accounts: each question is a body."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Floor
from tests.venues.bybit.margin import worth
from tests.venues.bybit.markets import spelled
from tests.venues.bybit.orders import Order
from tests.venues.hyperliquid import errors, shapes
from tests.venues.hyperliquid.errors import Denied
from tests.venues.hyperliquid.keys import address_of

if TYPE_CHECKING:
    from tests.venues.hyperliquid.venue import Venue

Words = Mapping[str, Any]
MOST_ROWS = 2000
MOST_ENDED = 2000


def _status(venue: "Venue", words: Words) -> Any:
    return {"specialStatuses": None, "time": venue.exchange.now_ms}


def _meta(venue: "Venue", words: Words) -> Any:
    return shapes.meta(venue.exchange)


def _contexts(venue: "Venue", words: Words) -> Any:
    floors = venue.exchange.floors.values()
    return [shapes.meta(venue.exchange), [shapes.context(floor) for floor in floors]]


def _book(venue: "Venue", words: Words) -> Any:
    return shapes.book(_floor(venue, words), venue.exchange.now_ms)


def _role(venue: "Venue", words: Words) -> Any:
    address = str(words.get("user")).lower()
    account = venue.guard.find(address)
    if account is None:
        return {"role": "missing"}
    own = address_of(account.uid)
    if address == own:
        return {"role": "user"}
    return {"role": "agent", "data": {"user": own}}


def _quota(venue: "Venue", words: Words) -> Any:
    return {"cumVlm": "0.0", "nRequestsUsed": venue.used, "nRequestsCap": venue.setup.quota}


def _floor(venue: "Venue", words: Words) -> Floor:
    floor = venue.exchange.floors.get(str(words.get("coin")))
    if floor is None:
        raise Denied(errors.NOT_READ, 422)
    return floor


PUBLIC: dict[str, Callable[["Venue", Words], Any]] = {
    "exchangeStatus": _status,
    "meta": _meta,
    "metaAndAssetCtxs": _contexts,
    "l2Book": _book,
    "userRole": _role,
    "userRateLimit": _quota,
}


def _state(venue: "Venue", account: Account, words: Words) -> Any:
    return shapes.state(venue.exchange, account, worth(venue.exchange, account))


def _open(venue: "Venue", account: Account, words: Words) -> Any:
    rows = [shapes.order_row(_market(venue, o), o) for o in reversed(account.live_orders())]
    return rows


def _ended(venue: "Venue", account: Account, words: Words) -> Any:
    latest = sorted(account.orders.values(), key=lambda order: -order.updated_ns)
    return [shapes.update_row(_market(venue, o), o) for o in latest[:MOST_ENDED]]


def _order(venue: "Venue", account: Account, words: Words) -> Any:
    wanted = words.get("oid")
    order = account.by_link.get(str(wanted)) if isinstance(wanted, str) else None
    if isinstance(wanted, int):
        order = next((o for o in account.orders.values() if o.number == wanted), None)
    if order is None:
        return {"status": "unknownOid"}
    return {"status": "order", "order": shapes.update_row(_market(venue, order), order)}


def _fills(venue: "Venue", account: Account, words: Words) -> Any:
    rows = [
        shapes.fill_row(venue.exchange.floors[e.symbol].market, e, account.uid)
        for e in account.executions
        if e.kind != "Funding"
    ]
    return _page(venue, rows, words)


def _funding(venue: "Venue", account: Account, words: Words) -> Any:
    rows = [shapes.funding_row(e) for e in account.executions if e.kind == "Funding"]
    return _page(venue, rows, words)


def _page(venue: "Venue", rows: list[dict[str, Any]], words: Words) -> Any:
    """Return the rows of a span, the oldest first, and no more than a page has."""
    begin, end = int(words.get("startTime", 0)), int(words.get("endTime", 1 << 62))
    kept = [row for row in rows if begin <= row["time"] <= end]
    return kept[: venue.most_rows or MOST_ROWS]


def _fees(venue: "Venue", account: Account, words: Words) -> Any:
    vip = account.vip
    rates = {"userCrossRate": spelled(vip.taker_1e6, 6), "userAddRate": spelled(vip.maker_1e6, 6)}
    return {"dailyUserVlm": [], "activeReferralDiscount": "0.0", **rates}


def _chosen(venue: "Venue", account: Account, words: Words) -> Any:
    symbol = _floor(venue, words).market.symbol
    mine = {"user": address_of(account.uid), "coin": symbol}
    return {**mine, "leverage": shapes.leverage_row(account, symbol)}


def _market(venue: "Venue", order: Order) -> Any:
    return venue.exchange.floors[order.symbol].market


OWN: dict[str, Callable[["Venue", Account, Words], Any]] = {
    "clearinghouseState": _state,
    "frontendOpenOrders": _open,
    "openOrders": _open,
    "historicalOrders": _ended,
    "orderStatus": _order,
    "userFillsByTime": _fills,
    "userFunding": _funding,
    "userFees": _fees,
    "activeAssetData": _chosen,
}
