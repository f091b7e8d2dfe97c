"""Answer what anybody may ask."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.admission import bound_ticks
from tests.venues.bybit.errors import INVALID_PARAMETER, Refused
from tests.venues.bybit.exchange import Floor
from tests.venues.bybit.rest.paging import count_of, number, page
from tests.venues.bybit.shapes import markets

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

Words = dict[str, Any]
Asks = Mapping[str, str]
CATEGORIES = ("linear", "inverse", "spot", "option")
INTERVALS = {"D": 1_440, "W": 10_080, "M": 43_200} | {
    str(m): m for m in (1, 3, 5, 15, 30, 60, 120, 240, 360, 720)
}


def category(words: Asks) -> str:
    """Return the category that is asked for."""
    name = words.get("category", "")
    if name not in CATEGORIES:
        raise Refused(INVALID_PARAMETER, "Illegal category")
    return name


def floors(venue: "Venue", words: Asks) -> list[Floor]:
    """Return the markets that are meant, of the one category that lists any."""
    if category(words) != "linear":
        return []
    symbol = words.get("symbol")
    found = [f for s, f in venue.exchange.floors.items() if symbol in (None, "", s)]
    if symbol and not found:
        raise Refused(INVALID_PARAMETER, f"params error: symbol invalid {symbol}")
    return found


def one(venue: "Venue", words: Asks) -> Floor:
    """Return the one market that is meant."""
    found = floors(venue, words)
    if not words.get("symbol") or len(found) != 1:
        raise Refused(INVALID_PARAMETER, f"params error: symbol invalid {words.get('symbol', '')}")
    return found[0]


def _time(venue: "Venue", words: Asks) -> Words:
    now_ns = venue.exchange.now_ns
    return {"timeSecond": str(now_ns // 1_000_000_000), "timeNano": str(now_ns)}


def _instruments(venue: "Venue", words: Asks) -> Words:
    status = words.get("status", "Trading")
    found = [f.market for f in floors(venue, words)]
    rows = [markets.instrument(m) for m in found if words.get("symbol") or m.status == status]
    rows, cursor = page(rows, words, count_of(words, 500, 1_000), venue.most_rows)
    return {"category": category(words), "list": rows, "nextPageCursor": cursor}


def _tickers(venue: "Venue", words: Asks) -> Words:
    rows = [markets.ticker(floor) for floor in floors(venue, words)]
    return {"category": category(words), "list": rows}


def _book(venue: "Venue", words: Asks) -> Words:
    floor = one(venue, words)
    depth = count_of(words, 25, 500)
    sides = floor.book.bids.levels(depth), floor.book.asks.levels(depth)
    now_ms = venue.exchange.now_ms
    update_id = venue.publisher.update_id(floor.market.symbol)
    words_of = markets.book(floor.market, *sides, update_id, floor.seq)
    return {**words_of, "ts": now_ms, "cts": now_ms}


def _trades(venue: "Venue", words: Asks) -> Words:
    floor = one(venue, words)
    newest = list(floor.trades)[::-1][: count_of(words, 500, 1_000)]
    rows = [markets.trade(floor.market, trade) for trade in newest]
    return {"category": category(words), "list": rows}


def _candles(venue: "Venue", words: Asks) -> Words:
    floor = one(venue, words)
    minutes = INTERVALS.get(words.get("interval", ""))
    if minutes is None:
        raise Refused(INVALID_PARAMETER, "Invalid period!")
    rows = markets.candles(floor, minutes, count_of(words, 200, 1_000))
    start, end = number(words, "start", 0), number(words, "end", 1 << 62)
    rows = [row for row in rows if start <= int(row[0]) <= end]
    return {"symbol": floor.market.symbol, "category": category(words), "list": rows}


def _funding(venue: "Venue", words: Asks) -> Words:
    floor = one(venue, words)
    start, end = number(words, "startTime", 0), number(words, "endTime", 1 << 62)
    rows = [
        {
            "symbol": floor.market.symbol,
            "fundingRate": markets.funding_rate(rate_1e8),
            "fundingRateTimestamp": str(at_ms),
        }
        for at_ms, rate_1e8 in reversed(floor.history)
        if start <= at_ms <= end
    ]
    return {"category": category(words), "list": rows[: count_of(words, 200, 200)]}


def _risk_limits(venue: "Venue", words: Asks) -> Words:
    found = [floor.market for floor in floors(venue, words)]
    rows = [markets.risk_limit(market, tier) for market in found for tier in market.tiers]
    return {"category": category(words), "list": rows, "nextPageCursor": ""}


def _price_limit(venue: "Venue", words: Asks) -> Words:
    floor = one(venue, words)
    buy, sell = bound_ticks(floor, False), bound_ticks(floor, True)
    return {
        "symbol": floor.market.symbol,
        "buyLmt": floor.market.price(buy),
        "sellLmt": floor.market.price(sell),
        "ts": str(venue.exchange.now_ms),
    }


def _status(venue: "Venue", words: Asks) -> Words:
    return {"list": []}


PATHS: dict[str, Callable[["Venue", Asks], Words]] = {
    "/v5/market/time": _time,
    "/v5/market/instruments-info": _instruments,
    "/v5/market/tickers": _tickers,
    "/v5/market/orderbook": _book,
    "/v5/market/recent-trade": _trades,
    "/v5/market/kline": _candles,
    "/v5/market/funding/history": _funding,
    "/v5/market/risk-limit": _risk_limits,
    "/v5/market/price-limit": _price_limit,
    "/v5/system/status": _status,
}
