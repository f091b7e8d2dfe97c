"""Look at what a client asks for before it comes to the book: shape, id, size, price, money."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.venues.binance import errors
from tests.venues.binance.admission import floor_of
from tests.venues.binance.errors import Refused
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Floor
from tests.venues.bybit.markets import ATOM, units
from tests.venues.bybit.matching import refusal
from tests.venues.bybit.orders import Order, Tif

if TYPE_CHECKING:
    from tests.venues.binance_spot.venue import Venue

Words = Mapping[str, str]
TIFS = {"GTC": Tif.GTC, "IOC": Tif.IOC, "FOK": Tif.FOK}
FILTER, REJECTED = -1013, -2010


class Declined(Refused):
    """The venue refuses an order, and says why: one code stands for many reasons."""

    def __init__(self, code: int, text: str) -> None:
        Exception.__init__(self, text)
        self.code = code
        self.status = 400


def admitted(venue: "Venue", account: Account, words: Words) -> Order:
    """Return the order that is asked for, or refuse it: a post-only one that would take too."""
    floor = floor_of(venue.exchange, words)
    order = _read(venue, account, floor, words)
    known = account.by_link.get(order.link_id)
    if known is not None and known.is_open:
        raise Declined(REJECTED, "Duplicate order sent.")
    if floor.market.value(order.ticks, order.lots) < floor.market.min_notional_usdt * ATOM:
        raise Declined(FILTER, "Filter failure: NOTIONAL")
    if not venue.wallets.can_give(account, order):
        raise Declined(REJECTED, "Account has insufficient balance for requested action.")
    if order.tif is Tif.POST_ONLY and refusal(venue.exchange, order) is not None:
        raise Declined(REJECTED, "Order would immediately match and take.")
    return order


def _read(venue: "Venue", account: Account, floor: Floor, words: Words) -> Order:
    is_maker = words.get("type") == "LIMIT_MAKER"
    tif = Tif.POST_ONLY if is_maker else TIFS.get(words.get("timeInForce", ""))
    if is_maker and "timeInForce" in words:
        raise Refused(errors.MANDATORY)
    if tif is None or words.get("side") not in ("BUY", "SELL"):
        raise Refused(errors.MANDATORY)
    if words.get("type") not in ("LIMIT", "LIMIT_MAKER") or not words.get("newClientOrderId"):
        raise Refused(errors.MANDATORY)
    if "reduceOnly" in words:
        raise Refused(errors.MANDATORY)
    lots = _units(words.get("quantity"), floor.market.size_decimals, "LOT_SIZE")
    ticks = _units(words.get("price"), floor.market.tick_decimals, "PRICE_FILTER")
    if not floor.market.min_lots <= lots <= floor.market.max_lots:
        raise Declined(FILTER, "Filter failure: LOT_SIZE")
    now_ns = venue.exchange.now_ns
    return Order(
        venue.exchange.next_number(),
        words["newClientOrderId"],
        floor.market.symbol,
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


def _units(text: object, decimals: int, name: str) -> int:
    number = units(text, decimals)
    if number is None or number <= 0:
        raise Declined(FILTER, f"Filter failure: {name}")
    return number
