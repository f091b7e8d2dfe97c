"""Spell what the venue tells, in its own words: numbers are decimal texts."""

from typing import Any

from tests.venues.bybit.accounts import ISOLATED, Account
from tests.venues.bybit.exchange import Floor
from tests.venues.bybit.margin import Held
from tests.venues.bybit.markets import SETTLE, Market, usdt
from tests.venues.bybit.orders import BY_SMP, Execution, Order, Status, Tif

Words = dict[str, Any]
TIFS = {Tif.GTC: "GTC", Tif.IOC: "IOC", Tif.FOK: "FOK", Tif.POST_ONLY: "GTX"}
BY_WISH = frozenset({"CancelByUser", "CancelByDCP", "CancelByAdmin"})


def status_of(order: Order) -> str:
    """Return where an order stands."""
    match order.status:
        case Status.NEW:
            return "NEW"
        case Status.PARTIAL:
            return "PARTIALLY_FILLED"
        case Status.FILLED:
            return "FILLED"
        case Status.REJECTED:
            return "REJECTED"
    if order.cancel_type == BY_SMP.cancel_type:
        return "EXPIRED_IN_MATCH"
    return "CANCELED" if order.cancel_type in BY_WISH else "EXPIRED"


def client_id(order: Order) -> str:
    """Return the client's word, or what the venue calls an order of its own."""
    is_ours = order.create_type == "CreateByUser"
    return order.link_id if is_ours else f"autoclose-{order.number}"


def side(is_ask: bool) -> str:
    """Return a side."""
    return "SELL" if is_ask else "BUY"


def order_row(market: Market, order: Order) -> Words:
    """Spell an order, as reads and answers to writes have it."""
    value = order.filled_value
    average = usdt(value * 10**market.size_decimals // order.filled_lots) if value else "0"
    return {
        "orderId": order.number,
        "symbol": order.symbol,
        "status": status_of(order),
        "clientOrderId": client_id(order),
        "price": market.price(0 if order.is_market else order.ticks),
        "avgPrice": average,
        "origQty": market.size(order.lots),
        "executedQty": market.size(order.filled_lots),
        "cumQuote": usdt(value),
        "timeInForce": TIFS[order.tif],
        "type": "MARKET" if order.is_market else "LIMIT",
        "reduceOnly": order.reduce_only,
        "closePosition": False,
        "side": side(order.is_ask),
        "positionSide": "BOTH",
        "stopPrice": "0",
        "workingType": "CONTRACT_PRICE",
        "priceProtect": False,
        "origType": "LIMIT",
        "priceMatch": "NONE",
        "selfTradePreventionMode": "NONE",
        "goodTillDate": 0,
        "time": order.created_ns // 1_000_000,
        "updateTime": order.updated_ns // 1_000_000,
    }


def order_event(
    market: Market, order: Order, what: str, status: str, made: Execution | None
) -> Words:
    """Spell what has happened to an order, with its trade where it was one."""
    at_ms = (made.at_ns if made else order.updated_ns) // 1_000_000
    body: Words = {
        "s": order.symbol,
        "c": client_id(order),
        "S": side(order.is_ask),
        "o": "MARKET" if order.is_market else "LIMIT",
        "f": TIFS[order.tif],
        "q": market.size(order.lots),
        "p": market.price(order.ticks),
        "ap": "0",
        "sp": "0",
        "x": what,
        "X": status,
        "i": order.number,
        "l": market.size(made.lots if made else 0),
        "z": market.size(order.filled_lots),
        "L": market.price(made.ticks if made else 0),
        "T": at_ms,
        "t": made.number if made else 0,
        "b": "0",
        "a": "0",
        "m": made is not None and made.is_maker,
        "R": order.reduce_only,
        "ps": "BOTH",
        "rp": "0",
        "V": "NONE",
    }
    if made is not None:
        body |= {"N": SETTLE, "n": usdt(made.fee)}
    return {"e": "ORDER_TRADE_UPDATE", "E": at_ms, "T": at_ms, "o": body}


def trade_row(market: Market, made: Execution) -> Words:
    """Spell a trade of the account: it does not name the client's own id."""
    order = made.order
    return {
        "buyer": not made.is_ask,
        "commission": usdt(made.fee),
        "commissionAsset": SETTLE,
        "id": made.number,
        "maker": made.is_maker,
        "orderId": order.number if order else 0,
        "price": market.price(made.ticks),
        "qty": market.size(made.lots),
        "quoteQty": usdt(market.value(made.ticks, made.lots)),
        "realizedPnl": "0",
        "side": side(made.is_ask),
        "positionSide": "BOTH",
        "symbol": made.symbol,
        "time": made.at_ns // 1_000_000,
    }


def entry(market: Market, lots: int, value: int) -> str:
    """Spell what a position has cost, a unit."""
    return usdt(value * 10**market.size_decimals // abs(lots)) if lots else "0.0"


def position_row(floor: Floor, account: Account, held: Held) -> Words:
    """Spell a position of a read (v2), flat or not."""
    market = floor.market
    position = account.position(market.symbol)
    return {
        "entryPrice": entry(market, position.lots, position.entry),
        "breakEvenPrice": entry(market, position.lots, position.entry),
        "marginType": "isolated" if account.margin_mode == ISOLATED else "cross",
        "isAutoAddMargin": "false",
        "isolatedMargin": usdt(held.balance),
        "leverage": str(account.leverage(market.symbol, False) // 100),
        "liquidationPrice": market.price(held.liquidation_ticks),
        "markPrice": market.price(floor.mark_ticks),
        "maxNotionalValue": "50000000",
        "positionAmt": market.size(position.lots),
        "notional": usdt(held.value),
        "isolatedWallet": usdt(held.balance),
        "symbol": market.symbol,
        "unRealizedProfit": usdt(held.unrealized),
        "positionSide": "BOTH",
        "updateTime": position.updated_ns // 1_000_000,
    }


def account_event(floor: Floor, account: Account, why: str, now_ms: int) -> Words:
    """Spell how money and one position have changed."""
    market, position = floor.market, account.position(floor.market.symbol)
    is_isolated = account.margin_mode == ISOLATED
    money = {"a": SETTLE, "wb": usdt(account.wallet), "cw": usdt(account.wallet), "bc": "0"}
    held = {
        "s": market.symbol,
        "pa": market.size(position.lots),
        "ep": entry(market, position.lots, position.entry),
        "bep": "0",
        "cr": "0",
        "up": "0",
        "mt": "isolated" if is_isolated else "cross",
        "iw": "0",
        "ps": "BOTH",
    }
    body = {"m": why, "B": [money], "P": [held]}
    return {"e": "ACCOUNT_UPDATE", "E": now_ms, "T": now_ms, "a": body}


def listing(market: Market) -> Words:
    """Spell a market's description."""
    tick, lot = market.short(1), market.size(1)
    return {
        "symbol": market.symbol,
        "pair": market.symbol,
        "contractType": "PERPETUAL",
        "deliveryDate": 4_133_404_800_000,
        "onboardDate": 1_569_398_400_000,
        "status": "TRADING" if market.status == "Trading" else "SETTLING",
        "baseAsset": market.base,
        "quoteAsset": SETTLE,
        "marginAsset": SETTLE,
        "pricePrecision": market.tick_decimals,
        "quantityPrecision": market.size_decimals,
        "filters": [
            {
                "filterType": "PRICE_FILTER",
                "minPrice": tick,
                "maxPrice": "9e6",
                "tickSize": tick,
            },
            {
                "filterType": "LOT_SIZE",
                "minQty": market.size(market.min_lots),
                "maxQty": market.size(market.max_lots),
                "stepSize": lot,
            },
            {
                "filterType": "MARKET_LOT_SIZE",
                "minQty": lot,
                "maxQty": market.size(market.max_market_lots),
                "stepSize": lot,
            },
            {"filterType": "MIN_NOTIONAL", "notional": str(market.min_notional_usdt)},
        ],
        "orderTypes": ["LIMIT", "MARKET"],
        "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
    }


def levels(market: Market, rows: list[tuple[int, int]]) -> list[list[str]]:
    """Spell levels of a book."""
    return [[market.price(ticks), market.size(lots)] for ticks, lots in rows]
