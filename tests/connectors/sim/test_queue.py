"""The place in the queue, in numbers."""

import itertools
import math

import pytest

from connectors.sim.exchange import (
    FRONT,
    LOG,
    LOG_2,
    POWER,
    POWER_2,
    POWER_3,
    RISK_AVERSE,
    Exchange,
)
from connectors.sim.queue import be_reached, join, see_depth, see_trade

SLOT = 3
SPLITTING = (POWER, POWER_2, POWER_3, LOG, LOG_2)


def queued(model: int, displayed_lots: int, power_n: float = 3.0) -> Exchange:
    """Return an exchange whose order on SLOT stands behind the displayed lots."""
    x = Exchange()
    x.queue_model, x.power_n = model, power_n
    join(x, SLOT, displayed_lots)
    return x


def ahead(x: Exchange) -> float:
    return x.resting.ahead_lots[SLOT]


@pytest.mark.parametrize(
    ("model", "expected"), [(FRONT, 0), (RISK_AVERSE, 50), *((m, 50) for m in SPLITTING)]
)
def test_join(model: int, expected: float) -> None:
    assert ahead(queued(model, 50)) == expected


def test_a_slot_that_is_used_again_remembers_nothing() -> None:
    x = queued(POWER, 50)
    see_depth(x, SLOT, 30, 7)
    see_trade(x, SLOT, 5, 5, 8)
    join(x, SLOT, 20)
    fresh = queued(POWER, 20)
    for name in ("ahead_lots", "shown_lots", "traded_lots", "credit_lots", "credit_ns"):
        assert getattr(x.resting, name)[SLOT] == getattr(fresh.resting, name)[SLOT]


def test_a_trade_passes_the_queue_before_it_reaches_us() -> None:
    x = queued(RISK_AVERSE, 50)
    assert [see_trade(x, SLOT, 30, 30, n) for n in range(3)] == [0, 10, 30]


def test_risk_averse_moves_by_trades_and_by_the_bound_alone() -> None:
    x = queued(RISK_AVERSE, 50)
    place = []
    for displayed in (80, 60, 40, 90, 0, 5):
        see_depth(x, SLOT, displayed, 1)
        place.append(ahead(x))
    assert place == [50, 50, 40, 40, 0, 0]


SHARES = {
    POWER: lambda a, b, n: b**n / (b**n + a**n),
    POWER_2: lambda a, b, n: b**n / (b + a) ** n,
    POWER_3: lambda a, b, n: 1 - (a / (a + b)) ** n,
    LOG: lambda a, b, n: math.log1p(b) / (math.log1p(b) + math.log1p(a)),
    LOG_2: lambda a, b, n: math.log1p(b) / math.log1p(a + b),
}


@pytest.mark.parametrize("model", SPLITTING)
@pytest.mark.parametrize("n", [0.5, 1.0, 2.0, 3.0])
@pytest.mark.parametrize(
    ("front", "back", "cancelled"), [(50, 50, 20), (25, 75, 28), (70, 10, 15), (40, 60, 95)]
)
def test_a_split_as_its_formula_says(
    model: int, n: float, front: int, back: int, cancelled: int
) -> None:
    x = queued(model, front, n)
    see_depth(x, SLOT, front + back, 1)
    see_depth(x, SLOT, front + back - cancelled, 2)
    share = SHARES[model](front, back, n)
    left = max(0.0, front - (1 - share) * cancelled)
    assert ahead(x) == pytest.approx(min(left, front + back - cancelled), rel=1e-12)


def test_a_split_stays_finite_at_any_exponent_and_size() -> None:
    for model, n, front, back in itertools.product(
        SPLITTING, (0.01, 3.0, 20.0), (0, 1, 10**12), (0, 1, 10**12)
    ):
        x = queued(model, front, n)
        see_depth(x, SLOT, front + back, 1)
        see_depth(x, SLOT, (front + back) // 2, 2)
        assert 0 <= ahead(x) <= min(front, (front + back) // 2)


def test_power_does_not_count_a_trade_again_in_the_display() -> None:
    x = queued(POWER, 50)
    see_depth(x, SLOT, 100, 1)
    see_trade(x, SLOT, 20, 20, 2)
    see_depth(x, SLOT, 80, 3)
    assert ahead(x) == 30


@pytest.mark.parametrize("model", [FRONT, RISK_AVERSE, *SPLITTING])
@pytest.mark.parametrize(("before", "behind", "traded"), [(50, 0, 30), (50, 30, 30), (20, 60, 10)])
def test_a_trade_and_its_depth_row_commute_in_one_stamp(
    model: int, before: int, behind: int, traded: int
) -> None:
    places = []
    for depth_first in (False, True):
        x = queued(model, before)
        see_depth(x, SLOT, before + behind, 1)
        if depth_first:
            see_depth(x, SLOT, before + behind - traded, 2)
        see_trade(x, SLOT, traded, traded, 2)
        if not depth_first:
            see_depth(x, SLOT, before + behind - traded, 2)
        places.append(ahead(x))
    expected = 0 if model == FRONT else before - traded
    assert places == [pytest.approx(expected, abs=1e-9)] * 2


def test_the_credit_of_a_stamp_ends_with_it() -> None:
    x = queued(RISK_AVERSE, 50)
    see_depth(x, SLOT, 30, 2)
    assert see_trade(x, SLOT, 35, 35, 3) == 5


def test_the_credit_of_a_stamp_does_not_grow_by_an_earlier_one() -> None:
    x = queued(RISK_AVERSE, 50)
    see_depth(x, SLOT, 30, 2)
    see_depth(x, SLOT, 25, 3)
    assert see_trade(x, SLOT, 35, 35, 3) == 5


def test_what_the_display_has_told_already_is_not_expected_of_it_again() -> None:
    x = queued(POWER, 50, 1.0)
    see_depth(x, SLOT, 100, 1)
    see_depth(x, SLOT, 60, 2)
    see_trade(x, SLOT, 40, 40, 2)
    assert ahead(x) == pytest.approx(10)
    # 20 of the 40 were a credit; the display is held to owe us the other 20, and shows 10 more.
    see_depth(x, SLOT, 30, 3)
    assert ahead(x) == pytest.approx(10 - 10 * 10 / 60)


def test_the_display_falls_by_all_that_traded_whoever_of_us_was_filled() -> None:
    x = queued(POWER, 50, 1.0)
    see_depth(x, SLOT, 100, 1)
    see_trade(x, SLOT, 20, 5, 2)
    see_depth(x, SLOT, 80, 3)
    assert ahead(x) == 45


def test_a_market_that_moves_through_us_leaves_nobody_before_us() -> None:
    x = queued(RISK_AVERSE, 50)
    be_reached(x, SLOT, 2)
    assert ahead(x) == 0
    assert see_trade(x, SLOT, 50, 50, 2) == 0
    assert see_trade(x, SLOT, 4, 4, 2) == 4


def test_lots_that_filled_our_earlier_order_do_not_pass_the_queue() -> None:
    x = queued(RISK_AVERSE, 50)
    assert see_trade(x, SLOT, 60, 45, 1) == 0
    assert ahead(x) == 5
