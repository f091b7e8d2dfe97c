"""What is proposed is something that the market's own schema takes, or a refusal in words."""

from typing import Any

import numpy as np
import pytest
from omegaconf import OmegaConf

from runner.calibrate.estimate import Estimate, Refused
from runner.calibrate.hawkes import Excitation
from runner.calibrate.knobs import Knob, reference_knobs, strategy_knobs, toxicity_knobs
from runner.calibrate.microprice import Table
from runner.calibrate.overrides import value_text
from runner.settings import Market
from tests.deploys import settings_for

CLEAR = Estimate(0.3, 0.03, 1000)
TABLE = Table(np.linspace(-0.5, 0.5, 40), 5000)


def market(*words: str) -> Market:
    return settings_for("market=btc", *words).markets["btc"]


def excited(**changes: Any) -> Excitation:
    fields: dict[str, Any] = {
        "mu": (0.4, 0.6), "alpha": (1.0, 0.2, 0.4, 1.4), "beta": (2.0, 3.0), "radius": 0.6,
        "relative_errors": (0.1,) * 8, "orders": 4000,
    }  # fmt: skip
    return Excitation(**(fields | changes))


def by_path(knobs: list[Knob]) -> dict[str, Any]:
    return {knob.path: knob.value for knob in knobs}


def test_half_of_a_slope_is_used_and_the_table_whole() -> None:
    values = by_path(reference_knobs(market(), CLEAR, Estimate(-0.1, 0.01, 900), TABLE))
    assert values["reference.imbalance_bps"] == 0.15
    assert values["reference.flow_bps"] == -0.05
    assert values["reference.microprice_ticks"] == tuple(float(f"{x:.4g}") for x in TABLE.ticks)


def test_a_micro_price_has_the_imbalance_in_it() -> None:
    values = by_path(reference_knobs(market("reference=micro"), CLEAR, CLEAR, TABLE))
    assert "reference.imbalance_bps" not in values


def test_a_table_outside_the_schema_is_refused() -> None:
    wild = Table(np.full(40, 5000.0), 5000)
    value = by_path(reference_knobs(market(), CLEAR, CLEAR, wild))["reference.microprice_ticks"]
    assert isinstance(value, Refused)


def test_both_sides_excitation_becomes_one() -> None:
    values = by_path(toxicity_knobs(market(), excited()))
    assert values == {
        "gates.toxicity.baseline_per_s": 0.5,
        "gates.toxicity.self_per_s": 1.2,
        "gates.toxicity.cross_per_s": 0.3,
        "gates.toxicity.decay_per_s": 2.5,
    }


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"alpha": (2.0, 2.0, 2.0, 2.0)}, "without end"),
        ({"relative_errors": (0.1,) * 7 + (0.9,)}, "90%"),
    ],
)
def test_the_gate_gets_all_four_or_none(change: dict[str, Any], why: str) -> None:
    values = by_path(toxicity_knobs(market(), excited(**change))).values()
    assert len(values) == 4
    assert all(isinstance(value, Refused) and why in value.why for value in values)


def test_a_positive_value_is_drawn_towards_the_present_one() -> None:
    fits = {"kappa": (1.5, Estimate(6.0, 2.0, 40)), "intensity_per_s": (0.08, Refused("few"))}
    values = by_path(strategy_knobs(market(), fits))
    assert 1.5 < values["strategy.kappa"] < 6.0
    assert isinstance(values["strategy.intensity_per_s"], Refused)


def test_a_value_out_of_range_is_refused_with_the_schemas_words() -> None:
    (knob,) = strategy_knobs(market(), {"kappa": (1.5, Estimate(500.0, 1.0, 40))})
    assert isinstance(knob.value, Refused)
    assert "not allowed" in knob.value.why


@pytest.mark.parametrize("value", [0.25, (1.0, -0.5, 0.0)])
def test_a_value_is_written_as_yaml(value: float | tuple[float, ...]) -> None:
    read = OmegaConf.create(f"x: {value_text(value)}").x
    assert (tuple(read) if isinstance(value, tuple) else read) == value
