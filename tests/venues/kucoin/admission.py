"""Look at what a client asks for before it is acknowledged: shape, size, price, mode, money."""

from collections.abc import Mapping
from typing import Any

from tests.venues.bybit import orders
from tests.venues.bybit.accounts import ISOLATED, Account
from tests.venues.bybit.exchange import Exchange, Floor
from tests.venues.bybit.markets import units
from tests.venues.bybit.matching import refusal
from tests.venues.bybit.orders import Order, Tif
from tests.venues.kucoin import errors
from tests.venues.kucoin.errors import Refused

Words = Mapping[str, Any]
TIFS = {"GTC": Tif.GTC, "IOC": Tif.IOC, "FOK": Tif.FOK}
REFUSALS = {
    orders.REDUCE_ONLY: errors.NO_REDUCE,
    orders.NO_MARGIN: errors.BALANCE,
}
"""What is said at once; that a post-only order would take, only afterwards."""
MOST_ID = 40
KNOWN = frozenset(
    ("clientOid", "side", "symbol", "type", "leverage", "marginMode", "price", "size", "postOnly")
) | {"timeInForce", "reduceOnly"}


def floor_of(exchange: Exchange, words: Words) -> Floor:
    """Return the market that is meant."""
    floor = exchange.floors.get(str(words.get("symbol", "")))
    if floor is None:
        raise Refused(errors.NO_CONTRACT)
    return floor


def mode_of(account: Account) -> str:
    """Return the margin mode that the account's positions are in."""
    return "ISOLATED" if account.margin_mode == ISOLATED else "CROSS"


def admitted(exchange: Exchange, account: Account, words: Words) -> Order:
    """Return the order that is asked for, or refuse it. Whether its id is new nobody looks."""
    floor = floor_of(exchange, words)
    if words.get("marginMode") != mode_of(account):
        raise Refused(errors.WRONG_MODE)
    order = _read(exchange, account, floor, words)
    refused = refusal(exchange, order)
    if refused in REFUSALS:
        raise Refused(REFUSALS[refused])
    return order


def _read(exchange: Exchange, account: Account, floor: Floor, words: Words) -> Order:
    link, size, leverage = str(words.get("clientOid") or ""), words.get("size"), "leverage"
    is_post_only = words.get("postOnly") is True
    tif = TIFS.get(words.get("timeInForce", "GTC"))
    if words.keys() - KNOWN or words.get("type") != "limit" or tif is None:
        raise Refused(errors.PARAMETER)
    if words.get("side") not in ("buy", "sell") or (is_post_only and tif is not Tif.GTC):
        raise Refused(errors.PARAMETER)
    if not (0 < len(link) <= MOST_ID and isinstance(words.get(leverage), int)):
        raise Refused(errors.PARAMETER)
    ticks = units(words.get("price"), floor.market.tick_decimals)
    if not isinstance(size, int) or ticks is None or ticks <= 0:
        raise Refused(errors.PARAMETER)
    if not floor.market.min_lots <= size <= floor.market.max_lots:
        raise Refused(errors.PARAMETER)
    now_ns = exchange.now_ns
    return Order(
        exchange.next_number(),
        link,
        floor.market.symbol,
        account.uid,
        words["side"] == "sell",
        ticks,
        size,
        size,
        now_ns,
        now_ns,
        tif=Tif.POST_ONLY if is_post_only else tif,
        reduce_only=words.get("reduceOnly") is True,
        last_ticks=floor.last_ticks,
    )
