"""Describe both stand-ins to a drill, and what a deploy that trades at both is told."""

from dataclasses import replace

from tests.venues.bybit.drill.place import PLACE as AT_BYBIT
from tests.venues.common.drill.faults import Faults
from tests.venues.common.drill.place import BESIDES
from tests.venues.hedged.sandbox import EXPERIMENT, ON_BYBIT
from tests.venues.lighter.drill.place import PLACE as AT_LIGHTER

DEPLOY = "hedged_drill"
BANDS = {"btc_hedge": "0.005", "eth_hedge": "0.15", "sol_hedge": "3"}
"""About half a clip of each."""
FUNDING_S = 10.0
"""Funding is settled so often at both."""
RULES = {
    "min_rate_bps_per_h": 50,
    "min_net_apr_frac": 0,
    "min_deviations": 0,
    # Both say that they settle by the hour: of settlements, this is one.
    "horizon_h": 1,
    "max_break_even_h": 24,
    "min_margin_frac": 0.3,
    "keep_rate_bps_per_h": 20,
    "max_hold_h": 0.03,
    "cooldown_h": 0.002,
    "lookback_h": 0.06,
}
"""A pair is entered at the first settlement at a high rate, and left soon after the last."""
WORDS = (
    EXPERIMENT,
    f"deploy={DEPLOY}",
    *BESIDES,
    "strategy.refresh_ms=400",
    "hedge.patience_s=1",
    "hedge.max_hedge_latency_s=6",
    "schedule=rebalance",
    "schedule.rebalances.daily.cron='* * * * *'",
    "schedule.rebalances.daily.target_base={wif: 300}",
    "schedule.rebalances.daily.weights=null",
    "schedule.rebalances.daily.capital=null",
    "schedule.rebalances.daily.tolerance_clips=0.5",
    "schedule.rebalances.daily.step_s=1",
    "schedule.rebalances.daily.within_s=20",
    "funding=compressed",
    *(f"funding.rules.{key}={value}" for key, value in RULES.items()),
    f"venue.funding_every_s={FUNDING_S}",
    "pairs.doge.follow_s=5",
    # What `BESIDES` says of the deploy's own venue is not said of the other one.
    *(f"markets.{name}.venue.max_silence_s=1.5" for name in ON_BYBIT),
    *(f"markets.{name}.hedge.band=given" for name in BANDS),
    *(f"markets.{name}.hedge.band_base={band}" for name, band in BANDS.items()),
)
MARKETS = (
    ("BTC", "ETH", "SOL", "DOGE"),
    ("WIFUSDT", "BTCUSDT", "ETHUSDT", "SOLUSDT", "DOGEUSDT"),
)


def _trading(faults: Faults, markets: tuple[str, ...]) -> Faults:
    return replace(faults, markets=markets)


LIGHTER = replace(AT_LIGHTER, faults=_trading(AT_LIGHTER.faults, MARKETS[0]))
BYBIT = replace(AT_BYBIT, faults=_trading(AT_BYBIT.faults, MARKETS[1]))
