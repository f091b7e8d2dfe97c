"""Answer what an account asks of itself."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.venues.binance import shapes
from tests.venues.binance.admission import floor_of
from tests.venues.binance.errors import NO_SUCH_ORDER, Refused
from tests.venues.binance.keys import ALIAS
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.margin import held_of, worth
from tests.venues.bybit.markets import SETTLE, spelled, usdt
from tests.venues.bybit.orders import Execution, Order

if TYPE_CHECKING:
    from tests.venues.binance.venue import Venue

Words = Mapping[str, str]
Path = Callable[["Venue", Account, Words], Any]
MOST, USUAL = 1000, 500
WEEK_MS = 7 * 86_400_000


def _balance(venue: "Venue", account: Account, words: Words) -> Any:
    return [{"accountAlias": ALIAS, "asset": SETTLE, "balance": usdt(account.wallet)}]


def _money(venue: "Venue", account: Account, words: Words) -> Any:
    of = worth(venue.exchange, account)
    return {
        "totalMarginBalance": usdt(of.equity),
        "totalMaintMargin": usdt(of.maintenance),
        "availableBalance": usdt(of.available),
        "assets": [{"asset": SETTLE, "walletBalance": usdt(account.wallet)}],
    }


def _mode(venue: "Venue", account: Account, words: Words) -> Any:
    return {"dualSidePosition": bool(account.hedged)}


def _fees(venue: "Venue", account: Account, words: Words) -> Any:
    symbol = floor_of(venue.exchange, words).market.symbol
    return {
        "symbol": symbol,
        "makerCommissionRate": spelled(account.vip.maker_1e6, 6),
        "takerCommissionRate": spelled(account.vip.taker_1e6, 6),
    }


def _positions(venue: "Venue", account: Account, words: Words) -> Any:
    floor = floor_of(venue.exchange, words)
    symbol = floor.market.symbol
    held = held_of(venue.exchange, account, symbol, account.position(symbol))
    return [shapes.position_row(floor, account, held)]


def found(account: Account, words: Words) -> Order | None:
    """Return the order that is named, by the venue's id or by the client's."""
    number = words.get("orderId")
    if number:
        return next((o for o in account.orders.values() if str(o.number) == number), None)
    return account.by_link.get(words.get("origClientOrderId", ""))


def _order(venue: "Venue", account: Account, words: Words) -> Any:
    floor, order = floor_of(venue.exchange, words), found(account, words)
    if order is None or order.symbol != floor.market.symbol:
        raise Refused(NO_SUCH_ORDER)
    return shapes.order_row(floor.market, order)


def _open(venue: "Venue", account: Account, words: Words) -> Any:
    floor = floor_of(venue.exchange, words)
    live = account.live_orders(floor.market.symbol)
    return [shapes.order_row(floor.market, order) for order in live]


def _all(venue: "Venue", account: Account, words: Words) -> Any:
    floor, first = floor_of(venue.exchange, words), int(words.get("orderId", 0))
    mine = [o for o in account.orders.values() if o.symbol == floor.market.symbol]
    named = sorted((o for o in mine if o.number >= first), key=lambda order: order.number)
    kept = named[: _limit(words)] if first else named[-_limit(words) :]
    return [shapes.order_row(floor.market, order) for order in kept]


def _trades(venue: "Venue", account: Account, words: Words) -> Any:
    floor = floor_of(venue.exchange, words)
    mine = [e for e in account.executions if e.symbol == floor.market.symbol]
    kept = _spanned(venue, [e for e in mine if e.kind != "Funding"], words)
    return [shapes.trade_row(floor.market, made) for made in kept]


def _spanned(venue: "Venue", mine: list[Execution], words: Words) -> list[Execution]:
    """Return a page: from an id on, from a moment on, or the latest of the week."""
    now_ms, limit = venue.exchange.now_ms, _limit(words)
    if words.get("fromId"):
        return [e for e in mine if e.number >= int(words["fromId"])][:limit]
    last_ms = int(words.get("endTime", now_ms))
    if words.get("startTime"):
        first_ms = int(words["startTime"])
        last_ms = min(last_ms, first_ms + WEEK_MS)
        return [e for e in mine if first_ms <= e.at_ns // 1_000_000 <= last_ms][:limit]
    return [e for e in mine if now_ms - WEEK_MS <= e.at_ns // 1_000_000 <= last_ms][-limit:]


def _income(venue: "Venue", account: Account, words: Words) -> Any:
    since_ms = int(words.get("startTime", 0))
    paid = [
        e
        for e in account.executions
        if e.kind == "Funding"
        and e.symbol == words.get("symbol")
        and e.at_ns // 1_000_000 >= since_ms
    ]
    return [
        {
            "symbol": e.symbol,
            "incomeType": "FUNDING_FEE",
            "income": usdt(-e.fee),
            "asset": SETTLE,
            "info": "FUNDING_FEE",
            "time": e.at_ns // 1_000_000,
            "tranId": e.number,
            "tradeId": "",
        }
        for e in paid[: _limit(words)]
    ]


def _limit(words: Words) -> int:
    return min(MOST, int(words.get("limit", USUAL)))


READS: dict[str, Path] = {
    "/fapi/v3/balance": _balance,
    "/fapi/v3/account": _money,
    "/fapi/v1/positionSide/dual": _mode,
    "/fapi/v1/commissionRate": _fees,
    "/fapi/v2/positionRisk": _positions,
    "/fapi/v1/order": _order,
    "/fapi/v1/openOrders": _open,
    "/fapi/v1/allOrders": _all,
    "/fapi/v1/userTrades": _trades,
    "/fapi/v1/income": _income,
}
