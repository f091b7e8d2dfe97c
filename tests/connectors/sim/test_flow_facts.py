"""Hold the synthetic market to the facts that its module promises, over eight hours of it."""

from dataclasses import dataclass, fields

import numpy as np
import pytest

from connectors.sim.flow_market import BTC, ETH, SOL, FlowMarket, market_seed
from tests.connectors.sim.flow_recording import Compiled, Rows, interpret, opened
from tests.connectors.sim.market_facts import (
    Market,
    busy_over_quiet,
    fano,
    imbalance_and_move,
    markouts_bps,
    one_tick_frac,
    reach_bps,
    returns_bps,
    variance_ratio,
)

SEED = 1
MESSAGES = 600_000
PARITY_MESSAGES = 100_000
MARKETS = {"btc": BTC, "eth": ETH}


@dataclass(frozen=True, slots=True)
class Run:
    rows: Rows
    shown: Market
    faults: list[int]


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return Compiled()


def _run(compiled: Compiled, name: str, market: FlowMarket, messages: int) -> Run:
    rows = compiled.generate(market, market_seed(SEED, name), messages)
    return Run(rows, *compiled.rebuild(rows))


@pytest.fixture(scope="module", params=MARKETS)
def run(request: pytest.FixtureRequest, compiled: Compiled) -> Run:
    return _run(compiled, request.param, MARKETS[request.param], MESSAGES)


def test_the_stream_covers_hours(run: Run) -> None:
    assert 7.0 < run.shown.seconds / 3600 < 10.0


def test_trades_take_what_is_displayed_and_the_book_follows_uncrossed(run: Run) -> None:
    assert run.faults == [0, 0, 0, 0, 0]


def test_the_spread_is_one_tick(run: Run) -> None:
    assert one_tick_frac(run.shown) >= 0.995


def test_taker_orders_per_second(run: Run) -> None:
    assert 5.0 < len(run.shown.order_ns) / run.shown.seconds < 9.0


def test_taker_orders_come_in_bursts(run: Run) -> None:
    assert 10.0 < fano(run.shown, window_s=10) < 17.0


def test_minutes_are_quiet_or_busy(run: Run) -> None:
    assert 6.0 < busy_over_quiet(run.shown) < 16.0


def test_taker_orders_that_reach_a_basis_point(run: Run) -> None:
    far = (reach_bps(run.shown) >= 1.0).sum()
    assert 0.010 < far / run.shown.seconds / 2 < 0.020


def test_both_sides_take_alike(run: Run) -> None:
    assert run.shown.order_is_buy.mean() == pytest.approx(0.5, abs=0.01)


def test_volatility_of_a_second(run: Run) -> None:
    assert 0.4 < returns_bps(run.shown, 1).std() < 0.6


def test_returns_are_a_martingale_over_a_minute(run: Run) -> None:
    assert 0.7 < variance_ratio(run.shown, 60) < 1.5


def test_there_is_no_drift(run: Run) -> None:
    returns = returns_bps(run.shown, 1)
    assert abs(returns.mean()) < 2.6 * returns.std() / np.sqrt(len(returns))


def test_the_queues_foretell_the_next_second(run: Run) -> None:
    imbalance, move = imbalance_and_move(run.shown)
    assert 0.22 < np.corrcoef(imbalance, move)[0, 1] < 0.38
    assert 0.18 < np.polyfit(imbalance, move, 1)[0] < 0.30


def test_a_fill_one_basis_point_out_is_adverse(run: Run) -> None:
    markouts = markouts_bps(run.shown, distance_bps=1.0)
    assert len(markouts) > 400
    assert -0.8 < markouts.mean() < -0.3


def test_messages_have_about_ten_levels(run: Run) -> None:
    rows = np.diff(run.rows.ends)
    assert 8 <= np.median(rows) <= 12
    assert 15.0 < len(rows) / run.shown.seconds < 25.0


def test_a_large_tick_market_is_whole_too(compiled: Compiled) -> None:
    run = _run(compiled, "sol", SOL, 100_000)
    assert run.faults == [0, 0, 0, 0, 0]
    assert one_tick_frac(run.shown) >= 0.995
    assert 0.4 < returns_bps(run.shown, 1).std() < 0.6


def test_interpreted_and_compiled_write_the_same_rows(compiled: Compiled) -> None:
    plain = interpret(opened(BTC, SEED), PARITY_MESSAGES)
    rows = compiled.generate(BTC, SEED, PARITY_MESSAGES)
    for field in fields(Rows):
        assert np.array_equal(getattr(plain, field.name), getattr(rows, field.name)), field.name
