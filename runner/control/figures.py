"""List the figures of deploys and markets that are told as metrics: name, what it is, and where."""

from collections.abc import Callable
from decimal import Decimal

from runner.control.words import Market, Picture

US_PER_S = 1_000_000
NS_PER_S = 1_000_000_000

Number = float | int | Decimal | None
OfDeploy = tuple[str, str, Callable[[Picture], Number]]
OfMarket = tuple[str, str, Callable[[Market], Number]]
OfSides = tuple[str, str, Callable[[Market], tuple[Number, Number]]]


def _past_band_s(market: Market) -> Number:
    return None if market.hedge is None else market.hedge.past_band_s


def _unhedged_base(market: Market) -> Number:
    return None if market.hedge is None else market.hedge.unhedged_base


def _turn_p99_s(market: Market) -> Number:
    return None if market.turn_p99_us is None else market.turn_p99_us / US_PER_S


DEPLOY_GAUGES: tuple[OfDeploy, ...] = (
    ("mmrunner_healthy", "1 while the verdict is green.", lambda p: p.health.ok),
    ("mmrunner_findings", "What is wrong, counted.", lambda p: len(p.health.findings)),
    ("mmrunner_killed", "1 once the deploy is killed.", lambda p: bool(p.killed)),
    ("mmrunner_loop_late_seconds", "How late it comes to its own work.", lambda p: p.late_s),
    (
        "mmrunner_picture_timestamp_seconds",
        "When this was told, seconds since 1970.",
        lambda p: p.stamp_ns / NS_PER_S,
    ),
)
"""Figures of a deploy."""

MARKET_GAUGES: tuple[OfMarket, ...] = (
    ("mmrunner_market_mid_quote", "Mid price.", lambda m: m.mid),
    ("mmrunner_market_position_base", "Position, above 0 long.", lambda m: m.position_base),
    (
        "mmrunner_market_max_position_base",
        "Largest position on either side.",
        lambda m: m.max_position_base,
    ),
    (
        "mmrunner_market_inventory_clips",
        "Distance from the target, in orders.",
        lambda m: m.inventory_clips,
    ),
    ("mmrunner_market_net_quote", "Net P&L of this session.", lambda m: m.net_quote),
    (
        "mmrunner_market_sigma_bps",
        "Volatility, in bps per square root of a second.",
        lambda m: m.sigma_bps,
    ),
    ("mmrunner_market_half_spread_bps", "Half spread.", lambda m: m.half_spread_bps),
    (
        "mmrunner_market_reservation_bps",
        "Reservation price, from mid.",
        lambda m: m.reservation_bps,
    ),
    (
        "mmrunner_market_uptime_ratio",
        "Share of time quoted on both sides.",
        lambda m: m.uptime_frac,
    ),
    ("mmrunner_market_data_age_seconds", "Age of the last market data.", lambda m: m.age_s),
    ("mmrunner_market_turn_p99_seconds", "From a batch to its last command.", _turn_p99_s),
    ("mmrunner_market_orders", "Orders that may rest.", lambda m: len(m.orders)),
    (
        "mmrunner_market_unknown_orders",
        "Orders whose outcome is not proven.",
        lambda m: m.unknown_orders,
    ),
    ("mmrunner_market_orders_left", "What is left of the venue's quota.", lambda m: m.orders_left),
    ("mmrunner_market_unhedged_base", "What a hedge has left of exposure.", _unhedged_base),
    ("mmrunner_market_past_band_seconds", "Since when that is beyond its band.", _past_band_s),
)
"""Figures of a market."""

MARKET_COUNTERS: tuple[OfMarket, ...] = (
    ("mmrunner_market_fills", "Fills of this session.", lambda m: m.fills),
    ("mmrunner_market_volume_quote", "Volume of this session.", lambda m: m.volume_quote),
)
"""Figures of a market that only grow."""

SIDES: tuple[OfSides, ...] = (
    (
        "mmrunner_market_wanted_quote",
        "Best price wanted on a side.",
        lambda m: (
            m.bids[0].price if m.bids else None,
            m.asks[0].price if m.asks else None,
        ),
    ),
    (
        "mmrunner_market_touch_quote",
        "Best price of the book.",
        lambda m: (m.touch_bid, m.touch_ask),
    ),
    (
        "mmrunner_market_markout_bps",
        "Median move 1 s after a side's last fills.",
        lambda m: (m.bid_markout_bps, m.ask_markout_bps),
    ),
)
"""Figures of both sides of a market."""
