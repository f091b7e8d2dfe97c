"""Spell what the venue tells, in its own words: sizes in contracts."""

from typing import Any

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Floor
from tests.venues.bybit.margin import Held, Worth
from tests.venues.bybit.markets import SETTLE, Market, spelled, usdt
from tests.venues.bybit.orders import Execution, Order, Status, Tif
from tests.venues.kucoin.admission import mode_of
from tests.venues.kucoin.markets import BASES

Words = dict[str, Any]
KINDS = {"Trade": "trade", "BustTrade": "liquid", "AdlTrade": "adl"}
MS = 1_000_000


def side(is_ask: bool) -> str:
    """Return a side."""
    return "sell" if is_ask else "buy"


def moment_ns(at_ns: int) -> int:
    """Return a moment of the engine: nanoseconds, to the millisecond."""
    return at_ns // MS * MS


def order_event(
    market: Market, order: Order, what: str, account: Account, made: Execution | None
) -> Words:
    """Spell what has happened to an order."""
    words = {
        "symbol": order.symbol,
        "orderType": "market" if order.is_market else "limit",
        "side": side(order.is_ask),
        "orderId": str(order.number),
        "positionSide": "BOTH",
        "marginMode": mode_of(account),
        "type": what,
        "orderTime": order.created_ns,
        "size": str(order.lots),
        "filledSize": str(order.filled_lots),
        "canceledSize": str(order.lots - order.filled_lots if what == "canceled" else 0),
        "price": market.short(order.ticks),
        "remainSize": str(order.open_lots),
        "clientOid": order.link_id,
        "tradeType": "trade" if order.create_type == "CreateByUser" else "liquid",
        "status": {"open": "open", "update": "open", "match": "match"}.get(what, "done"),
        "ts": moment_ns(order.updated_ns),
    }
    return words if made is None else {**words, **_match(market, made)}


def _match(market: Market, made: Execution) -> Words:
    return {
        "liquidity": "maker" if made.is_maker else "taker",
        "feeType": "makerFee" if made.is_maker else "takerFee",
        "matchPrice": market.short(made.ticks),
        "matchSize": str(made.lots),
        "tradeId": str(made.number),
        "tradeType": KINDS[made.kind],
        "ts": moment_ns(made.at_ns),
    }


def order_row(market: Market, order: Order, account: Account) -> Words:
    """Spell an order of a read."""
    is_open = order.is_open
    return {
        "id": str(order.number),
        "symbol": order.symbol,
        "type": "market" if order.is_market else "limit",
        "side": side(order.is_ask),
        "price": market.short(order.ticks),
        "size": order.lots,
        "value": usdt(market.value(order.ticks, order.lots)),
        "dealValue": usdt(order.filled_value),
        "dealSize": order.filled_lots,
        "timeInForce": order.tif if order.tif in (Tif.IOC, Tif.FOK) else "GTC",
        "postOnly": order.tif is Tif.POST_ONLY,
        "hidden": False,
        "leverage": leverage(account, order.symbol),
        "clientOid": order.link_id,
        "isActive": is_open,
        "cancelExist": not is_open and order.status is not Status.FILLED,
        "createdAt": order.created_ns // MS,
        "updatedAt": order.updated_ns // MS,
        "endAt": None if is_open else order.updated_ns // MS,
        "orderTime": order.created_ns,
        "settleCurrency": SETTLE,
        "marginMode": mode_of(account),
        "filledSize": order.filled_lots,
        "filledValue": usdt(order.filled_value),
        "status": "open" if is_open else "done",
        "reduceOnly": order.reduce_only,
    }


def fill_row(market: Market, made: Execution) -> Words:
    """Spell a trade of a read: it does not name the client's own id."""
    return {
        "symbol": made.symbol,
        "tradeId": str(made.number),
        "orderId": str(made.order.number) if made.order else "0",
        "side": side(made.is_ask),
        "liquidity": "maker" if made.is_maker else "taker",
        "price": market.short(made.ticks),
        "size": made.lots,
        "value": usdt(market.value(made.ticks, made.lots)),
        "feeRate": spelled(made.rate_1e8, 8),
        "feeCurrency": SETTLE,
        "tradeTime": moment_ns(made.at_ns),
        "marginMode": "CROSS",
        "settleCurrency": SETTLE,
        "fee": usdt(made.fee),
        "orderType": "limit",
        "tradeType": KINDS[made.kind],
        "createdAt": made.at_ns // MS + 40,
    }


def paid_row(made: Execution) -> Words:
    """Spell a payment of funding."""
    return {
        "id": made.number,
        "symbol": made.symbol,
        "timePoint": made.at_ns // MS,
        "fundingRate": made.rate_1e8 / 1e8,
        "positionQty": made.lots,
        "funding": -made.fee / 1e8,
        "settleCurrency": SETTLE,
    }


def leverage(account: Account, symbol: str) -> str:
    """Spell a market's leverage."""
    return str(account.leverage(symbol, False) // 100)


def position_row(floor: Floor, account: Account, held: Held, now_ms: int) -> Words:
    """Spell a position, flat or not."""
    market = floor.market
    position = account.position(market.symbol)
    lots = abs(position.lots)
    entry = position.entry / (lots * market.unit) / 10**market.tick_decimals if lots else 0.0
    brink = held.liquidation_ticks / 10**market.tick_decimals
    return {
        "symbol": market.symbol,
        "crossMode": mode_of(account) == "CROSS",
        "marginMode": mode_of(account),
        "positionSide": "SHORT" if market.symbol in account.hedged else "BOTH",
        "delevPercentage": 0.1,
        "currentTimestamp": now_ms,
        "currentQty": position.lots,
        "isOpen": bool(lots),
        "markPrice": float(market.short(floor.mark_ticks)),
        "avgEntryPrice": entry,
        "liquidationPrice": brink if lots else 0.0,
        "leverage": float(leverage(account, market.symbol)),
        "realLeverage": float(leverage(account, market.symbol)),
        "settleCurrency": SETTLE,
        "changeReason": "positionChange",
    }


def wallet(health: Worth, now_ms: int) -> Words:
    """Spell what an account has."""
    return {
        "currency": SETTLE,
        "equity": usdt(health.equity),
        "walletBalance": usdt(health.wallet),
        "availableBalance": usdt(health.available),
        "holdBalance": "0",
        "crossUnPnl": usdt(health.unrealized),
        "crossPosMargin": usdt(health.position_initial),
        "crossOrderMargin": usdt(health.order_initial),
        "version": str(now_ms),
        "timestamp": str(now_ms),
    }


def listing(floor: Floor, now_ms: int) -> Words:
    """Spell a market's description."""
    market, due_ms = floor.market, floor.next_funding_ns // MS
    return {
        "symbol": market.symbol,
        "rootSymbol": SETTLE,
        "type": "FFWCSX",
        "baseCurrency": BASES.get(market.base, market.base),
        "quoteCurrency": SETTLE,
        "settleCurrency": SETTLE,
        "maxOrderQty": market.max_lots,
        "lotSize": 1,
        "tickSize": float(market.short(1)),
        "multiplier": float(market.size(1)),
        "isInverse": False,
        "isQuanto": False,
        "status": "Open" if market.status == "Trading" else "Paused",
        "makerFeeRate": 2.0e-4,
        "takerFeeRate": 6.0e-4,
        "markPrice": float(market.short(floor.mark_ticks)),
        "indexPrice": float(market.short(floor.index_ticks)),
        "fundingFeeRate": floor.rate_1e8 / 1e8,
        "fundingRateGranularity": market.funding_min * 60_000,
        "nextFundingRateTime": due_ms - now_ms,
        "nextFundingRateDateTime": due_ms,
    }


def levels(market: Market, rows: list[tuple[int, int]]) -> list[list[float | int]]:
    """Spell levels of a snapshot."""
    return [[float(market.short(ticks)), lots] for ticks, lots in rows]
