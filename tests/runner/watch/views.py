"""Make views of markets that look real."""

from dataclasses import replace
from decimal import Decimal

from runner.watch.view import MarketView

NOW_NS = 1_782_907_231_123_456_789

BTC = MarketView(
    name="btc",
    quote="USDT",
    mid="100000.15",
    bid="99995.2",
    ask="100004.9",
    inventory_clips=-1.25,
    sigma_bps=0.512,
    net_quote=Decimal("0.1234"),
    fills=1_204,
    bid_reasons=("kept",),
    ask_reasons=("kept", "size_skew"),
    age_s=0.02,
    bid_markout_bps=-0.41,
    ask_markout_bps=0.12,
    uptime_frac=0.873,
)
ETH = replace(
    BTC,
    name="eth",
    mid="3500.125",
    bid="",
    ask="3500.45",
    net_quote=Decimal("-0.0231"),
    fills=3,
    bid_reasons=("inventory_limit",),
    ask_reasons=(),
    age_s=None,
    bid_markout_bps=None,
    ask_markout_bps=None,
    uptime_frac=None,
)


def coins(n: int) -> list[MarketView]:
    """Return as many markets."""
    return [replace(BTC, name=f"coin{k:02d}") for k in range(n)]
