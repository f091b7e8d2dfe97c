"""A pair that cannot be is refused in one line, before anything is made."""

import pytest

from connectors.model.errors import ConfigError
from tests.deploys import settings_for

CROSS = "experiment=funding_cross_venue"
SPOT = "experiment=funding_perp_spot"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((CROSS, "pairs.btc.second=btc"), "pairs.btc.second: expected one of btc_leg, btc_leg2"),
        ((CROSS, "pairs.btc.second=btc_leg"), "pairs.btc.second: expected a leg of one pair"),
        ((CROSS, "markets.btc_leg2.underlying=ETH"), "expected legs of one underlying, was BTC"),
        ((CROSS, "markets.btc_leg.role=hedge"), "pairs.btc.first: expected one of btc_leg2"),
        ((CROSS, "funding.path=/tmp"), "funding.path: expected mode=funding"),
        (("market=btc", "funding.rules.flip_periods=3"), "expected mode=funding"),
        ((CROSS, "mode=replay"), "replay.fills: expected recorded"),
        ((CROSS, "risk.collar_bps=10"), "forced_slippage_bps: expected at most risk.collar_bps"),
        ((SPOT, "markets.btc_spot.target_base_frac=0.5"), "null with role=leg"),
        ((CROSS, "pairs.btc.follow_s=0"), "pairs.btc.follow_s: expected"),
    ],
)
def test_it_is_refused(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(ConfigError, match=told.replace(".", r"\.")):
        settings_for(*words)


def test_rules_are_chosen_and_changed_where_there_is_a_pair() -> None:
    rules = settings_for(CROSS, "funding=cross_venue", "funding.rules.flip_periods=3").funding.rules
    assert (rules.horizon_h, rules.flip_periods) == (336.0, 3)


def test_a_leg_without_a_pair_is_left_alone() -> None:
    assert settings_for("market=btc_leg").pairs == {}
