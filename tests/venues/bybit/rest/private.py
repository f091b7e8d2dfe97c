"""Answer what an account may read of itself, and change of its settings."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.venues.bybit import errors
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.errors import INVALID_PARAMETER, Refused
from tests.venues.bybit.markets import SETTLE, usdt
from tests.venues.bybit.orders import Order
from tests.venues.bybit.rest import settings
from tests.venues.bybit.rest.paging import count_of, page, span
from tests.venues.bybit.rest.public import category, floors
from tests.venues.bybit.shapes import accounts

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

Words = dict[str, Any]
CLOSED_ROWS = 500


def _needs_market(words: Words) -> None:
    if not any(words.get(n) for n in ("symbol", "baseCoin", "settleCoin")):
        raise Refused(INVALID_PARAMETER, "params error: symbol, baseCoin or settleCoin is required")


def _listed(venue: "Venue", words: Words, needs_market: bool = True) -> set[str]:
    if needs_market and category(words) == "linear":
        _needs_market(words)
    if words.get("settleCoin") not in (None, "", SETTLE):
        return set()
    found = [floor.market for floor in floors(venue, words)]
    return {m.symbol for m in found if words.get("baseCoin") in (None, "", m.base)}


def _realtime(venue: "Venue", account: Account, words: Words) -> Words:
    named = bool(words.get("orderId") or words.get("orderLinkId"))
    symbols = _listed(venue, words, not named)
    closed = [o for o in account.orders.values() if not o.is_open][-CLOSED_ROWS:]
    found = closed if str(words.get("openOnly")) == "1" else account.live_orders()
    if named:
        found = account.live_orders() + closed
    return _orders(venue, words, [o for o in found if o.symbol in symbols])


def _history(venue: "Venue", account: Account, words: Words) -> Words:
    symbols = _listed(venue, words, needs_market=False)
    first_ms, last_ms = span(words, venue.exchange.now_ms)
    return _orders(
        venue,
        words,
        [
            o
            for o in account.orders.values()
            if o.symbol in symbols
            and not o.is_open
            and first_ms <= o.created_ns // 1_000_000 <= last_ms
            and words.get("orderStatus") in (None, "", o.status)
        ],
    )


def _orders(venue: "Venue", words: Words, found: list[Order]) -> Words:
    named = [
        o
        for o in found
        if words.get("orderId") in (None, "", o.order_id)
        and words.get("orderLinkId") in (None, "", o.link_id)
    ]
    newest = sorted(named, key=lambda o: -o.number)
    kept, cursor = page(newest, words, count_of(words, 20, 50), venue.most_rows)
    rows = [accounts.order(venue.exchange.floors[o.symbol].market, o) for o in kept]
    return {"category": category(words), "list": rows, "nextPageCursor": cursor}


def _executions(venue: "Venue", account: Account, words: Words) -> Words:
    symbols = _listed(venue, words, needs_market=False)
    first_ms, last_ms = span(words, venue.exchange.now_ms)
    order = account.find(str(words.get("orderId") or ""), str(words.get("orderLinkId") or ""))
    is_named = bool(words.get("orderId") or words.get("orderLinkId"))
    found = [
        it
        for it in reversed(account.executions)
        if it.symbol in symbols
        and first_ms <= it.at_ns // 1_000_000 <= last_ms
        and words.get("execType") in (None, "", it.kind)
        and (not is_named or (order is not None and it.order is order))
    ]
    kept, cursor = page(found, words, count_of(words, 50, 100), venue.most_rows)
    rows = [accounts.execution(venue.exchange.floors[e.symbol].market, e) for e in kept]
    return {"category": category(words), "list": rows, "nextPageCursor": cursor}


def _positions(venue: "Venue", account: Account, words: Words) -> Words:
    symbols = _listed(venue, words)
    found = []
    for symbol in sorted(symbols):
        for idx in (1, 2) if symbol in account.hedged else (0,):
            if words.get("symbol") or account.position(symbol, idx).lots:
                found.append(accounts.position(venue.exchange, account, symbol, idx))
    rows, cursor = page(found, words, count_of(words, 20, 200), venue.most_rows)
    return {"category": category(words), "list": rows, "nextPageCursor": cursor}


def _wallet(venue: "Venue", account: Account, words: Words) -> Words:
    if words.get("accountType") != "UNIFIED":
        raise Refused(INVALID_PARAMETER, "accountType only support UNIFIED.")
    return {"list": [accounts.wallet(venue.exchange, account)]}


def _fees(venue: "Venue", account: Account, words: Words) -> Words:
    rows = [
        {
            "symbol": symbol,
            "baseCoin": "",
            "takerFeeRate": usdt(account.vip.taker_1e6 * 100),
            "makerFeeRate": usdt(account.vip.maker_1e6 * 100),
        }
        for symbol in sorted(_listed(venue, words, needs_market=False))
    ]
    return {"category": category(words), "list": rows}


def _log(venue: "Venue", account: Account, words: Words) -> Words:
    first_ms, last_ms = span(words, venue.exchange.now_ms)
    base = words.get("baseCoin")
    found = [
        it
        for it in reversed(account.log)
        if first_ms <= it.at_ns // 1_000_000 <= last_ms
        and words.get("type") in (None, "", it.kind)
        and words.get("currency") in (None, "", SETTLE)
        and words.get("category") in (None, "", "linear")
        and (not base or it.symbol == f"{base}{SETTLE}")
    ]
    kept, cursor = page(found, words, count_of(words, 20, 50), venue.most_rows)
    floors_of = venue.exchange.floors
    rows = [accounts.entry(floors_of[e.symbol].market if e.symbol else None, e) for e in kept]
    return {"list": rows, "nextPageCursor": cursor}


def _info(venue: "Venue", account: Account, words: Words) -> Words:
    product = account.dcp_s.get("DERIVATIVES")
    return {
        "unifiedMarginStatus": 6,
        "marginMode": account.margin_mode,
        "isMasterTrader": False,
        "spotHedgingStatus": "OFF",
        "dcpStatus": "OFF" if product is None else "ON",
        "timeWindow": product or 0,
        "smpGroup": 0,
        "updatedTime": str(venue.exchange.now_ms),
    }


def _dcp(venue: "Venue", account: Account, words: Words) -> Words:
    rows = [
        {"product": product, "dcpStatus": "ON", "timeWindow": str(seconds)}
        for product, seconds in sorted(account.dcp_s.items())
    ]
    return {"dcpInfos": rows}


def _key(venue: "Venue", account: Account, words: Words) -> Words:
    name, key = next(iter(account.keys.items()))
    can_trade = [] if key.is_read_only else ["Order", "Position"]
    return {
        "id": "13770661",
        "note": "stand-in",
        "apiKey": name,
        "readOnly": int(key.is_read_only),
        "secret": "",
        "permissions": {"ContractTrade": can_trade, "Wallet": [], "Spot": [], "Options": []},
        "ips": ["*"],
        "type": 1,
        "deadlineDay": -2,
        "expiredAt": "1970-01-01T00:00:00Z",
        "createdAt": "2024-01-01T00:00:00Z",
        "unified": 0,
        "uta": 1,
        "userID": account.uid,
        "inviterID": 0,
        "vipLevel": account.vip.name,
        "mktMakerLevel": "0",
        "affiliateID": 0,
        "rsaPublicKey": "",
        "isMaster": True,
        "parentUid": "0",
        "kycLevel": "LEVEL_1",
        "kycRegion": "",
    }


def _coins(venue: "Venue", account: Account, words: Words) -> Words:
    return {"rows": []}


def _switch_isolated(venue: "Venue", account: Account, words: Words) -> Words:
    raise Refused(errors.UNIFIED_FORBIDDEN)


Path = Callable[["Venue", Account, Words], Words]
READS: dict[str, Path] = {
    "/v5/order/realtime": _realtime,
    "/v5/order/history": _history,
    "/v5/execution/list": _executions,
    "/v5/position/list": _positions,
    "/v5/account/wallet-balance": _wallet,
    "/v5/account/fee-rate": _fees,
    "/v5/account/transaction-log": _log,
    "/v5/account/info": _info,
    "/v5/account/query-dcp-info": _dcp,
    "/v5/user/query-api": _key,
    "/v5/asset/coin/query-info": _coins,
}
WRITES: dict[str, Path] = {
    "/v5/position/set-leverage": settings.set_leverage,
    "/v5/position/switch-isolated": _switch_isolated,
    "/v5/position/switch-mode": settings.switch_mode,
    "/v5/position/add-margin": settings.add_margin,
    "/v5/account/set-margin-mode": settings.set_margin_mode,
    "/v5/order/disconnected-cancel-all": settings.set_dcp,
}
