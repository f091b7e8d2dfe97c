"""Spell what the venue tells of spot, in its own words: numbers are decimal texts."""

from decimal import Decimal
from typing import Any

from tests.venues.binance.shapes import side, status_of
from tests.venues.bybit.markets import SETTLE, Market, usdt
from tests.venues.bybit.orders import Execution, Order, Tif

Words = dict[str, Any]
TIFS = {Tif.GTC: "GTC", Tif.IOC: "IOC", Tif.FOK: "FOK", Tif.POST_ONLY: "GTC"}


def kind_of(order: Order) -> str:
    """Return an order's type."""
    return "LIMIT_MAKER" if order.tif is Tif.POST_ONLY else "LIMIT"


def order_row(market: Market, order: Order) -> Words:
    """Spell an order, as reads and answers to writes have it."""
    return {
        "symbol": order.symbol,
        "orderId": order.number,
        "orderListId": -1,
        "clientOrderId": order.link_id,
        "price": market.price(order.ticks),
        "origQty": market.size(order.lots),
        "executedQty": market.size(order.filled_lots),
        "cummulativeQuoteQty": usdt(order.filled_value),
        "status": status_of(order),
        "timeInForce": TIFS[order.tif],
        "type": kind_of(order),
        "side": side(order.is_ask),
        "time": order.created_ns // 1_000_000,
        "updateTime": order.updated_ns // 1_000_000,
        "isWorking": order.is_open,
        "selfTradePreventionMode": "EXPIRE_MAKER",
    }


def cancelled_row(market: Market, order: Order) -> Words:
    """Spell the answer to a cancel: the order's own id is the original one."""
    words = order_row(market, order)
    return {**words, "origClientOrderId": order.link_id, "clientOrderId": f"x{order.number}"}


def order_event(
    market: Market, order: Order, what: str, status: str, made: Execution | None, fee: Words
) -> Words:
    """Spell what has happened to an order, with its trade where it was one."""
    at_ms = (made.at_ns if made else order.updated_ns) // 1_000_000
    is_cancel = what == "CANCELED"
    return {
        "e": "executionReport",
        "E": at_ms,
        "s": order.symbol,
        "c": f"x{order.number}" if is_cancel else order.link_id,
        "S": side(order.is_ask),
        "o": kind_of(order),
        "f": TIFS[order.tif],
        "q": market.size(order.lots),
        "p": market.price(order.ticks),
        "C": order.link_id if is_cancel else "",
        "x": what,
        "X": status,
        "r": "NONE",
        "i": order.number,
        "l": market.size(made.lots if made else 0),
        "z": market.size(order.filled_lots),
        "L": market.price(made.ticks if made else 0),
        "T": at_ms,
        "t": made.number if made else -1,
        "m": made is not None and made.is_maker,
        "n": "0",
        "N": None,
        **fee,
    }


def trade_row(market: Market, made: Execution, fee: tuple[Decimal, str]) -> Words:
    """Spell a trade of the account: it does not name the client's own id."""
    return {
        "symbol": made.symbol,
        "id": made.number,
        "orderId": made.order.number if made.order else 0,
        "price": market.price(made.ticks),
        "qty": market.size(made.lots),
        "quoteQty": usdt(market.value(made.ticks, made.lots)),
        "commission": f"{fee[0]:f}",
        "commissionAsset": fee[1],
        "time": made.at_ns // 1_000_000,
        "isBuyer": not made.is_ask,
        "isMaker": made.is_maker,
        "isBestMatch": True,
    }


def listing(market: Market) -> Words:
    """Spell a market's description."""
    tick, lot = market.short(1), market.size(1)
    most = market.size(market.max_lots)
    return {
        "symbol": market.symbol,
        "status": "TRADING" if market.status == "Trading" else "HALT",
        "baseAsset": market.base,
        "baseAssetPrecision": 8,
        "quoteAsset": SETTLE,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "9e6", "tickSize": tick},
            {
                "filterType": "LOT_SIZE",
                "minQty": market.size(market.min_lots),
                "maxQty": most,
                "stepSize": lot,
            },
            {
                "filterType": "NOTIONAL",
                "minNotional": str(market.min_notional_usdt),
                "applyMinToMarket": True,
                "maxNotional": "9000000",
                "applyMaxToMarket": False,
                "avgPriceMins": 5,
            },
        ],
    }
