"""Answer what anybody may ask."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.stage.truth import Feed
from tests.venues.binance import shapes
from tests.venues.binance.admission import floor_of
from tests.venues.bybit.markets import spelled

if TYPE_CHECKING:
    from tests.venues.binance.venue import Venue

Words = Mapping[str, str]
Path = Callable[["Venue", Words], Any]


def _time(venue: "Venue", words: Words) -> Any:
    return {"serverTime": venue.exchange.now_ms}


def _markets(venue: "Venue", words: Words) -> Any:
    floors = venue.exchange.floors.values()
    return {
        "timezone": "UTC",
        "serverTime": venue.exchange.now_ms,
        "rateLimits": [],
        "symbols": [shapes.listing(floor.market) for floor in floors],
    }


def _depth(venue: "Venue", words: Words) -> Any:
    floor = floor_of(venue.exchange, words)
    feed = venue.publisher.feed(floor.market.symbol)
    book = feed.snapshot(venue.exchange.now_ns)["data"]
    now_ms = venue.exchange.now_ms
    venue.truth.tell(Feed(venue.agenda.now_ns, floor.market.symbol, True))
    return {
        "lastUpdateId": feed.update_id,
        "E": now_ms,
        "T": now_ms,
        "bids": book["b"],
        "asks": book["a"],
    }


def _touch(venue: "Venue", words: Words) -> Any:
    floor = floor_of(venue.exchange, words)
    said: dict[str, Any] = {"symbol": floor.market.symbol, "time": venue.exchange.now_ms}
    for name, side in (("bid", floor.book.bids), ("ask", floor.book.asks)):
        best = side.best_ticks
        said[f"{name}Price"] = floor.market.price(best or 0)
        said[f"{name}Qty"] = floor.market.size(side.lots(best) if best else 0)
    return said


def _premium(venue: "Venue", words: Words) -> Any:
    floor = floor_of(venue.exchange, words)
    return {
        "symbol": floor.market.symbol,
        "markPrice": floor.market.price(floor.mark_ticks),
        "indexPrice": floor.market.price(floor.index_ticks),
        "lastFundingRate": spelled(floor.rate_1e8, 8),
        "nextFundingTime": floor.next_funding_ns // 1_000_000,
        "time": venue.exchange.now_ms,
    }


def _intervals(venue: "Venue", words: Words) -> Any:
    markets = [floor.market for floor in venue.exchange.floors.values()]
    others = [market for market in markets if market.funding_min != 480]
    return [
        {"symbol": market.symbol, "fundingIntervalHours": market.funding_min // 60}
        for market in others
    ]


PATHS: dict[str, Path] = {
    "/fapi/v1/time": _time,
    "/fapi/v1/exchangeInfo": _markets,
    "/fapi/v1/depth": _depth,
    "/fapi/v1/ticker/bookTicker": _touch,
    "/fapi/v1/premiumIndex": _premium,
    "/fapi/v1/fundingInfo": _intervals,
}
