"""Answer what anybody may ask, and what an account asks of itself."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.margin import held_of
from tests.venues.bybit.markets import spelled
from tests.venues.bybit.orders import Execution, Order
from tests.venues.okx import shapes
from tests.venues.okx.admission import floor_of
from tests.venues.okx.errors import NO_ORDER, Refused

if TYPE_CHECKING:
    from tests.venues.okx.venue import Venue

Words = Mapping[str, str]
Rows = list[dict[str, Any]]
MOST = 100
DAY_MS = 86_400_000
RECENT_MS = 3 * DAY_MS
FORGOTTEN_NS = 2 * 3_600_000_000_000
"""An order that was cancelled without a trade is known for so long."""


def _time(venue: "Venue", words: Words) -> Rows:
    return [{"ts": str(venue.exchange.now_ms)}]


def _listings(venue: "Venue", words: Words) -> Rows:
    return [shapes.listing(floor.market) for floor in venue.exchange.floors.values()]


def _book(venue: "Venue", words: Words) -> Rows:
    floor, depth = floor_of(venue.exchange, words), int(words.get("sz", "1"))
    sides = {"bids": floor.book.bids, "asks": floor.book.asks}
    levels = {k: shapes.levels(floor.market, side.levels(depth)) for k, side in sides.items()}
    return [{**levels, "ts": str(venue.exchange.now_ms)}]


def _funding(venue: "Venue", words: Words) -> Rows:
    return [shapes.funding_row(floor_of(venue.exchange, words))]


def _mark(venue: "Venue", words: Words) -> Rows:
    return [shapes.mark_row(floor_of(venue.exchange, words), venue.exchange.now_ms)]


PUBLIC: dict[str, Callable[["Venue", Words], Rows]] = {
    "/api/v5/public/time": _time,
    "/api/v5/public/instruments": _listings,
    "/api/v5/market/books": _book,
    "/api/v5/public/funding-rate": _funding,
    "/api/v5/public/mark-price": _mark,
}


def _config(venue: "Venue", account: Account, words: Words) -> Rows:
    mode = "long_short_mode" if account.hedged else "net_mode"
    return [
        {
            "uid": str(account.uid),
            "mainUid": str(account.uid),
            "acctLv": "2",
            "posMode": mode,
            "perm": "read_only,trade",
            "level": account.vip.name,
        }
    ]


def _leverage(venue: "Venue", account: Account, words: Words) -> Rows:
    symbol = floor_of(venue.exchange, words).market.symbol
    lever = shapes.leverage(account, symbol)
    mode = words.get("mgnMode", "")
    return [{"instId": symbol, "mgnMode": mode, "posSide": "net", "lever": lever}]


def _fees(venue: "Venue", account: Account, words: Words) -> Rows:
    vip = account.vip
    maker, taker = spelled(-vip.maker_1e6, 6), spelled(-vip.taker_1e6, 6)
    return [
        {
            "instType": "SWAP",
            "level": vip.name,
            "maker": maker,
            "taker": taker,
            "makerU": maker,
            "takerU": taker,
            "makerUSDC": "",
            "takerUSDC": "",
            "ts": str(venue.exchange.now_ms),
        }
    ]


def _positions(venue: "Venue", account: Account, words: Words) -> Rows:
    exchange, wanted = venue.exchange, words.get("instId")
    return [
        shapes.position_row(
            exchange.floors[symbol], account, held_of(exchange, account, symbol, held)
        )
        for (symbol, _), held in account.positions.items()
        if held.lots and wanted in (None, symbol)
    ]


def found(account: Account, words: Mapping[str, Any]) -> Order | None:
    """Return the order that is named, by the venue's id or by the client's."""
    number = str(words.get("ordId") or "")
    if number:
        return next((o for o in account.orders.values() if str(o.number) == number), None)
    return account.by_link.get(str(words.get("clOrdId") or ""))


def _order(venue: "Venue", account: Account, words: Words) -> Rows:
    order = found(account, words)
    if order is None or order.symbol != words.get("instId") or _is_forgotten(venue, order):
        raise Refused(NO_ORDER)
    return [_row(venue, account, order)]


def _is_forgotten(venue: "Venue", order: Order) -> bool:
    is_empty = not order.is_open and not order.filled_lots
    return is_empty and order.updated_ns < venue.exchange.now_ns - FORGOTTEN_NS


def _open(venue: "Venue", account: Account, words: Words) -> Rows:
    live = sorted(account.live_orders(words.get("instId")), key=lambda order: -order.number)
    rows = [_row(venue, account, order) for order in live]
    return _page(venue, rows, words, "ordId")


def _ended(venue: "Venue", account: Account, words: Words) -> Rows:
    over = [o for o in account.orders.values() if not o.is_open and not _is_forgotten(venue, o)]
    mine = [o for o in over if o.symbol == words.get("instId")]
    mine.sort(key=lambda order: -order.number)
    return _page(venue, [_row(venue, account, order) for order in mine], words, "ordId")


def _fills(venue: "Venue", account: Account, words: Words) -> Rows:
    return _trades(venue, account, words, venue.exchange.now_ms - RECENT_MS)


def _old_fills(venue: "Venue", account: Account, words: Words) -> Rows:
    return _trades(venue, account, words, 0)


def _trades(venue: "Venue", account: Account, words: Words, since_ms: int) -> Rows:
    made = [e for e in account.executions if e.kind != "Funding"]
    kept = _since(made, words, since_ms)
    rows = [shapes.fill_row(venue.exchange.floors[e.symbol].market, e) for e in kept]
    return _page(venue, rows, words, "billId")


def _bills(venue: "Venue", account: Account, words: Words) -> Rows:
    paid = [e for e in account.executions if e.kind == "Funding"]
    return _page(venue, [shapes.bill_row(e) for e in _since(paid, words, 0)], words, "billId")


def _since(made: list[Execution], words: Words, since_ms: int) -> list[Execution]:
    """Return what is of a market and not too old, the newest first."""
    begin_ms = max(since_ms, int(words.get("begin") or 0))
    kept = [e for e in made if e.symbol == words["instId"] and e.at_ns >= begin_ms * 1_000_000]
    return kept[::-1]


def _page(venue: "Venue", rows: Rows, words: Words, number: str) -> Rows:
    """Return so many rows as a page may have, of those that came before the one that is named."""
    after = words.get("after")
    older = [row for row in rows if not after or int(row[number]) < int(after)]
    return older[: min(MOST, venue.most_rows or MOST, int(words.get("limit") or MOST))]


def _row(venue: "Venue", account: Account, order: Order) -> dict[str, Any]:
    return shapes.order_row(venue.exchange.floors[order.symbol].market, order, account)


OWN: dict[str, Callable[["Venue", Account, Words], Rows]] = {
    "/api/v5/account/config": _config,
    "/api/v5/account/leverage-info": _leverage,
    "/api/v5/account/trade-fee": _fees,
    "/api/v5/account/positions": _positions,
    "/api/v5/account/bills": _bills,
    "/api/v5/account/bills-archive": _bills,
    "/api/v5/trade/order": _order,
    "/api/v5/trade/orders-pending": _open,
    "/api/v5/trade/orders-history": _ended,
    "/api/v5/trade/fills": _fills,
    "/api/v5/trade/fills-history": _old_fills,
}
