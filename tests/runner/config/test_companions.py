"""A typed strategy brings its gates, unless gates are typed for the same place."""

import pytest

from runner.config.companions import with_companions
from tests.deploys import settings_for


@pytest.mark.parametrize(
    ("typed", "added"),
    [
        (["strategy=hybrid", "gamma=0.1"], ["gates=hybrid"]),
        (["strategy=hybrid", "gates=none"], []),
        (["strategy=linear"], []),
        (["strategy@markets.eth.strategy=hybrid"], ["gates@markets.eth.gates=hybrid"]),
        (["strategy@markets.eth.strategy=hybrid", "gates@markets.eth.gates=none"], []),
        (
            ["strategy=hybrid", "gates@markets.eth.gates=none"],
            ["gates=hybrid"],
        ),
    ],
)
def test_what_a_strategy_brings(typed: list[str], added: list[str]) -> None:
    assert with_companions(typed) == [*added, *typed]


def test_markets_carry_the_gates_of_their_strategy() -> None:
    settings = settings_for("market=[btc,eth]", "strategy@markets.eth.strategy=hybrid")
    assert (settings.markets["btc"].gates.name, settings.markets["eth"].gates.name) == (
        "none",
        "hybrid",
    )


def test_a_gates_value_at_the_root_reaches_every_market_with_its_choice() -> None:
    settings = settings_for(
        "market=[btc,eth]",
        "gates=hybrid",
        "gates@markets.btc.gates=none",
        "gates.guard.max_frac=0.8",
    )
    fracs = [market.gates.guard.max_frac for market in settings.markets.values()]
    assert fracs == [0.6, 0.8]
