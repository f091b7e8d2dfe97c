"""Look at what a client asks for before it comes to the book: shape, id, size, price, money."""

from collections.abc import Mapping

from tests.venues.binance import errors
from tests.venues.binance.errors import Refused
from tests.venues.bybit import orders
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Exchange, Floor
from tests.venues.bybit.markets import ATOM, units
from tests.venues.bybit.matching import refusal
from tests.venues.bybit.orders import Order, Tif

Words = Mapping[str, str]
TIFS = {"GTC": Tif.GTC, "IOC": Tif.IOC, "FOK": Tif.FOK, "GTX": Tif.POST_ONLY}
REFUSALS = {
    orders.POST_ONLY: errors.GTX_REJECT,
    orders.REDUCE_ONLY: errors.REDUCE_ONLY,
    orders.NO_MARGIN: errors.NO_MARGIN,
}


def floor_of(exchange: Exchange, words: Words) -> Floor:
    """Return the market that is meant."""
    floor = exchange.floors.get(words.get("symbol", ""))
    if floor is None:
        raise Refused(errors.BAD_SYMBOL)
    return floor


def admitted(exchange: Exchange, account: Account, words: Words) -> Order:
    """Return the order that is asked for, or refuse it: a post-only one that would take too."""
    floor = floor_of(exchange, words)
    order = _read(exchange, account, floor, words)
    known = account.by_link.get(order.link_id)
    if known is not None and known.is_open:
        raise Refused(errors.DUPLICATE_ID)
    check_value(floor, order)
    refused = refusal(exchange, order)
    if refused in REFUSALS:
        raise Refused(REFUSALS[refused])
    return order


def _read(exchange: Exchange, account: Account, floor: Floor, words: Words) -> Order:
    if words.get("side") not in ("BUY", "SELL") or words.get("type") != "LIMIT":
        raise Refused(errors.MANDATORY)
    if words.get("timeInForce") not in TIFS or not words.get("newClientOrderId"):
        raise Refused(errors.MANDATORY)
    lots, now_ns = lots_of(floor, words.get("quantity")), exchange.now_ns
    return Order(
        exchange.next_number(),
        words["newClientOrderId"],
        floor.market.symbol,
        account.uid,
        words["side"] == "SELL",
        ticks_of(floor, words.get("price")),
        lots,
        lots,
        now_ns,
        now_ns,
        tif=TIFS[words["timeInForce"]],
        reduce_only=words.get("reduceOnly") == "true",
        last_ticks=floor.last_ticks,
    )


def lots_of(floor: Floor, text: object) -> int:
    """Read a size."""
    lots = units(text, floor.market.size_decimals)
    if lots is None or not floor.market.min_lots <= lots <= floor.market.max_lots:
        raise Refused(errors.BAD_PRECISION)
    return lots


def ticks_of(floor: Floor, text: object) -> int:
    """Read a price."""
    ticks = units(text, floor.market.tick_decimals)
    if ticks is None or ticks <= 0:
        raise Refused(errors.BAD_PRECISION)
    return ticks


def check_value(floor: Floor, order: Order) -> None:
    """Refuse what is worth too little."""
    market = floor.market
    value = market.value(order.ticks, order.lots)
    if not order.reduce_only and value < market.min_notional_usdt * ATOM:
        raise Refused(errors.MIN_NOTIONAL)
