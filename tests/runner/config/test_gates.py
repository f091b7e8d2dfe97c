"""What gates may be told, and what the kernels make of it."""

import pytest

from connectors.model.errors import ConfigError
from runner.wiring.gates import set_gates
from runner.wiring.markets import instrument_of
from strategies.gates.knobs import GateKnobs
from tests.deploys import settings_for


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("gates.guard.max_frac=1.5", "expected a number from 0 to 1"),
        ("gates.guard.release_frac=0.7", "expected release_frac at or under max_frac"),
        ("gates.cooldown.max_ms=100", "expected max_ms at or above min_ms"),
        ("gates.ladder.at_frac=[0.1,0.2,0.3]", "expected 4 numbers from 0 to 1, none under"),
        ("gates.ladder.at_frac=[0.1,0.2,0.3,0.2]", "none under the one before"),
        ("gates.book_spread.min_bps=30", "expected max_bps at or above min_bps"),
        ("gates.hours.windows=['mon 8:00 - tue 09:00']", "as 'mon 08:00 - fri 17:00'"),
        ("gates.hours.windows=['mon 08:00 - mon 08:00']", "as 'mon 08:00 - fri 17:00'"),
        ("gates.hours.windows=[]", "a list of 1 to 16 windows"),
    ],
)
def test_what_cannot_be_meant_is_one_line(override: str, words: str) -> None:
    with pytest.raises(ConfigError) as told:
        settings_for("market=btc", override)
    assert words in str(told.value)


def knobs(*overrides: str) -> GateKnobs:
    settings = settings_for("market=btc", *overrides)
    market = settings.markets["btc"]
    written = GateKnobs()
    set_gates(written, market.gates, instrument_of(market.instrument))
    return written


def test_none_leaves_the_step_alone() -> None:
    assert not knobs().on


def test_one_gate_turns_the_step_on() -> None:
    written = knobs("gates.cooldown.enabled=true")
    assert (written.on, written.cooldown.on, written.ladder.on) == (True, True, False)
    assert (written.cooldown.least_ns, written.cooldown.most_ns) == (300_000_000, 800_000_000)


def test_a_ladder_is_in_units_or_in_ticks() -> None:
    units, ticks = knobs("gates=hybrid").ladder, knobs("gates=classical").ladder
    assert (units.wider_units, units.wider_ticks) == ([0.1, 0.3, 0.5, 0.8], [0.0] * 4)
    assert (ticks.wider_units, ticks.wider_ticks) == ([0.0] * 4, [1.0, 3.0, 5.0, 8.0])


def test_hours_become_minutes_of_the_week() -> None:
    written = knobs("gates.hours.windows=['mon 08:00 - fri 17:00','sun 22:00 - mon 02:30']").hours
    assert written.count == 2
    assert written.first_min[:2] == [480, 6 * 1440 + 1320]
    assert written.until_min[:2] == [4 * 1440 + 1020, 150]


def test_the_whole_week_is_one_window() -> None:
    written = knobs().hours
    assert (written.first_min[0], written.until_min[0]) == (0, 10_080)
