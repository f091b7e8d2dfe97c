"""A run that is cut in two is two runs that make the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.errors import ConfigError
from runner.report.checks import market_problems
from runner.report.compare.part import cut_of, parts_at
from runner.report.pnl import account_of
from runner.results import MarketResult, RunResult
from tests.runner.report.fake_run import START_NS, STEP_NS, market, run


def cut(result: RunResult, moment_ns: int) -> tuple[MarketResult, MarketResult]:
    """Return both parts of a run of one market."""
    first, second = parts_at(result, moment_ns)
    return first.markets[0], second.markets[0]


def net(given: MarketResult) -> Decimal:
    """Return a market's net."""
    known = account_of(given).pnl.net
    assert known is not None
    return known


@given(seed=st.integers(0, 500), share=st.floats(0.05, 0.95))
def test_the_parts_make_the_net_of_the_whole(seed: int, share: float) -> None:
    whole = market(seed=seed, steps=200, fill_frac=0.1, maker_fee_bps="0.4")
    first, second = cut(run(whole), cut_of(run(whole), share))
    assert net(first) + net(second) == net(whole)
    assert len(first.fills) + len(second.fills) == len(whole.fills)
    assert first.position_lots == second.opening_position_lots
    assert [*market_problems(first), *market_problems(second)] == []


def test_the_first_part_knows_no_later_mid() -> None:
    whole = market(steps=600, fill_frac=0.1)
    moment = START_NS + 300 * STEP_NS
    first, second = cut(run(whole), moment)
    later = zip(first.fills.recv_ns, first.fills.mid_10s_half_ticks, strict=True)  # type: ignore[call-overload]
    assert all(mid == -1 for stamp, mid in later if stamp + 10_000_000_000 > moment)
    assert all(stamp <= moment for stamp in first.series.now_ns)  # type: ignore[attr-defined]
    assert all(stamp > moment for stamp in second.fills.recv_ns)  # type: ignore[attr-defined]


def test_a_moment_outside_of_the_run_is_refused() -> None:
    result = run(market())
    assert cut_of(result, str(START_NS + 5)) == START_NS + 5
    with pytest.raises(ConfigError, match=r"report.split: expected a moment between 2026-07-01"):
        cut_of(result, "2024-07-18T12:00:00")
