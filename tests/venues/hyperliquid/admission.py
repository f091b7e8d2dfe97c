"""Look at an order that a client asks for before it comes to the book."""

from collections.abc import Mapping
from typing import Any

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Exchange, Floor
from tests.venues.bybit.markets import ATOM, units
from tests.venues.bybit.orders import Order, Smp, Tif
from tests.venues.hyperliquid import errors
from tests.venues.hyperliquid.errors import Denied, Refused
from tests.venues.hyperliquid.markets import is_nameable

Words = Mapping[str, Any]
TIFS = {"Gtc": Tif.GTC, "Ioc": Tif.IOC, "Alo": Tif.POST_ONLY}
KEYS = {"a", "b", "p", "s", "r", "t", "c"}
ID_DIGITS = 34


def floor_of(exchange: Exchange, number: object) -> Floor:
    """Return the market with a number."""
    floors = list(exchange.floors.values())
    if not isinstance(number, int) or not 0 <= number < len(floors):
        raise Denied(errors.NOT_READ, 422)
    return floors[number]


def admitted(exchange: Exchange, account: Account, words: Words) -> Order:
    """Return the order that is asked for, or refuse it."""
    floor, number = floor_of(exchange, words.get("a")), words.get("a")
    order = _read(exchange, account, floor, words)
    market = floor.market
    if not is_nameable(market, order.ticks):
        raise Refused(errors.TICK.format(number))
    if market.value(order.ticks, order.lots) < market.min_notional_usdt * ATOM and not (
        order.reduce_only
    ):
        raise Refused(errors.WORTH.format(number))
    if order.link_id and order.link_id in account.used_links:
        raise Refused(errors.DUPLICATE.format(number))
    return order


def _read(exchange: Exchange, account: Account, floor: Floor, words: Words) -> Order:
    """Return the order that words spell; what is no such words is not even read."""
    link = str(words.get("c") or "")
    try:
        tif = TIFS[words["t"]["limit"]["tif"]]
        is_whole = set(words) <= KEYS and isinstance(words["b"], bool)
        is_whole = is_whole and isinstance(words["r"], bool) and _is_id(link)
    except (KeyError, TypeError, ValueError):
        raise Denied(errors.NOT_READ, 422) from None
    if not is_whole:
        raise Denied(errors.NOT_READ, 422)
    ticks = units(words["p"], floor.market.tick_decimals)
    lots = units(words["s"], floor.market.size_decimals)
    if ticks is None or ticks <= 0:
        raise Refused(errors.TICK.format(words["a"]))
    if lots is None or lots <= 0:
        raise Refused(errors.SIZE.format(words["a"]))
    now_ns = exchange.now_ns
    return Order(
        exchange.next_number(),
        link,
        floor.market.symbol,
        account.uid,
        not words["b"],
        ticks,
        lots,
        lots,
        now_ns,
        now_ns,
        tif=tif,
        reduce_only=words["r"],
        smp=Smp.MAKER,
        last_ticks=floor.last_ticks,
    )


def _is_id(text: str) -> bool:
    if not text:
        return True
    return len(text) == ID_DIGITS and text.startswith("0x") and int(text, 16) >= 0
