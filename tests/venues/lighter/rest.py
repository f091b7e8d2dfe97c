"""Answer what the venue's REST interface is asked. Each function is one path."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.venues.common.http import Answer, Asked, said
from tests.venues.lighter import errors
from tests.venues.lighter.accounts import TIERS, Account
from tests.venues.lighter.errors import Refused
from tests.venues.lighter.exchange import Floor
from tests.venues.lighter.orders import Trade
from tests.venues.lighter.sequencer import row
from tests.venues.lighter.shapes import accounts, books, stats

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

Words = dict[str, Any]
PAGE = 100
ORDERS_PAGE = 250
HISTORY_PAGE = 100


def answer(venue: "Venue", asked: Asked) -> Answer:
    """Answer a request; raise Refused for one that cannot be."""
    operation = asked.path.rpartition("/")[2]
    if asked.path == "/":
        return said(_status(venue, asked))
    handler = PATHS.get((asked.method, operation))
    if handler is None:
        raise Refused(errors.MISSING, f"no such path: {asked.method} {asked.path}", 404)
    return said(handler(venue, asked))


def _status(venue: "Venue", asked: Asked) -> Words:
    return {"status": 200, "network_id": 1, "timestamp": venue.exchange.now_ms // 1_000}


def _info(venue: "Venue", asked: Asked) -> Words:
    return {"contract_address": "0x" + "0" * 40}


def _order_books(venue: "Venue", asked: Asked) -> Words:
    floors = _chosen(venue, asked)
    return {"code": 200, "order_books": [stats.order_book(f.market) for f in floors]}


def _details(venue: "Venue", asked: Asked) -> Words:
    rows = [stats.order_book_detail(floor) for floor in _chosen(venue, asked)]
    return {"code": 200, "order_book_details": rows, "spot_order_book_details": []}


def _book_orders(venue: "Venue", asked: Asked) -> Words:
    floor = _floor(venue, asked)
    most = _page(asked, ORDERS_PAGE)
    words: Words = {"code": 200}
    for name, side in (("asks", floor.book.asks), ("bids", floor.book.bids)):
        rows = [books.resting(floor.market, order) for order in side.orders()][:most]
        words |= {f"total_{name}": len(rows), name: rows}
    return words


def _recent_trades(venue: "Venue", asked: Asked) -> Words:
    floor = _floor(venue, asked)
    last = list(floor.trades)[-_page(asked, PAGE) :]
    return {"code": 200, "trades": [books.trade(floor.market, trade) for trade in reversed(last)]}


def _trades(venue: "Venue", asked: Asked) -> Words:
    """Page through an account's trades, by trade id or time, the newest first unless asked."""
    account = _owner(venue, asked)
    newest_first = asked.words.get("sort_dir", "desc") == "desc"
    rows = sorted(_of_market(account, asked), key=lambda t: t.trade_id, reverse=newest_first)
    most = _page(asked, PAGE)
    cursor = int(asked.words.get("cursor") or 0)
    after = int(asked.words.get("from") or -1)
    rows = [t for t in rows if t.trade_id > after]
    page = rows[cursor : cursor + most]
    spelled = [books.trade(venue.exchange.floors[t.market_id].market, t) for t in page]
    words: Words = {"code": 200, "trades": spelled}
    if cursor + most < len(rows):
        words["next_cursor"] = str(cursor + most)
    return words


def _of_market(account: Account, asked: Asked) -> list[Trade]:
    wanted = asked.words.get("market_id", "255")
    return [t for t in account.trades if wanted in ("255", "-1", str(t.market_id))]


def _account(venue: "Venue", asked: Asked) -> Words:
    if asked.words.get("by") != "index":
        raise Refused(errors.MISSING, "by is not supported")
    account = _known(venue, asked.words.get("value"))
    rows = [accounts.account_detail(venue.exchange, account)]
    return {"code": 200, "total": 1, "accounts": rows}


def _active(venue: "Venue", asked: Asked) -> Words:
    account = _owner(venue, asked)
    wanted = asked.words.get("market_id", "255")
    market_id = None if wanted in ("255", "-1") else int(wanted)
    return {"code": 200, "orders": _orders(venue, account.live_orders(market_id))}


def _inactive(venue: "Venue", asked: Asked) -> Words:
    account = _owner(venue, asked)
    wanted = asked.words.get("market_id", "255")
    ended = [o for o in account.orders.values() if not o.is_open]
    ended = [o for o in ended if wanted in ("255", "-1", str(o.market_id))]
    ended.sort(key=lambda order: order.updated_ns, reverse=True)
    most, cursor = _page(asked, HISTORY_PAGE), int(asked.words.get("cursor") or 0)
    words: Words = {"code": 200, "orders": _orders(venue, ended[cursor : cursor + most])}
    if cursor + most < len(ended):
        words["next_cursor"] = str(cursor + most)
    return words


def _by_client(venue: "Venue", asked: Asked) -> Words:
    account = _owner(venue, asked)
    wanted = [int(i) for i in asked.words.get("client_order_indexes", "").split(",") if i]
    found = [account.by_client[i] for i in wanted if i in account.by_client]
    return {"code": 200, "orders": _orders(venue, found)}


def _orders(venue: "Venue", rows: list[Any]) -> list[Words]:
    floors = venue.exchange.floors
    return [accounts.order(floors[order.market_id].market, order) for order in rows]


def _limits(venue: "Venue", asked: Asked) -> Words:
    return accounts.limits(_owner(venue, asked))


def _apikeys(venue: "Venue", asked: Asked) -> Words:
    account = _known(venue, asked.words.get("account_index"))
    wanted = int(asked.words.get("api_key_index", "255"))
    rows = [
        {
            "account_index": account.index,
            "api_key_index": index,
            "nonce": key.next_nonce,
            "public_key": key.public,
            "transaction_time": 0,
        }
        for index, key in account.keys.items()
        if wanted in (255, index)
    ]
    return {"code": 200, "api_keys": rows}


def _next_nonce(venue: "Venue", asked: Asked) -> Words:
    account = _known(venue, asked.words.get("account_index"))
    key = venue.guard.key(account.index, int(asked.words.get("api_key_index", "-1")))
    return {"code": 200, "nonce": key.next_nonce}


def _tx(venue: "Venue", asked: Asked) -> Words:
    record = venue.log.by_hash.get(asked.words.get("value", ""))
    if asked.words.get("by") != "hash" or record is None:
        raise Refused(errors.TX_NOT_FOUND)
    return {"code": 200, **row(record), "committed_at": 0, "verified_at": 0}


def _account_txs(venue: "Venue", asked: Asked) -> Words:
    account = _owner(venue, asked, "value" if "value" in asked.words else "account_index")
    return {"code": 200, "txs": venue.log.last(account.index, _page(asked, PAGE))}


def _send(venue: "Venue", asked: Asked) -> Words:
    return venue.sequencer.submit(dict(asked.words), is_batch=False)


def _send_batch(venue: "Venue", asked: Asked) -> Words:
    return venue.sequencer.submit(dict(asked.words), is_batch=True)


def _fundings(venue: "Venue", asked: Asked) -> Words:
    floor = _floor(venue, asked)
    rows = [
        {
            "timestamp": at_s,
            "value": f"{floor.mark_ticks * 10.0**-floor.market.price_decimals * rate * 1e-6:.8f}",
            "rate": stats.percent(abs(rate)),
            "direction": "long" if rate >= 0 else "short",
        }
        for at_s, rate in floor.history[-PAGE:]
    ]
    return {"code": 200, "resolution": asked.words.get("resolution", "1h"), "fundings": rows}


def _funding_rates(venue: "Venue", asked: Asked) -> Words:
    """Tell each market's rate as a fraction for eight hours."""
    rows = [
        {
            "market_id": m,
            "exchange": "lighter",
            "symbol": floor.market.symbol,
            "rate": floor.estimate_1e6 * 8e-6,
        }
        for m, floor in venue.exchange.floors.items()
    ]
    return {"code": 200, "funding_rates": rows}


def _position_funding(venue: "Venue", asked: Asked) -> Words:
    account = _owner(venue, asked)
    wanted = asked.words.get("market_id", "255")
    rows = [f for f in account.fundings if wanted in ("255", "-1", str(f.market_id))]
    rows = rows[::-1]
    most, cursor = _page(asked, PAGE), int(asked.words.get("cursor") or 0)
    markets = venue.exchange.floors
    page = [accounts.funding(markets[f.market_id].market, f) for f in rows[cursor : cursor + most]]
    words: Words = {"code": 200, "position_fundings": page}
    if cursor + most < len(rows):
        words["next_cursor"] = str(cursor + most)
    return words


def _change_tier(venue: "Venue", asked: Asked) -> Words:
    account = _owner(venue, asked)
    if account.live_orders() or any(p.lots for p in account.positions.values()):
        raise Refused(errors.MISSING, "account has open orders or positions")
    name = asked.words.get("new_tier", "")
    if name not in TIERS:
        raise Refused(errors.MISSING, f"unknown tier: {name}")
    account.tier = TIERS[name]
    return {"code": 200, "message": ""}


def _set_maker_only(venue: "Venue", asked: Asked) -> Words:
    account = _owner(venue, asked)
    chosen = set(json.loads(asked.words.get("api_key_indexes", "[]")))
    for index, key in account.keys.items():
        key.is_maker_only = index in chosen
    return {"code": 200}


def _get_maker_only(venue: "Venue", asked: Asked) -> Words:
    keys = _owner(venue, asked).keys
    return {"code": 200, "api_key_indexes": [i for i, k in keys.items() if k.is_maker_only]}


def _owner(venue: "Venue", asked: Asked, name: str = "account_index") -> Account:
    """Return the account that is asked for, after its token."""
    account = _known(venue, asked.words.get(name))
    token = asked.headers.get("authorization") or asked.words.get("auth") or ""
    venue.guard.token(token, account.index)
    return account


def _known(venue: "Venue", index: str | None) -> Account:
    account = venue.exchange.accounts.get(int(index)) if index and index.isdecimal() else None
    if account is None:
        raise Refused(errors.ACCOUNT_NOT_FOUND)
    return account


def _chosen(venue: "Venue", asked: Asked) -> list[Floor]:
    wanted = asked.words.get("market_id", "255")
    return [f for m, f in venue.exchange.floors.items() if wanted in ("255", str(m))]


def _floor(venue: "Venue", asked: Asked) -> Floor:
    wanted = asked.words.get("market_id", "")
    floor = venue.exchange.floors.get(int(wanted)) if wanted.isdecimal() else None
    if floor is None:
        raise Refused(errors.INVALID_MARKET)
    return floor


def _page(asked: Asked, most: int) -> int:
    limit = asked.words.get("limit", str(most))
    if not limit.isdecimal() or not 0 < int(limit) <= most:
        raise Refused(errors.MISSING, f"limit must be from 1 to {most}")
    return int(limit)


PATHS: dict[tuple[str, str], Callable[["Venue", Asked], Words]] = {
    ("GET", "info"): _info,
    ("GET", "orderBooks"): _order_books,
    ("GET", "orderBookDetails"): _details,
    ("GET", "orderBookOrders"): _book_orders,
    ("GET", "recentTrades"): _recent_trades,
    ("GET", "trades"): _trades,
    ("GET", "account"): _account,
    ("GET", "accountActiveOrders"): _active,
    ("GET", "accountInactiveOrders"): _inactive,
    ("GET", "accountOrders"): _by_client,
    ("GET", "accountLimits"): _limits,
    ("GET", "apikeys"): _apikeys,
    ("GET", "nextNonce"): _next_nonce,
    ("GET", "tx"): _tx,
    ("GET", "accountTxs"): _account_txs,
    ("POST", "sendTx"): _send,
    ("POST", "sendTxBatch"): _send_batch,
    ("GET", "fundings"): _fundings,
    ("GET", "funding-rates"): _funding_rates,
    ("GET", "positionFunding"): _position_funding,
    ("POST", "changeAccountTier"): _change_tier,
    ("POST", "setMakerOnlyApiKeys"): _set_maker_only,
    ("GET", "getMakerOnlyApiKeys"): _get_maker_only,
}
