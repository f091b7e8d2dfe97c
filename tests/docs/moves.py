"""Show what knobs do to the quotes: the same market and position, one knob moved at a time.

Knobs of timing, places and limits move no quote by themselves, and are left out.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from connectors.model.events import BUY, SELL
from connectors.model.orders import LEVELS
from runner.config.compose import compose
from runner.wiring.markets import market_of
from strategies.desk import Desk
from strategies.holding import adopt
from tests.docs.loaders import loader_of
from tests.strategies.deployments import remember, solve
from tests.support import MID_TICKS, NOW_NS, show

HELD_SHARE = 0.1
LIVE_BPS, REFERENCE_BPS = 0.6, 0.5
TOUCH_LOTS = (30, 10)
HEAD = """\
## What the knobs do to the quotes

One market, one moment, one knob moved at a time: a mid of 100,000, a touch one bp wide with three
times as much bid as offered, volatility of 0.6 bps/√s live and 0.5 in reference, one clip long of
a limit of ten. Distances of the first level from mid in bps, and sizes as a share of an order.
A knob is named with its value; what is not named is as in `profile=demo`. Knobs of timing, places
and limits move no quote by themselves, and are left out.
"""

LADDER = ("gates.ladder.enabled=true", "gates.ladder.at_frac=[0.0,0.1,0.75,1.0]")

MOVES: tuple[tuple[str, ...], ...] = (
    (),
    ("gamma=0.4",),
    ("kappa=3",),
    ("strategy.form=linear",),
    ("strategy.skew=plain",),
    ("strategy.skew=capped",),
    ("strategy.skew=at_limit",),
    ("strategy.skew=at_limit", "strategy.skew_at_limit_half_spreads=1"),
    ("strategy.intensity_per_s=0.32",),
    ("strategy.unit_horizon_s=40",),
    ("strategy.risk_horizon_s=0",),
    ("strategy.unit_bps=4",),
    ("strategy.mode=session", "strategy.session_s=1", "strategy.min_time_left_frac=0"),
    ("strategy.adverse_bps=0.5",),
    ("strategy.adverse_bps=null",),
    ("strategy.adverse_bps=null", "strategy.adverse_frac_of_unit=1"),
    ("strategy.min_spread_bps=6",),
    ("strategy.max_spread_bps=1",),
    ("strategy.min_edge_bps=6",),
    ("venue.maker_fee_bps=2",),
    ("strategy.size_skew=1",),
    ("strategy.volatility.max_ratio=1",),
    ("strategy.volatility.prior_bps_per_sqrt_s=1", "strategy.volatility.floor_bps_per_sqrt_s=1"),
    ("strategy=glft",),
    ("strategy=glft", "strategy.method=closed"),
    ("strategy=glft", "strategy.execution_gamma=0"),
    ("strategy=glft", "strategy.drift_bps_per_s=0.01"),
    ("strategy=glft", "strategy.impact_bps=1"),
    ("strategy=cartea_jaimungal",),
    ("strategy=cartea_jaimungal", "strategy.running_penalty_bps_per_s=0.05"),
    (
        "strategy=cartea_jaimungal",
        "strategy.risk_horizon_s=10",
        "strategy.terminal_penalty_bps=1",
    ),
    ("reference=weighted",),
    ("reference.imbalance_bps=0.4",),
    ("reference.imbalance_bps=0.4", "reference.imbalance_cap_bps=0.1"),
    ("reference.imbalance_bps=0.4", "reference.max_bps=0.05"),
    ("gates.guard.enabled=true", "gates.guard.max_frac=0.05", "gates.guard.release_frac=0.05"),
    ("gates.ladder.enabled=true", "gates.ladder.at_frac=[0.0,0.1,0.75,1.0]"),
    (
        "gates.ladder.enabled=true",
        "gates.ladder.at_frac=[0.0,0.1,0.75,1.0]",
        "gates.ladder.offset=ticks",
    ),
    ("gates.toxicity.enabled=true",),
    ("gates.economics.enabled=true", "gates.economics.min_edge_bps=8"),
    ("gates.book_spread.enabled=true", "gates.book_spread.min_bps=2"),
)


def table(checkout: Path) -> Iterator[str]:
    """Yield the section, line by line."""
    yield HEAD
    yield "| knobs | bid | ask | bid size | ask size |"
    yield "| --- | --- | --- | --- | --- |"
    for words in MOVES:
        name = ", ".join(f"`{word}`" for word in words) or "as it is"
        yield f"| {name} | {' | '.join(_cells(quoted(checkout, words)))} |"
    yield ""


def quoted(checkout: Path, words: Sequence[str]) -> Desk:
    """Return the desk after its decision with these choices."""
    settings = compose(loader_of(checkout), ["market=btc", *words]).settings
    desk = market_of("btc", 0, settings, Decimal(100_000), NOW_NS - 10**9).desk
    desk.orders.position_lots = int(HELD_SHARE * desk.params.max_position_lots)
    adopt(desk.holding, desk.orders.position_lots, float(MID_TICKS), NOW_NS)
    show(desk, MID_TICKS - 50, MID_TICKS + 50, lots=TOUCH_LOTS)
    remember(desk, LIVE_BPS, REFERENCE_BPS)
    show(desk, MID_TICKS - 50, MID_TICKS + 50, lots=TOUCH_LOTS)
    solve(desk)
    return desk


def _cells(desk: Desk) -> Iterator[str]:
    quotes = desk.quotes
    firsts = [(side, side * LEVELS) for side in (BUY, SELL)]
    for side, k in firsts:
        away = (1 - 2 * side) * (MID_TICKS - quotes.ticks[k]) / MID_TICKS * 1e4
        yield f"{away:.2f}" if quotes.lots[k] else "none"
    for _, k in firsts:
        yield f"{quotes.lots[k] / desk.params.order_lots:.2f}"
