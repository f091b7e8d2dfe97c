from dataclasses import replace

import pytest

from runner.report.equity import equity_at, net_estimate
from runner.report.pnl import account_of
from runner.results import SeriesColumns
from tests.runner.report.fake_run import START_NS, market


@pytest.mark.parametrize("seed", range(5))
def test_the_curve_ends_at_net_before_funding(seed: int) -> None:
    given = market(seed=seed, steps=900, fill_frac=0.1, maker_fee_bps="0.3", funding_quote="5")
    pnl = account_of(given).pnl
    assert pnl.net is not None
    (end,) = equity_at(given, [given.last_ns], [given.mark_half_ticks])
    assert end == pytest.approx(float(pnl.net) - 5, rel=1e-12)


def test_it_begins_at_zero_and_moves_with_the_first_fill() -> None:
    given = market(steps=900, fill_frac=0.1)
    first = given.fills.recv_ns[0]
    before, after = equity_at(given, [first - 1, first], [2_000_000, 2_000_000])
    assert before == 0.0
    assert after not in (0.0, None)


def test_an_unknown_mid_breaks_the_curve_only_with_a_position() -> None:
    given = market(steps=900, fill_frac=0.1)
    assert equity_at(given, [START_NS], [-1]) == [0.0]
    held = replace(given, opening_position_lots=1, opening_mark_half_ticks=2_000_000)
    assert equity_at(held, [START_NS], [-1]) == [None]


def test_an_opening_position_counts_from_its_opening_mark() -> None:
    given = replace(
        market(fill_frac=0), opening_position_lots=10, opening_mark_half_ticks=2_000_000
    )
    assert equity_at(given, [START_NS], [2_000_200]) == [pytest.approx(10 * 100 * 0.0001)]


def test_net_has_an_error_only_when_there_is_enough_to_say() -> None:
    given = market(steps=2_000, fill_frac=0.1)
    net = account_of(given).pnl.net
    estimate = net_estimate(given, net)
    assert estimate is not None
    assert estimate.error is not None
    assert estimate.error > 0
    blind = net_estimate(replace(given, series=SeriesColumns()), net)
    assert blind is not None
    assert blind.error is None
    assert net_estimate(given, None) is None
