"""A deploy of many synthetic markets, with another mix of faults after every restart."""

import random
from collections.abc import Mapping
from functools import cache

from connectors.sim.flow_market import FlowMarket
from connectors.sim.synthetic import SyntheticSource
from runner.modes.built import Built
from runner.settings import Market, Settings
from tests.deploys import settings_for

QUIET = (
    "market=btc",
    "watch=none",
    "record.tape=false",
    "record.decisions=none",
    "kappa=6",
    "strategy.refresh_ms=500",
    "strategy.volatility.warmup_s=0",
)
"""Close quotes, few decisions: a day is to take minutes, and to have fills."""

SLOW = FlowMarket(
    start_mid_ticks=1_000_000,
    touch_lots=8_000,
    level_lots=300,
    taker_lots=25,
    news_per_s=0.02,
    taker_per_s=0.5,
    depth_per_s=1.0,
)
WAKE_NS = 1_000_000_000

MIXES: tuple[Mapping[str, float], ...] = (
    {},
    {"drop_frac": 0.02},
    {"reject_frac": 0.1},
    {"entry_latency_ms": 150.0, "response_latency_ms": 400.0},
    {"drop_frac": 0.01, "reject_frac": 0.05, "response_latency_ms": 80.0},
)
"""What the simulated venue does wrong in a session; each market draws its own."""


def settings_of(markets: int, rng: random.Random) -> Settings:
    """Return a deploy of so many markets, each with a mix of faults that `rng` draws."""
    plain = _plain()
    one = plain.markets["btc"]
    names = [f"m{number:02d}" for number in range(markets)]
    return plain.model_copy(
        update={"markets": {name: _market(one, name, rng.choice(MIXES)) for name in names}}
    )


@cache
def _plain() -> Settings:
    return settings_for(*QUIET)


def _market(one: Market, name: str, faults: Mapping[str, float]) -> Market:
    symbol = {"symbol": f"{name.upper()}USDT"}
    return one.model_copy(
        update={
            "instrument": one.instrument.model_copy(update=symbol),
            "venue": one.venue.model_copy(update=faults),
        }
    )


def slow_down(built: Built, settings: Settings, start_ns: int) -> None:
    """Let the markets of a built deploy move at about a tenth of their usual pace."""
    (venue,) = built.venues.values()
    markets = venue._markets  # type: ignore[attr-defined]
    for number, market in enumerate(markets.values()):
        market.source = SyntheticSource(SLOW, 1000 * settings.seed + number, start_ns)
        market.wake_every_ns = WAKE_NS
