"""Describe synthetic markets in the units a person thinks in, and fill a flow's parameters."""

import math
from dataclasses import dataclass, fields
from zlib import crc32

from connectors.model.book import QUARTER
from connectors.sim.flow_state import FlowParams

TICKS_MIN = 1_000
TICKS_MAX = 1_000_000_000
DEPTH_TICKS_MAX = QUARTER // 2
"""The ladder must stay inside the window of ticks that a book keeps, wherever its anchor is."""


@dataclass(frozen=True, slots=True)
class FlowMarket:
    """Parameters of one synthetic market.

    Distances are bps of the price, so that the same numbers make the same market at any tick: what
    a tick is worth follows from `start_mid_ticks` alone (1,000,000 ticks: .01 bps each).

    - `start_mid_ticks`: price at the start, in ticks. It stays between a quarter and twice of that.
    - `touch_lots`: mean size at one side of the touch; `level_lots`: the same per tick behind it;
      `taker_lots`: median of a small taker order.
    - `sigma_bps_per_sqrt_s`: volatility; `news_variance_frac`: share of the variance due to news.
    - `news_per_s`: jumps per second; `news_orders`: taker orders that follow each, besides the one
      that comes at once; `news_s`: time within which they come; `reach_frac_min`, `reach_frac_max`:
      range of the share of the way to the hidden price that each of them goes.
    - `taker_per_s`: taker orders per second, all together; `informed_frac`: share of the ordinary
      ones that walk to the hidden price; `taker_lean`: how much the small ones lean towards it.
    - `child_orders`: taker orders that one taker order excites; `excitation_s`: how long it lasts.
    - `activity_sd`, `activity_s`: deviation and time constant of the activity around 1.
    - `depth_per_s`: messages per second that change levels; `requote_frac`: share of these that
      bring the touch to the hidden price; `follow_up_ms`: mean delay of the other side's requote
      after a sweep.
    - `lean_gain`: how strongly the queues lean towards the hidden price; `lean_noise_sd`,
      `lean_noise_s`: deviation and time constant of what else they lean to.
    - `depth_bps`: distance that the ladder spans, about (one tick a level at least).

    Raises ValueError, naming the field, for what cannot be meant.
    """

    start_mid_ticks: int
    touch_lots: float
    level_lots: float
    taker_lots: float
    sigma_bps_per_sqrt_s: float = 0.5
    news_variance_frac: float = 0.5
    news_per_s: float = 0.15
    news_orders: float = 3.0
    news_s: float = 0.1
    reach_frac_min: float = 0.2
    reach_frac_max: float = 1.5
    taker_per_s: float = 7.0
    informed_frac: float = 0.12
    taker_lean: float = 0.4
    child_orders: float = 0.3
    excitation_s: float = 0.3
    activity_sd: float = 0.42
    activity_s: float = 120.0
    depth_per_s: float = 12.0
    requote_frac: float = 0.04
    follow_up_ms: float = 0.4
    lean_gain: float = 0.9
    lean_noise_sd: float = 0.5
    lean_noise_s: float = 5.0
    depth_bps: float = 4.0

    def __post_init__(self) -> None:
        for field in fields(self):
            least, most = _RANGES[field.name]
            value = getattr(self, field.name)
            if not (math.isfinite(value) and least <= value <= most):
                raise ValueError(f"{field.name}: expected {least:,g} to {most:,g}, was {value}")
        if self.reach_frac_min > self.reach_frac_max:
            raise ValueError(
                f"reach_frac_min: expected at most reach_frac_max ({self.reach_frac_max:g}), "
                f"was {self.reach_frac_min:g}"
            )
        most_bps = DEPTH_TICKS_MAX / self.start_mid_ticks * 1e4
        if self.depth_bps > most_bps:
            raise ValueError(
                f"depth_bps: expected at most {most_bps:g} ({DEPTH_TICKS_MAX:,} ticks of this "
                f"price), was {self.depth_bps:g}"
            )
        due_to_news = self.news_per_s * (1.0 + self.news_orders) / (1.0 - self.child_orders)
        if self.taker_per_s <= due_to_news:
            raise ValueError(
                f"taker_per_s: expected more than the {due_to_news:g} that news alone brings, "
                f"was {self.taker_per_s:g}"
            )


_RANGES: dict[str, tuple[float, float]] = {
    "start_mid_ticks": (TICKS_MIN, TICKS_MAX),
    "touch_lots": (4.0, 1e9),
    "level_lots": (1.0, 1e9),
    "taker_lots": (0.0, 1e9),
    "sigma_bps_per_sqrt_s": (0.01, 20.0),
    "news_variance_frac": (0.0, 0.99),
    "news_per_s": (0.001, 10.0),
    "news_orders": (0.0, 100.0),
    "news_s": (0.01, 10.0),
    "reach_frac_min": (0.0, 2.0),
    "reach_frac_max": (0.0, 2.0),
    "taker_per_s": (0.1, 1000.0),
    "informed_frac": (0.01, 1.0),
    "taker_lean": (0.0, 1.0),
    "child_orders": (0.0, 0.9),
    "excitation_s": (0.01, 60.0),
    "activity_sd": (0.0, 0.5),
    "activity_s": (10.0, 86_400.0),
    "depth_per_s": (0.1, 1000.0),
    "requote_frac": (0.0, 1.0),
    "follow_up_ms": (0.01, 100.0),
    "lean_gain": (0.0, 10.0),
    "lean_noise_sd": (0.0, 10.0),
    "lean_noise_s": (1.0, 3600.0),
    "depth_bps": (0.1, 200.0),
}
"""What each field may be: wide enough for any market, and every number stays finite."""

BTC = FlowMarket(start_mid_ticks=1_000_000, touch_lots=8_000, level_lots=300, taker_lots=25)
"""100,000 with a tick of .1; a lot is .001 BTC."""
ETH = FlowMarket(start_mid_ticks=350_000, touch_lots=70_000, level_lots=4_000, taker_lots=200)
"""3,500 with a tick of .01; a lot is .001 ETH."""
SOL = FlowMarket(start_mid_ticks=15_000, touch_lots=100_000, level_lots=60_000, taker_lots=200)
"""150 with a tick of .01, a large tick of .67 bps; a lot is .01 SOL."""


def fill(params: FlowParams, market: FlowMarket) -> None:
    """Copy what a market describes into the parameters of its flow."""
    for field in fields(market):
        if field.name != "start_mid_ticks":
            setattr(params, field.name, float(getattr(market, field.name)))


def market_seed(seed: int, name: str) -> int:
    """Return the seed of one market of a deploy.

    Each market has a stream of its own, whatever other markets there are: with one seed for all,
    equal parameters would make them move in step.
    """
    return (seed ^ (crc32(name.encode()) << 31)) & 0x7FFF_FFFF_FFFF_FFFF
