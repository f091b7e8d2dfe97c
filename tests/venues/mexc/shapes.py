"""Spell what the venue tells of spot, in its own words: numbers and ids are texts."""

from decimal import Decimal
from typing import Any

from tests.venues.binance.shapes import side, status_of
from tests.venues.bybit.markets import SETTLE, Market, usdt
from tests.venues.bybit.orders import Execution, Order, Tif

Words = dict[str, Any]
TYPES = {
    Tif.GTC: "LIMIT",
    Tif.POST_ONLY: "LIMIT_MAKER",
    Tif.IOC: "IMMEDIATE_OR_CANCEL",
    Tif.FOK: "FILL_OR_KILL",
}
TYPE_NUMBERS = {Tif.GTC: 1, Tif.POST_ONLY: 2, Tif.IOC: 3, Tif.FOK: 4}
NUMBERS = {"NEW": 1, "FILLED": 2, "PARTIALLY_FILLED": 3, "CANCELED": 4, "PARTIALLY_CANCELED": 5}
ORDER_MARK, DEAL_MARK = "C02__", "X1"


def order_id(order: Order) -> str:
    """Return the venue's id of an order."""
    return f"{ORDER_MARK}{order.number}"


def deal_id(made: Execution) -> str:
    """Return the venue's id of a trade."""
    return f"{made.number}{DEAL_MARK}"


def status(order: Order, word: str) -> str:
    """Return where an order stands, by the word of another venue."""
    if word in ("NEW", "FILLED", "PARTIALLY_FILLED"):
        return word
    return "PARTIALLY_CANCELED" if order.filled_lots else "CANCELED"


def order_row(market: Market, order: Order) -> Words:
    """Spell an order, as pages of many have it."""
    return {
        "symbol": order.symbol,
        "orderId": order_id(order),
        "orderListId": -1,
        "clientOrderId": order.link_id,
        "price": market.price(order.ticks),
        "origQty": market.size(order.lots),
        "executedQty": market.size(order.filled_lots),
        "cummulativeQuoteQty": usdt(order.filled_value),
        "status": status(order, status_of(order)),
        "timeInForce": None,
        "type": TYPES[order.tif],
        "side": side(order.is_ask),
        "stopPrice": None,
        "icebergQty": None,
        "time": order.created_ns // 1_000_000,
        "updateTime": order.updated_ns // 1_000_000,
        "isWorking": order.is_open,
        "origQuoteOrderQty": usdt(market.value(order.ticks, order.lots)),
    }


def made_row(market: Market, order: Order, now_ms: int) -> Words:
    """Spell the answer to an order: it does not say where it stands."""
    row = order_row(market, order)
    names = ("symbol", "orderId", "orderListId", "price", "origQty", "type", "side")
    return {**{name: row[name] for name in names}, "transactTime": now_ms}


def cancelled_row(market: Market, order: Order) -> Words:
    """Spell the answer to a cancel: the order's own id is the original one."""
    row = order_row(market, order)
    return {**row, "origClientOrderId": order.link_id, "clientOrderId": None}


def trade_row(market: Market, made: Execution, fee: tuple[Decimal, str]) -> Words:
    """Spell a trade of the account."""
    return {
        "symbol": made.symbol,
        "id": deal_id(made),
        "orderId": order_id(made.order) if made.order else "",
        "orderListId": -1,
        "price": market.price(made.ticks),
        "qty": market.size(made.lots),
        "quoteQty": usdt(market.value(made.ticks, made.lots)),
        "commission": f"{fee[0]:f}",
        "commissionAsset": fee[1],
        "time": made.at_ns // 1_000_000,
        "isBuyer": not made.is_ask,
        "isMaker": made.is_maker,
        "isBestMatch": True,
        "isSelfTrade": False,
        "clientOrderId": made.order.link_id if made.order else None,
    }


def order_push(market: Market, order: Order, word: str, at_ms: int) -> Words:
    """Spell an order of the account's stream."""
    left = order.lots - order.filled_lots
    return {
        "channel": "spot@private.orders.v3.api.pb",
        "symbol": order.symbol,
        "sendTime": at_ms,
        "privateOrders": {
            "id": order_id(order),
            "clientId": order.link_id,
            "price": market.price(order.ticks),
            "quantity": market.size(order.lots),
            "amount": usdt(market.value(order.ticks, order.lots)),
            "avgPrice": "0",
            "orderType": TYPE_NUMBERS[order.tif],
            "tradeType": 2 if order.is_ask else 1,
            "remainQuantity": market.size(left),
            "remainAmount": usdt(market.value(order.ticks, left)),
            "cumulativeQuantity": market.size(order.filled_lots),
            "cumulativeAmount": usdt(order.filled_value),
            "status": NUMBERS[status(order, word)],
            "createTime": order.created_ns // 1_000_000,
        },
    }


def deal_push(market: Market, order: Order, made: Execution, fee: tuple[Decimal, str]) -> Words:
    """Spell a trade of the account's stream."""
    at_ms = made.at_ns // 1_000_000
    return {
        "channel": "spot@private.deals.v3.api.pb",
        "symbol": made.symbol,
        "sendTime": at_ms,
        "privateDeals": {
            "price": market.price(made.ticks),
            "quantity": market.size(made.lots),
            "amount": usdt(market.value(made.ticks, made.lots)),
            "tradeType": 2 if made.is_ask else 1,
            "isMaker": made.is_maker,
            "tradeId": deal_id(made),
            "clientOrderId": order.link_id,
            "orderId": order_id(order),
            "feeAmount": f"{fee[0]:f}",
            "feeCurrency": fee[1],
            "time": at_ms,
        },
    }


def listing(market: Market) -> Words:
    """Spell a market's description."""
    return {
        "symbol": market.symbol,
        "status": "1" if market.status == "Trading" else "2",
        "baseAsset": market.base,
        "baseAssetPrecision": market.size_decimals,
        "quoteAsset": SETTLE,
        "quotePrecision": market.tick_decimals,
        "quoteAssetPrecision": market.tick_decimals,
        "baseCommissionPrecision": market.size_decimals,
        "quoteCommissionPrecision": market.tick_decimals,
        "orderTypes": ["LIMIT", "MARKET", "LIMIT_MAKER"],
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "quoteAmountPrecision": str(market.min_notional_usdt),
        "baseSizePrecision": market.size(market.min_lots),
        "permissions": ["SPOT"],
        "filters": [],
        "maxQuoteAmount": "2000000",
        "makerCommission": "0",
        "takerCommission": "0.0005",
        "tradeSideType": 1,
    }
