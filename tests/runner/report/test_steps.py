"""Steps of a run add up to what was reckoned exactly."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.report.parts import parts_of
from runner.report.pnl import account_of
from runner.report.steps import Steps, add_steps, equal_moments, mids_at, steps_of
from runner.results import FillColumns, MarketResult, SeriesColumns
from tests.runner.report.fake_run import STEP_NS, market


def cut(given: MarketResult, count: int = 40, horizon: str = "1s") -> Steps:
    """Return a market's steps."""
    found = steps_of(given, equal_moments(given.first_ns, given.last_ns, count), horizon)
    assert found is not None
    return found


@given(seed=st.integers(0, 1000), count=st.integers(1, 200), horizon=st.sampled_from(["1s", "60s"]))
def test_the_steps_add_up_to_the_parts(seed: int, count: int, horizon: str) -> None:
    trading = market(seed=seed, steps=100, fill_frac=0.1, maker_fee_bps="0.7")
    # The last fill of a fake run may arrive after its last batch.
    fills = trading.fills
    trading = replace(trading, last_ns=max([trading.last_ns, *fills.recv_ns]))
    account = account_of(trading)
    parts = parts_of(trading, account.pnl, horizon)
    steps = cut(trading, count, horizon)
    assert sum(steps.net) == pytest.approx(float(account.pnl.net or 0), abs=1e-9)
    assert sum(steps.spread) == pytest.approx(float(parts.spread), abs=1e-9)
    assert sum(steps.adverse) == pytest.approx(float(parts.adverse), abs=1e-9)
    assert sum(steps.inventory) == pytest.approx(float(parts.inventory or 0), abs=1e-9)
    assert -sum(steps.fees) == pytest.approx(float(parts.fees), abs=1e-9)
    assert sum(steps.volume) == pytest.approx(float(account.volume_quote), abs=1e-6)
    assert sum(steps.fills) == len(fills)


def test_a_fee_that_was_told_of_a_fill_is_its_fee() -> None:
    plain = market(steps=100, fill_frac=0.2, maker_fee_bps="0.7")
    told = {int(plain.fills.trade_id[2]): Decimal("12.5")}
    given = replace(plain, fees_quote=told)
    assert sum(cut(given).fees) == pytest.approx(float(account_of(given).pnl.fees))
    assert sum(cut(given).fees) > 12.5


def test_a_mid_is_that_of_the_last_moment_it_was_known() -> None:
    given = market(steps=20, fill_frac=0)
    stamps, mids = given.series.now_ns, given.series.mid_half_ticks
    assert mids_at(given, [stamps[5], stamps[5] + STEP_NS // 2]) == [mids[5], mids[5]]
    assert mids_at(given, [given.last_ns]) == [given.mark_half_ticks]
    assert mids_at(given, [given.first_ns - 1]) == [-1]


def test_mids_of_fills_serve_where_no_decision_was_kept() -> None:
    given = replace(market(steps=400, fill_frac=0.1), series=SeriesColumns())
    fills = given.fills
    assert mids_at(given, [fills.recv_ns[0]]) == [fills.mid_half_ticks[0]]
    assert sum(cut(given).net) == pytest.approx(float(account_of(given).pnl.net or 0))


def test_steps_are_unknown_where_a_position_has_no_mark() -> None:
    given = replace(market(), mark_half_ticks=-1)
    assert steps_of(given, equal_moments(given.first_ns, given.last_ns, 40), "1s") is None


def test_a_position_from_before_a_late_first_batch_is_worth_its_opening_mark_until_then() -> None:
    late = market(steps=100)
    held = replace(
        late,
        opening_position_lots=7,
        opening_mark_half_ticks=late.series.mid_half_ticks[0],
        position_lots=late.position_lots + 7,
    )
    moments = equal_moments(held.first_ns - 5_000_000_000, held.last_ns, 60)
    steps = steps_of(held, moments, "1s")
    assert steps is not None
    assert steps.net[0] == 0.0
    assert sum(steps.net) == pytest.approx(float(account_of(held).pnl.net or 0))


def test_steps_of_two_markets_add_up_at_their_rates() -> None:
    one, two = cut(market()), cut(market("eth", seed=2))
    both = add_steps([(one, 1.0), (two, 0.5)])
    assert both.net[7] == one.net[7] + two.net[7] / 2
    assert sum(both.fills) == sum(one.fills) + sum(two.fills)


def test_a_run_without_fills_earned_nothing_in_any_step() -> None:
    steps = cut(replace(market(fill_frac=0), fills=FillColumns()))
    assert set(steps.net) == {0.0}
