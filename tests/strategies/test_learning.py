"""What is learnt while quoting stays inside its bounds, whatever the market does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import TRADE_BUY, TRADE_SELL
from strategies.desk import Desk
from strategies.learning import bounded, learn, weight
from strategies.quoting import decide, observe
from strategies.signals.intensity import FEW, FITTED
from tests.support import MID_TICKS, NOW_NS, checked, shown_desk

S = 1_000_000_000


def learning_desk() -> Desk:
    desk = shown_desk()
    knobs, senses = desk.params.learning, desk.params.senses
    knobs.every_ns, knobs.most_age_ns = 10 * S, 100 * S
    knobs.most_step_frac, knobs.most_factor = 0.5, 3.0
    knobs.least_kappa, knobs.most_kappa = 0.5, 10.0
    senses.on = senses.reach = True
    senses.reach_tau_s, senses.sweep_gap_ns = 3600.0, 1
    return desk


def trade(desk: Desk, ticks: int, at_ns: int) -> None:
    kind = TRADE_BUY if ticks > MID_TICKS else TRADE_SELL
    observe(desk, [kind], [ticks], [1], 0, 1, at_ns)


def taught(desk: Desk, k_per_bps: float, orders: int, until_s: float) -> None:
    """Show orders whose reach falls off with k, at even quantiles, every second by turns."""
    for n in range(orders):
        reach_bps = -math.log(1.0 - (n * 0.618034) % 1.0) / k_per_bps
        away = reach_bps * 1e-4 * MID_TICKS
        ticks = round(MID_TICKS + away) + 1 if n % 2 else round(MID_TICKS - away) - 1
        trade(desk, ticks, NOW_NS + int((n + 1) * until_s / orders * S))


def test_a_slope_that_is_there_is_learnt_and_in_steps() -> None:
    desk = learning_desk()
    decide(desk, NOW_NS)
    before = desk.params.kappa
    taught(desk, 6.0, 3000, 9.0)
    seen = []
    for n in range(1, 8):
        trade(desk, MID_TICKS + 40, NOW_NS + n * 10 * S)
        decide(desk, NOW_NS + n * 10 * S)
        seen.append(desk.params.kappa)
    assert desk.learning.status == FITTED
    unit = desk.signals.sigma_reference_bps * math.sqrt(desk.params.unit_horizon_s)
    aim = min(6.0 * unit, 3.0 * before)
    assert seen[0] <= before * 1.5 * (1 + 1e-12)
    assert seen[-1] == pytest.approx(aim, rel=0.25)
    assert desk.learning.kappa == before


def test_too_few_orders_change_nothing_and_age_brings_back_what_is_configured() -> None:
    desk = learning_desk()
    decide(desk, NOW_NS)
    configured = desk.params.kappa
    desk.params.kappa = 2.0 * configured
    trade(desk, MID_TICKS + 40, NOW_NS + 10 * S)
    decide(desk, NOW_NS + 10 * S)
    assert (desk.learning.status, desk.params.kappa) == (FEW, 2.0 * configured)
    for n in range(10, 14):
        decide(desk, NOW_NS + n * 10 * S)
    assert desk.params.kappa == configured


orders = st.lists(
    st.tuples(st.integers(-4000, 4000), st.integers(0, 20 * S)), min_size=1, max_size=120
)


@checked(150)
@given(orders, st.floats(0.01, 1.0), st.floats(1.0, 20.0))
def test_no_market_moves_it_out_of_its_bounds(
    shown: list[tuple[int, int]], step_frac: float, factor: float
) -> None:
    desk = learning_desk()
    knobs = desk.params.learning
    knobs.most_step_frac, knobs.most_factor = step_frac, factor
    decide(desk, NOW_NS)
    kappa, per_s = desk.params.kappa, desk.params.intensity_per_s
    now_ns = NOW_NS
    for away, later_ns in shown * 3:
        now_ns += later_ns
        trade(desk, MID_TICKS + away + (away >= 0), now_ns)
        before = desk.params.kappa
        learn(desk, now_ns)
        assert before / (1 + step_frac) * 0.999 <= desk.params.kappa
        assert desk.params.kappa <= before * (1 + step_frac) * 1.001
        assert max(0.5, kappa / factor * 0.999) <= desk.params.kappa
        assert desk.params.kappa <= min(10.0, kappa * factor * 1.001)
        assert per_s / factor * 0.999 <= desk.params.intensity_per_s <= per_s * factor * 1.001


def test_a_step_is_bounded_both_ways() -> None:
    knobs = learning_desk().params.learning
    assert bounded(1.0, 9.0, 1.0, knobs) == 1.5
    assert bounded(1.4, 9.0, 0.4, knobs) == pytest.approx(1.2)
    assert bounded(1.0, 0.1, 1.0, knobs) == pytest.approx(1 / 1.5)


def test_more_orders_weigh_more_and_none_nothing() -> None:
    assert weight(0.0) == 0.0
    assert 0.0 < weight(30.0) < weight(300.0) < weight(1e9) <= 1.0
