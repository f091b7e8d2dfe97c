"""Look at what a client asks for before it comes to the book: shape, id, size, price, money."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Exchange, Floor
from tests.venues.bybit.markets import ATOM, units
from tests.venues.bybit.matching import refusal
from tests.venues.bybit.orders import Order, Tif
from tests.venues.mexc import errors
from tests.venues.mexc.errors import Refused
from tests.venues.mexc.shapes import TYPES

if TYPE_CHECKING:
    from tests.venues.mexc.venue import Venue

Words = Mapping[str, str]
TIFS = {name: tif for tif, name in TYPES.items()}
KNOWN = {"symbol", "side", "type", "quantity", "price", "newClientOrderId"}
SIGNED = {"recvWindow", "timestamp", "signature"}


def floor_of(exchange: Exchange, words: Words) -> Floor:
    """Return the market that is meant."""
    floor = exchange.floors.get(words.get("symbol", ""))
    if floor is None:
        raise Refused(errors.BAD_SYMBOL)
    return floor


def admitted(venue: "Venue", account: Account, words: Words) -> Order:
    """Return the order that is asked for, or refuse it: a post-only one that would take too."""
    floor = floor_of(venue.exchange, words)
    order = _read(venue, account, floor, words)
    known = account.by_link.get(order.link_id)
    if known is not None and known.is_open:
        raise Refused(errors.PARAM)
    if floor.market.value(order.ticks, order.lots) < floor.market.min_notional_usdt * ATOM:
        raise Refused(errors.LEAST)
    if not venue.wallets.can_give(account, order):
        raise Refused(errors.OVERSOLD if order.is_ask else errors.NO_BALANCE)
    if order.tif is Tif.POST_ONLY and refusal(venue.exchange, order) is not None:
        raise Refused(errors.POST_ONLY)
    return order


def _read(venue: "Venue", account: Account, floor: Floor, words: Words) -> Order:
    market, tif = floor.market, TIFS.get(words.get("type", ""))
    lots = units(words.get("quantity"), market.size_decimals)
    ticks = units(words.get("price"), market.tick_decimals)
    is_read = tif is not None and words.get("side") in ("BUY", "SELL")
    if not is_read or not words.get("newClientOrderId") or not set(words) <= KNOWN | SIGNED:
        raise Refused(errors.PARAM)
    if not lots or not ticks or not market.min_lots <= lots <= market.max_lots:
        raise Refused(errors.PARAM)
    assert tif is not None
    now_ns = venue.exchange.now_ns
    return Order(
        venue.exchange.next_number(),
        words["newClientOrderId"],
        market.symbol,
        account.uid,
        words["side"] == "SELL",
        ticks,
        lots,
        lots,
        now_ns,
        now_ns,
        tif=tif,
        last_ticks=floor.last_ticks,
    )
