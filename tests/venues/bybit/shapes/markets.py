"""Spell markets: their description, books, tape, day, candles and funding."""

from typing import Any

from tests.venues.bybit.exchange import Floor
from tests.venues.bybit.markets import SETTLE, Market, Tier, spelled, usdt
from tests.venues.bybit.orders import Trade, side_word

Words = dict[str, Any]
Rows = list[tuple[int, int]]


def instrument(market: Market) -> Words:
    """Spell a market's description."""
    return {
        "symbol": market.symbol,
        "contractType": "LinearPerpetual",
        "status": market.status,
        "baseCoin": market.base,
        "quoteCoin": SETTLE,
        "launchTime": "1584230400000",
        "deliveryTime": "0",
        "deliveryFeeRate": "",
        "priceScale": str(market.price_scale),
        "leverageFilter": {
            "minLeverage": "1",
            "maxLeverage": spelled(market.max_leverage_1e2, 2),
            "leverageStep": "0.01",
        },
        "priceFilter": {
            "minPrice": market.price(1),
            "maxPrice": market.price(19_999_998),
            "tickSize": market.price(1),
        },
        "lotSizeFilter": {
            "maxOrderQty": market.size(market.max_lots),
            "minOrderQty": market.size(market.min_lots),
            "qtyStep": market.size(1),
            "postOnlyMaxOrderQty": market.size(market.max_lots),
            "maxMktOrderQty": market.size(market.max_market_lots),
            "minNotionalValue": str(market.min_notional_usdt),
        },
        "unifiedMarginTrade": True,
        "fundingInterval": market.funding_min,
        "settleCoin": SETTLE,
        "copyTrading": "none",
        "upperFundingRate": funding_rate(market.funding_cap_1e8),
        "lowerFundingRate": funding_rate(-market.funding_cap_1e8),
        "isPreListing": False,
        "preListingInfo": None,
        "riskParameters": {
            "priceLimitRatioX": spelled(market.limit_x_1e4, 4),
            "priceLimitRatioY": spelled(market.limit_y_1e4, 4),
        },
        "displayName": "",
        "symbolType": "",
    }


def funding_rate(rate_1e8: int) -> str:
    """Spell a rate of funding."""
    return usdt(rate_1e8)


def risk_limit(market: Market, tier: Tier) -> Words:
    """Spell a risk limit."""
    return {
        "id": tier.risk_id,
        "symbol": market.symbol,
        "riskLimitValue": str(tier.limit_usdt),
        "maintenanceMargin": usdt(tier.maintenance_1e6 * 100),
        "initialMargin": usdt(tier.initial_1e6 * 100),
        "isLowestRisk": int(tier is market.tiers[0]),
        "maxLeverage": spelled(tier.max_leverage_1e2, 2),
        "mmDeduction": usdt(tier.deduction) if tier.deduction else "",
    }


def levels(market: Market, rows: Rows) -> list[list[str]]:
    """Spell (ticks, lots) rows; no lots: the level is gone."""
    return [[market.price(ticks), market.size(lots) if lots else "0"] for ticks, lots in rows]


def book(market: Market, bids: Rows, asks: Rows, update_id: int, seq: int) -> Words:
    """Spell a book or its changes."""
    return {
        "s": market.symbol,
        "b": levels(market, bids),
        "a": levels(market, asks),
        "u": update_id,
        "seq": seq,
    }


def trade(market: Market, it: Trade) -> Words:
    """Spell a trade as the read of recent trades does."""
    return {
        "execId": it.trade_id,
        "symbol": it.symbol,
        "price": market.price(it.ticks),
        "size": market.size(it.lots),
        "side": side_word(it.taker_is_ask),
        "time": str(it.at_ns // 1_000_000),
        "isBlockTrade": False,
        "isRPITrade": False,
        "seq": str(it.seq),
    }


def tape(market: Market, it: Trade, direction: str) -> Words:
    """Spell a trade as the stream does."""
    return {
        "T": it.at_ns // 1_000_000,
        "s": it.symbol,
        "S": side_word(it.taker_is_ask),
        "v": market.size(it.lots),
        "p": market.price(it.ticks),
        "L": direction,
        "i": it.trade_id,
        "BT": False,
        "RPI": False,
        "seq": it.seq,
    }


def ticker(floor: Floor, is_stream: bool = False) -> Words:
    """Spell a market's day, its marks and its funding."""
    market = floor.market
    bids, asks = floor.book.bids.levels(1), floor.book.asks.levels(1)
    words: Words = {
        "symbol": market.symbol,
        "lastPrice": market.price(floor.last_ticks),
        "indexPrice": market.price(floor.index_ticks),
        "markPrice": market.price(floor.mark_ticks),
        "prevPrice24h": market.price(floor.opened_ticks),
        "price24hPcnt": f"{floor.last_ticks / floor.opened_ticks - 1.0:.6f}",
        "highPrice24h": market.price(floor.high_ticks or floor.last_ticks),
        "lowPrice24h": market.price(floor.low_ticks or floor.last_ticks),
        "prevPrice1h": market.price(floor.opened_ticks),
        "openInterest": market.size(floor.open_lots),
        "openInterestValue": usdt(market.value(floor.mark_ticks, floor.open_lots)),
        "turnover24h": usdt(floor.traded_value),
        "volume24h": market.size(floor.traded_lots),
        "fundingRate": funding_rate(floor.rate_1e8),
        "nextFundingTime": str(floor.next_funding_ns // 1_000_000),
        "bid1Price": market.price(bids[0][0]) if bids else "",
        "bid1Size": market.size(bids[0][1]) if bids else "",
        "ask1Price": market.price(asks[0][0]) if asks else "",
        "ask1Size": market.size(asks[0][1]) if asks else "",
        "predictedDeliveryPrice": "",
        "basisRate": "",
        "deliveryFeeRate": "",
        "deliveryTime": "0",
        "fundingIntervalHour": spelled(market.funding_min // 60, 0),
        "fundingCap": funding_rate(market.funding_cap_1e8),
        "preOpenPrice": "",
        "preQty": "",
        "curPreListingPhase": "",
    }
    return {"tickDirection": floor.direction, **words} if is_stream else words


def candles(floor: Floor, minutes: int, most: int) -> list[list[str]]:
    """Spell candles of so many minutes, the newest first."""
    market = floor.market
    rows: dict[int, list[int]] = {}
    for minute, row in sorted(floor.candles.items()):
        start = minute - minute % minutes
        kept = rows.setdefault(start, [row[0], row[1], row[2], row[3], 0, 0])
        kept[1], kept[2], kept[3] = max(kept[1], row[1]), min(kept[2], row[2]), row[3]
        kept[4], kept[5] = kept[4] + row[4], kept[5] + row[5]
    newest = sorted(rows.items(), reverse=True)[:most]
    return [
        [
            str(start * 60_000),
            *(market.price(ticks) for ticks in row[:4]),
            market.size(row[4]),
            usdt(row[5]),
        ]
        for start, row in newest
    ]
