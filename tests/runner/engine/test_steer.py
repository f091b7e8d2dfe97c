"""A number sets the one field that it is named after, and nothing else."""

from typing import Any

import pytest

from connectors.model.events import BUY, SELL
from connectors.model.kernel import dump
from connectors.model.orders import LEVELS
from runner.engine.steer import FIRST_WHOLE, PAUSED, STEERED, steer
from strategies.hedge_reasons import hedge_names
from strategies.quoting import decide
from tests.support import NOW_NS, differences, new_desk, new_limits, shown_desk


@pytest.mark.parametrize("name", STEERED)
def test_a_number_sets_its_field_alone(name: str) -> None:
    desk, limits = new_desk(), new_limits()
    before = {"params": new_desk().params, "limits": new_limits()}
    number = STEERED[name]
    if number >= FIRST_WHOLE:
        steer(desk, limits, number, 7, 0.0)
    else:
        steer(desk, limits, number, 0, 7.5)
    after = {"params": desk.params, "limits": limits}
    changed = [
        f"{part}{path}"
        for part in before
        for path in changed_fields(dump(before[part]), dump(after[part]), "")
    ]
    assert changed == [name]
    assert desk.orders.changed


def changed_fields(one: dict[str, Any], two: dict[str, Any], path: str) -> list[str]:
    """Return the paths at which two states differ."""
    found = []
    for name, value in one.items():
        if isinstance(value, dict):
            found += changed_fields(value, two[name], f"{path}.{name}")
        elif value != two[name]:
            found.append(f"{path}.{name}")
    return found


@pytest.mark.parametrize("number", [-5, 80, 99, 160, 1 << 40])
def test_a_number_that_is_not_known_is_passed_over(number: int) -> None:
    desk, limits = new_desk(), new_limits()
    steer(desk, limits, number, 7, 7.5)
    desk.orders.changed = False
    assert differences(desk, new_desk()) == []
    assert differences(limits, new_limits()) == []


def test_a_learnt_rate_is_learnt_anew_from_the_one_that_was_set() -> None:
    desk = new_desk()
    steer(desk, new_limits(), STEERED["params.kappa"], 0, 2.5)
    assert (desk.params.kappa, desk.learning.kappa) == (2.5, 2.5)


def test_a_paused_market_wants_nothing_and_says_that_a_person_asked_for_it() -> None:
    desk, limits = shown_desk(), new_limits()
    decide(desk, NOW_NS)
    assert desk.quotes.lots[0] > 0
    steer(desk, limits, PAUSED, 1, 0.0)
    decide(desk, NOW_NS + 1)
    assert set(desk.quotes.lots) == {0}
    assert hedge_names(desk.quotes.hedge_reasons) == ["paused"]
    assert (desk.quotes.reasons[BUY], desk.quotes.reasons[SELL]) == (0, 0)
    steer(desk, limits, PAUSED, 0, 0.0)
    decide(desk, NOW_NS + 2)
    assert desk.quotes.lots[0] > 0
    assert desk.quotes.lots[LEVELS] > 0


def test_a_move_that_was_asked_for_is_not_left_behind_when_the_market_quotes_again() -> None:
    desk, limits = shown_desk(), new_limits()
    steer(desk, limits, PAUSED, 1, 0.0)
    desk.quotes.take_lots, desk.quotes.pulled[BUY] = -5, 1
    steer(desk, limits, PAUSED, 0, 0.0)
    decide(desk, NOW_NS)
    assert desk.quotes.take_lots == 0
    assert desk.quotes.lots[0] > 0
