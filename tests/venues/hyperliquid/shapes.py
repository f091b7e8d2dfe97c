"""Spell what the venue tells, in its own words: decimal texts, sizes in base."""

from typing import Any

from tests.venues.bybit.accounts import ISOLATED, Account
from tests.venues.bybit.exchange import Exchange, Floor
from tests.venues.bybit.margin import Worth, held_of
from tests.venues.bybit.markets import Market, spelled, usdt
from tests.venues.bybit.orders import Execution, Order, Status, Tif
from tests.venues.hyperliquid.keys import address_of
from tests.venues.hyperliquid.markets import SETTLE, short

Words = dict[str, Any]
TIFS = {Tif.GTC: "Gtc", Tif.IOC: "Ioc", Tif.POST_ONLY: "Alo"}
ENDS = {
    "CancelByUser": "canceled",
    "CancelBySmp": "selfTradeCanceled",
    "CancelAllBeforeLiq": "liquidatedCanceled",
    "CancelByAdmin": "marginCanceled",
    "CancelByCannotAffordOrderCost": "perpMarginRejected",
    "EC_PostOnlyWillTakeLiquidity": "badAloPxRejected",
    "EC_NoImmediateQtyToFill": "iocCancelRejected",
    "EC_CancelForNoFullFill": "canceled",
}
DIRS = {"BustTrade": "Liquidated Cross Position", "AdlTrade": "Auto-Deleveraging"}
DEPTH = 20


def side(is_ask: bool) -> str:
    """Return a side."""
    return "A" if is_ask else "B"


def status_of(order: Order) -> str:
    """Return where an order stands."""
    match order.status:
        case Status.NEW | Status.PARTIAL:
            return "open"
        case Status.FILLED:
            return "filled"
        case _:
            pass
    if order.cancel_type == "CancelByReduceOnly":
        return "reduceOnlyCanceled" if order.filled_lots else "reduceOnlyRejected"
    return ENDS.get(order.cancel_type) or ENDS.get(order.reason, "rejected")


def order_row(market: Market, order: Order) -> Words:
    """Spell an order."""
    decimals = market.size_decimals
    return {
        "coin": order.symbol,
        "side": side(order.is_ask),
        "limitPx": short(order.ticks, market.tick_decimals),
        "sz": short(order.lots - order.filled_lots, decimals),
        "oid": order.number,
        "timestamp": order.created_ns // 1_000_000,
        "triggerCondition": "N/A",
        "isTrigger": False,
        "triggerPx": "0.0",
        "children": [],
        "isPositionTpsl": False,
        "reduceOnly": order.reduce_only,
        "orderType": "Limit",
        "origSz": short(order.lots, decimals),
        "tif": TIFS.get(order.tif, "Gtc"),
        "cloid": order.link_id or None,
    }


def update_row(market: Market, order: Order) -> Words:
    """Spell an order and what has become of it."""
    return {
        "order": order_row(market, order),
        "status": status_of(order),
        "statusTimestamp": order.updated_ns // 1_000_000,
    }


def fill_row(market: Market, made: Execution, uid: int) -> Words:
    """Spell a trade of an account's."""
    order = made.order
    words = {
        "coin": made.symbol,
        "px": short(made.ticks, market.tick_decimals),
        "sz": short(made.lots, market.size_decimals),
        "side": side(made.is_ask),
        "time": made.at_ns // 1_000_000,
        "startPosition": "0.0",
        "dir": DIRS.get(made.kind, "Open Short" if made.is_ask else "Open Long"),
        "closedPnl": "0.0",
        "hash": f"0x{made.number:064x}",
        "oid": order.number if order else 0,
        "crossed": not made.is_maker,
        "fee": usdt(made.fee),
        "tid": made.number,
        "feeToken": SETTLE,
        "twapId": None,
    }
    if order is not None and order.link_id:
        words["cloid"] = order.link_id
    if made.kind == "BustTrade":
        mark = short(made.mark_ticks, market.tick_decimals)
        by = {"liquidatedUser": address_of(uid), "markPx": mark, "method": "market"}
        words["liquidation"] = by
    return words


def funding_row(made: Execution) -> Words:
    """Spell a payment of funding."""
    return {
        "time": made.at_ns // 1_000_000,
        "hash": "0x" + "0" * 64,
        "delta": {
            "type": "funding",
            "coin": made.symbol,
            "usdc": usdt(-made.fee),
            "szi": "0.0",
            "fundingRate": spelled(made.rate_1e8, 8),
            "nSamples": None,
        },
    }


def leverage_row(account: Account, symbol: str) -> Words:
    """Spell what an account has chosen for a market."""
    mode = "isolated" if account.margin_mode == ISOLATED else "cross"
    return {"type": mode, "value": account.leverage(symbol, False) // 100}


def position_row(exchange: Exchange, account: Account, symbol: str) -> Words:
    """Spell a position."""
    floor, position = exchange.floors[symbol], account.position(symbol)
    market, lots = floor.market, abs(position.lots)
    held = held_of(exchange, account, symbol, position)
    ticks = held.liquidation_ticks
    return {
        "type": "oneWay",
        "position": {
            "coin": symbol,
            "szi": short(position.lots, market.size_decimals),
            "leverage": leverage_row(account, symbol),
            "entryPx": usdt(position.entry * 10**market.size_decimals // lots),
            "positionValue": usdt(held.value),
            "unrealizedPnl": usdt(held.unrealized),
            "returnOnEquity": "0.0",
            "liquidationPx": short(ticks, market.tick_decimals) if ticks else None,
            "marginUsed": usdt(held.initial),
            "maxLeverage": 50,
        },
    }


def state(exchange: Exchange, account: Account, health: Worth) -> Words:
    """Spell what an account has."""
    summary = {
        "accountValue": usdt(health.equity),
        "totalNtlPos": "0.0",
        "totalRawUsd": usdt(health.wallet),
        "totalMarginUsed": usdt(health.position_initial),
    }
    held = [symbol for (symbol, _), p in account.positions.items() if p.lots]
    return {
        "assetPositions": [position_row(exchange, account, symbol) for symbol in held],
        "crossMarginSummary": summary,
        "marginSummary": summary,
        "crossMaintenanceMarginUsed": usdt(health.maintenance),
        "withdrawable": usdt(health.available),
        "time": exchange.now_ms,
    }


def meta(exchange: Exchange) -> Words:
    """Spell every perpetual."""
    markets = [floor.market for floor in exchange.floors.values()]
    universe = [
        {"name": m.symbol, "szDecimals": m.size_decimals, "maxLeverage": 50}
        | ({} if m.status == "Trading" else {"isDelisted": True})
        for m in markets
    ]
    return {"universe": universe, "marginTables": []}


def context(floor: Floor) -> Words:
    """Spell mark, oracle and funding."""
    decimals = floor.market.tick_decimals
    mark, oracle = short(floor.mark_ticks, decimals), short(floor.index_ticks, decimals)
    return {
        "funding": spelled(floor.rate_1e8, 8),
        "openInterest": "0.0",
        "prevDayPx": mark,
        "dayNtlVlm": "0.0",
        "premium": "0.0",
        "oraclePx": oracle,
        "markPx": mark,
        "midPx": mark,
        "impactPxs": [mark, mark],
        "dayBaseVlm": "0.0",
    }


def book(floor: Floor, now_ms: int) -> Words:
    """Spell the whole of what is told of a book."""
    market = floor.market
    levels = [
        [
            {
                "px": short(ticks, market.tick_decimals),
                "sz": short(lots, market.size_decimals),
                "n": 1,
            }
            for ticks, lots in of.levels(DEPTH)
        ]
        for of in (floor.book.bids, floor.book.asks)
    ]
    return {"coin": market.symbol, "time": now_ms, "levels": levels}
