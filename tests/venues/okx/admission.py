"""Look at what a client asks for before it is acknowledged: shape, id, size, price, money."""

from collections.abc import Mapping
from typing import Any

from tests.venues.bybit import orders
from tests.venues.bybit.accounts import ISOLATED, Account
from tests.venues.bybit.exchange import Exchange, Floor
from tests.venues.bybit.markets import units
from tests.venues.bybit.matching import refusal
from tests.venues.bybit.orders import Order, Tif
from tests.venues.okx import errors
from tests.venues.okx.errors import Refused
from tests.venues.okx.markets import lots_in

Words = Mapping[str, Any]
TIFS = {"limit": Tif.GTC, "ioc": Tif.IOC, "fok": Tif.FOK, "post_only": Tif.POST_ONLY}
REFUSALS = {
    orders.REDUCE_ONLY: errors.NOTHING_TO_REDUCE,
    orders.NO_MARGIN: errors.BALANCE,
}
"""What is said at once; that a post-only order would take, only afterwards."""
MOST_ID = 32
TAGS = ("tag", "6b9ad766b55dBCDE")


def floor_of(exchange: Exchange, words: Words) -> Floor:
    """Return the market that is meant."""
    floor = exchange.floors.get(str(words.get("instId", "")))
    if floor is None:
        raise Refused(errors.NO_INSTRUMENT)
    return floor


def admitted(exchange: Exchange, account: Account, words: Words) -> Order:
    """Return the order that is asked for, or refuse it."""
    floor = floor_of(exchange, words)
    order = _read(exchange, account, floor, words)
    if order.link_id in account.used_links:
        raise Refused(errors.DUPLICATE_ID)
    check_price(floor, order.is_ask, order.ticks)
    refused = refusal(exchange, order)
    if refused in REFUSALS:
        raise Refused(REFUSALS[refused])
    account.used_links.add(order.link_id)
    return order


def mode_of(account: Account) -> str:
    """Return the margin mode that the account's positions are in."""
    return "isolated" if account.margin_mode == ISOLATED else "cross"


def _read(exchange: Exchange, account: Account, floor: Floor, words: Words) -> Order:
    link = str(words.get("clOrdId") or "")
    if words.get("side") not in ("buy", "sell") or words.get("ordType") not in TIFS:
        raise Refused(errors.PARAMETER)
    if words.get("tdMode") != mode_of(account) or any(name in words for name in TAGS):
        raise Refused(errors.PARAMETER)
    if not (link.isascii() and link.isalnum() and len(link) <= MOST_ID):
        raise Refused(errors.PARAMETER)
    lots, now_ns = lots_of(floor, words.get("sz")), exchange.now_ns
    return Order(
        exchange.next_number(),
        link,
        floor.market.symbol,
        account.uid,
        words["side"] == "sell",
        ticks_of(floor, words.get("px")),
        lots,
        lots,
        now_ns,
        now_ns,
        tif=TIFS[words["ordType"]],
        reduce_only=words.get("reduceOnly") in (True, "true"),
        last_ticks=floor.last_ticks,
    )


def lots_of(floor: Floor, text: object) -> int:
    """Read a size, which is in contracts."""
    lots = lots_in(text)
    if lots is None:
        raise Refused(errors.OFF_STEP)
    if not floor.market.min_lots <= lots <= floor.market.max_lots:
        raise Refused(errors.TOO_SMALL)
    return lots


def ticks_of(floor: Floor, text: object) -> int:
    """Read a price."""
    ticks = units(text, floor.market.tick_decimals)
    if ticks is None or ticks <= 0:
        raise Refused(errors.PARAMETER)
    return ticks


def limits_of(floor: Floor) -> tuple[int, int]:
    """Return the highest price of a buy and the lowest of a sell: two hundredths off the mark."""
    return round(floor.mark_ticks * 1.02), round(floor.mark_ticks * 0.98)


def check_price(floor: Floor, is_ask: bool, ticks: int) -> None:
    """Refuse what is priced too far through the market."""
    highest, lowest = limits_of(floor)
    if ticks < lowest if is_ask else ticks > highest:
        raise Refused(errors.OUT_OF_LIMITS)
