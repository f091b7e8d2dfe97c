"""Answer what anybody may ask: markets, books, trades, funding."""

from typing import TYPE_CHECKING, Any

from tests.venues.common.http import Asked
from tests.venues.lighter.rest.asking import chosen, floor_of, page
from tests.venues.lighter.shapes import books, stats

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

Words = dict[str, Any]
PAGE = 100
ORDERS_PAGE = 250


def status(venue: "Venue", asked: Asked) -> Words:
    """Tell that the venue is there."""
    return {"status": 200, "network_id": 1, "timestamp": venue.exchange.now_ms // 1_000}


def info(venue: "Venue", asked: Asked) -> Words:
    """Tell the contract's address."""
    return {"contract_address": "0x" + "0" * 40}


def order_books(venue: "Venue", asked: Asked) -> Words:
    """List the markets."""
    floors = chosen(venue, asked)
    return {"code": 200, "order_books": [stats.order_book(f.market) for f in floors]}


def details(venue: "Venue", asked: Asked) -> Words:
    """Describe the markets."""
    kind = asked.words.get("filter", "all")
    floors = chosen(venue, asked)
    spot = [stats.spot_detail(f) for f in floors if f.market.is_spot and kind != "perp"]
    rows = [stats.order_book_detail(f) for f in floors if not f.market.is_spot and kind != "spot"]
    return {"code": 200, "order_book_details": rows, "spot_order_book_details": spot}


def book_orders(venue: "Venue", asked: Asked) -> Words:
    """Tell the public book, order by order."""
    floor = floor_of(venue, asked)
    most = page(asked, ORDERS_PAGE)
    words: Words = {"code": 200}
    for name, side in (("asks", floor.book.asks), ("bids", floor.book.bids)):
        rows = [books.resting(floor.market, order) for order in side.orders()][:most]
        words |= {f"total_{name}": len(rows), name: rows}
    return words


def recent_trades(venue: "Venue", asked: Asked) -> Words:
    """Tell the last trades of a market."""
    floor = floor_of(venue, asked)
    last = list(floor.trades)[-page(asked, PAGE) :]
    return {"code": 200, "trades": [books.trade(floor.market, trade) for trade in reversed(last)]}


def fundings(venue: "Venue", asked: Asked) -> Words:
    """Tell what funding was, payment by payment."""
    floor = floor_of(venue, asked)
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


def funding_rates(venue: "Venue", asked: Asked) -> Words:
    """Tell each market's rate as a fraction for eight hours."""
    rows = [
        {
            "market_id": m,
            "exchange": "lighter",
            "symbol": floor.market.symbol,
            "rate": floor.estimate_1e6 * 8e-6,
        }
        for m, floor in venue.exchange.floors.items()
        if not floor.market.is_spot
    ]
    return {"code": 200, "funding_rates": rows}
