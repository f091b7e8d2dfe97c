"""Look at what a client asks for before it is acknowledged: shape, ids, sizes, prices, money."""

import re
from collections.abc import Mapping
from typing import Any

from tests.venues.bybit import errors
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.errors import INVALID_PARAMETER, Refused
from tests.venues.bybit.exchange import Exchange, Floor
from tests.venues.bybit.limits import Limits
from tests.venues.bybit.margin import may_grow
from tests.venues.bybit.markets import ATOM, units
from tests.venues.bybit.matching import reducible
from tests.venues.bybit.orders import Order, Smp, Tif

Words = Mapping[str, Any]
LINK = re.compile(r"[A-Za-z0-9_\-]*", re.ASCII)
UNSUPPORTED = (
    "triggerPrice",
    "takeProfit",
    "stopLoss",
    "orderIv",
    "trailingStop",
    "slippageTolerance",
)


def floor_of(exchange: Exchange, words: Words) -> Floor:
    """Return the market that is meant."""
    if words.get("category") != "linear":
        raise Refused(INVALID_PARAMETER, "Illegal category")
    floor = exchange.floors.get(str(words.get("symbol", "")))
    if floor is None:
        raise Refused(INVALID_PARAMETER, f"params error: symbol invalid {words.get('symbol')}")
    return floor


def admitted(exchange: Exchange, account: Account, limits: Limits, words: Words) -> Order:
    """Return the order that is asked for, or refuse it."""
    floor = floor_of(exchange, words)
    if floor.market.status != "Trading":
        raise Refused(errors.NO_TRADING)
    order = _read(exchange, account, floor, words)
    _check_link(account, limits, order)
    _check_idx(account, order)
    if len(account.live_orders(order.symbol)) >= limits.orders:
        raise Refused(errors.TOO_MANY_ORDERS)
    check_size(floor, order)
    check_price(floor, order)
    if order.reduce_only and not reducible(exchange, order):
        raise Refused(errors.REDUCE_ONLY)
    check_money(exchange, floor, order)
    if order.link_id:
        account.used_links.add(order.link_id)
    return order


def _read(exchange: Exchange, account: Account, floor: Floor, words: Words) -> Order:
    if any(words.get(name) not in (None, "", "0") for name in UNSUPPORTED):
        raise Refused(INVALID_PARAMETER, "conditional orders are not listed here")
    side, kind = words.get("side"), words.get("orderType")
    if side not in ("Buy", "Sell"):
        raise Refused(INVALID_PARAMETER, "Side invalid")
    if kind not in ("Limit", "Market"):
        raise Refused(INVALID_PARAMETER, "OrderType invalid")
    is_ask, is_market = side == "Sell", kind == "Market"
    now_ns = exchange.now_ns
    lots = lots_of(floor, words.get("qty"))
    return Order(
        exchange.next_number(),
        str(words.get("orderLinkId") or ""),
        floor.market.symbol,
        account.uid,
        is_ask,
        bound_ticks(floor, is_ask) if is_market else ticks_of(floor, words.get("price")),
        lots,
        lots,
        now_ns,
        now_ns,
        is_market=is_market,
        tif=_tif(words, is_market),
        reduce_only=words.get("reduceOnly") in (True, "true"),
        close_on_trigger=words.get("closeOnTrigger") in (True, "true"),
        position_idx=_idx(words.get("positionIdx")),
        smp=_smp(words.get("smpType")),
        last_ticks=floor.last_ticks,
    )


def lots_of(floor: Floor, text: object) -> int:
    """Read a size."""
    lots = units(text, floor.market.size_decimals)
    if lots is None or lots <= 0:
        raise Refused(INVALID_PARAMETER, "Qty invalid")
    return lots


def ticks_of(floor: Floor, text: object) -> int:
    """Read a price."""
    ticks = units(text, floor.market.tick_decimals)
    if ticks is None or ticks <= 0:
        raise Refused(INVALID_PARAMETER, "Price invalid")
    return ticks


def _tif(words: Words, is_market: bool) -> Tif:
    try:
        tif = Tif(words.get("timeInForce") or Tif.GTC)
    except ValueError:
        raise Refused(INVALID_PARAMETER, "TimeInForce invalid") from None
    if is_market and tif is Tif.POST_ONLY:
        raise Refused(INVALID_PARAMETER, "Market order cannot be post only")
    return tif if not is_market or tif is Tif.FOK else Tif.IOC


def _idx(word: object) -> int:
    if str(word if word is not None else 0) not in ("0", "1", "2"):
        raise Refused(INVALID_PARAMETER, "PositionIdx invalid")
    return int(str(word or 0))


def _smp(word: object) -> Smp:
    try:
        return Smp(str(word or Smp.NONE))
    except ValueError:
        raise Refused(INVALID_PARAMETER, "SmpType invalid") from None


def _check_link(account: Account, limits: Limits, order: Order) -> None:
    link = order.link_id
    if len(link) > limits.link_characters or not LINK.fullmatch(link):
        raise Refused(INVALID_PARAMETER, "OrderLinkId invalid")
    if link in account.used_links:
        raise Refused(errors.DUPLICATE_LINK)


def _check_idx(account: Account, order: Order) -> None:
    is_hedged = order.symbol in account.hedged
    if is_hedged != (order.position_idx != 0):
        raise Refused(INVALID_PARAMETER, "position idx not match position mode")
    if is_hedged and order.is_ask == (order.position_idx == 1):
        order.reduce_only = True


def check_size(floor: Floor, order: Order) -> None:
    """Refuse what is too small or too large."""
    market = floor.market
    if order.lots < market.min_lots:
        raise Refused(
            INVALID_PARAMETER, "The number of contracts exceeds minimum limit allowed: too small"
        )
    if order.lots > (market.max_market_lots if order.is_market else market.max_lots):
        raise Refused(
            INVALID_PARAMETER, "The number of contracts exceeds maximum limit allowed: too large"
        )
    value = market.value(order.ticks, order.lots)
    if not order.reduce_only and value < market.min_notional_usdt * ATOM:
        raise Refused(errors.BELOW_NOTIONAL)


def bound_ticks(floor: Floor, is_ask: bool) -> int:
    """Return the worst price that an order may have.

    Bybit's price limit: buys up to max(index, min(index (1 + y), mark (1 + x))), sells the same
    way down ("Get Order Price Limit", v5).
    """
    sign = -1 if is_ask else 1
    market, index, mark = floor.market, floor.index_ticks, floor.mark_ticks
    by_index = index * (10_000 + sign * market.limit_y_1e4) // 10_000
    by_mark = mark * (10_000 + sign * market.limit_x_1e4) // 10_000
    if is_ask:
        return max(1, min(index, max(by_index, by_mark)))
    return max(index, min(by_index, by_mark))


def check_price(floor: Floor, order: Order) -> None:
    """Refuse a price beyond the venue's limit."""
    bound = bound_ticks(floor, order.is_ask)
    if order.ticks < bound if order.is_ask else order.ticks > bound:
        raise Refused(errors.PRICE_RANGE)


def check_money(exchange: Exchange, floor: Floor, order: Order) -> None:
    """Refuse what the account cannot pay, or what is beyond its highest risk limit."""
    if not may_grow(exchange, order):
        raise Refused(errors.NO_BALANCE)
    account = exchange.accounts[order.account]
    held = account.position(order.symbol, order.position_idx).lots
    after = abs(held + (-order.open_lots if order.is_ask else order.open_lots))
    most = floor.market.tiers[-1].limit_usdt * ATOM
    if after > abs(held) and floor.market.value(order.ticks, after) > most:
        raise Refused(errors.POSITION_LIMIT)
