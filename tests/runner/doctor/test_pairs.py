"""The doctor says of each pair what it is, and when its legs are settled next."""

from dataclasses import dataclass

import pytest

from runner.doctor.pairs import check_pairs, next_settlement
from tests.deploys import settings_for

NOW_NS = 1_763_000_000_000_000_000
"""2025-11-13 02:13:20 UTC."""


@dataclass
class Case:
    words: tuple[str, ...]
    leg: str
    told: str


@pytest.mark.parametrize(
    "case",
    [
        Case(
            ("markets.btc_leg.venue.funding_interval_h=8",),
            "btc_leg",
            "8 bps every 8 h, next Thu 2025-11-13 08:00:00 UTC",
        ),
        Case(
            ("venue@markets.btc_leg2.venue=lighter_testnet", "mode=live"),
            "btc_leg2",
            "every hour, next Thu 2025-11-13 03:00:00 UTC",
        ),
        Case(
            ("venue@markets.btc_leg2.venue=bybit_testnet", "mode=live"),
            "btc_leg2",
            "bybit_testnet announces it with its rates, once its streams run",
        ),
    ],
)
def test_when_a_leg_is_settled_next(case: Case) -> None:
    settings = settings_for("experiment=funding_cross_venue", *case.words)
    assert next_settlement(settings.markets[case.leg], NOW_NS) == case.told


def test_each_pair_and_each_leg_has_its_line() -> None:
    settings = settings_for("experiment=funding_perp_spot")
    found = {f.about: f.text for f in check_pairs(settings)}
    assert "btc_leg against btc_spot, up to 5000 a leg" in found["pairs.btc"]
    assert found["pairs.btc.btc_spot"] == "spot pays no funding"
