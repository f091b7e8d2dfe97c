"""Spell markets: their description, their day and their funding."""

from typing import Any

from tests.venues.lighter.exchange import Floor
from tests.venues.lighter.markets import Market, spelled, usdc

Words = dict[str, Any]


def market_stats(floor: Floor, now_ns: int) -> Words:
    """Spell a market's day. Rates of funding are percent an hour."""
    market, mark = floor.market, floor.mark_ticks
    return {
        "symbol": market.symbol,
        "market_id": market.market_id,
        "index_price": market.price(round(floor.value_ticks)),
        "mark_price": market.price(mark),
        "mid_price": market.price(mark),
        "open_interest": usdc(floor.open_interest_lots * mark),
        "open_interest_limit": "72057594037927936.000000",
        "funding_clamp_small": "0.0500",
        "funding_clamp_big": "4.0000",
        "last_trade_price": market.price(floor.last_ticks),
        "base_interest_rate": "0.0100",
        "current_funding_rate": percent(floor.estimate_1e6),
        "funding_rate": percent(floor.paid_1e6),
        "funding_timestamp": floor.paid_at_ms,
        **_day(floor),
    }


def spot_frame(kind: str, floor: Floor, now_ns: int) -> Words:
    """Spell a frame of a spot market's day: it has no mark and no funding."""
    market = floor.market
    words = {
        "symbol": market.symbol,
        "market_id": market.market_id,
        "index_price": market.price(round(floor.value_ticks)),
        "mid_price": market.price(floor.mark_ticks),
        "last_trade_price": market.price(floor.last_ticks),
        **_day(floor),
    }
    return {
        "channel": f"spot_market_stats:{market.market_id}",
        "spot_market_stats": words,
        "timestamp": now_ns // 1_000_000,
        "type": f"{kind}/spot_market_stats",
    }


def percent(rate_1e6: int) -> str:
    """Spell a rate in 1e-6 as percent."""
    return spelled(rate_1e6, 4)


def _day(floor: Floor) -> Words:
    scale = 10.0**-floor.market.price_decimals
    change = 100.0 * (floor.last_ticks / floor.opened_ticks - 1.0)
    return {
        "daily_base_token_volume": floor.traded_lots * 10.0**-floor.market.size_decimals,
        "daily_quote_token_volume": floor.traded_micro * 1e-6,
        "daily_price_low": (floor.low_ticks or floor.last_ticks) * scale,
        "daily_price_high": (floor.high_ticks or floor.last_ticks) * scale,
        "daily_price_change": change,
    }


def stats_frame(kind: str, channel: str, words: Words, now_ns: int) -> Words:
    """Spell a frame of market_stats, of one market or of all."""
    return {
        "channel": f"market_stats:{channel}",
        "market_stats": words,
        "timestamp": now_ns // 1_000_000,
        "type": f"{kind}/market_stats",
    }


def order_book(market: Market) -> Words:
    """Spell a market as `orderBooks` lists it."""
    return {
        "symbol": market.symbol,
        "market_id": market.market_id,
        "market_type": "spot" if market.is_spot else "perp",
        "base_asset_id": market.base_asset_id,
        "quote_asset_id": market.quote_asset_id,
        "status": market.status,
        "taker_fee": "0.0000",
        "is_taker_fee_enabled": market.has_fees,
        "maker_fee": "0.0000",
        "is_maker_fee_enabled": market.has_fees,
        "liquidation_fee": "0.0000" if market.is_spot else "1.0000",
        "min_base_amount": market.size(market.min_lots),
        "min_quote_amount": usdc(market.min_quote_micro),
        "order_quote_limit": usdc(market.quote_limit_micro),
        "supported_size_decimals": market.size_decimals,
        "supported_price_decimals": market.price_decimals,
        "supported_quote_decimals": 6,
    }


def order_book_detail(floor: Floor) -> Words:
    """Spell a market as `orderBookDetails` describes it."""
    market = floor.market
    return {
        **order_book(market),
        "size_decimals": market.size_decimals,
        "price_decimals": market.price_decimals,
        "quote_multiplier": 1,
        "default_initial_margin_fraction": market.initial_margin_1e4,
        "min_initial_margin_fraction": market.least_margin_1e4,
        "maintenance_margin_fraction": market.maintenance_1e4,
        "closeout_margin_fraction": market.closeout_1e4,
        "last_trade_price": floor.last_ticks * 10.0**-market.price_decimals,
        "daily_trades_count": floor.trades_made,
        **_day(floor),
        "open_interest": floor.open_interest_lots * 10.0**-market.size_decimals,
        "daily_chart": {},
        "market_config": {
            "market_margin_mode": 0,
            "insurance_fund_account_index": 281_474_976_710_655,
            "liquidation_mode": 0,
            "force_reduce_only": market.force_reduce_only,
            "trading_hours": "",
            "funding_fee_discounts_enabled": False,
            "hidden": False,
            "rfq_enabled": True,
        },
        "strategy_index": 2,
    }


def spot_detail(floor: Floor) -> Words:
    """Spell a spot market as `orderBookDetails` describes it."""
    market = floor.market
    return {
        **order_book(market),
        "size_decimals": market.size_decimals,
        "price_decimals": market.price_decimals,
        "last_trade_price": floor.last_ticks * 10.0**-market.price_decimals,
        "daily_trades_count": floor.trades_made,
        **_day(floor),
        "daily_chart": {},
    }
