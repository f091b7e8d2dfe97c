"""Trades of one market order are one sweep; another side or a pause begins the next."""

import pytest

from connectors.model.events import BUY, SELL
from strategies.signals import sweeps
from strategies.signals.sweeps import Sweeps
from tests.support import MS, NOW_NS


def new_sweeps() -> Sweeps:
    state = Sweeps()
    state.gap_ns = MS
    return state


def test_trades_within_the_gap_are_one_order_as_deep_as_the_farthest() -> None:
    state = new_sweeps()
    begins = [
        sweeps.add_trade(state, BUY, ticks, 3, 10_000.0, NOW_NS + k * MS // 2)
        for k, ticks in enumerate((10_001, 10_003, 10_002))
    ]
    assert begins == [True, False, False]
    assert not sweeps.observe(state, NOW_NS + 2 * MS)
    assert sweeps.observe(state, NOW_NS + 2 * MS + 1)
    assert (state.begun, state.ended, state.side, state.sweep_lots) == (1, 1, BUY, 9)
    assert state.depth_bps == pytest.approx(3.0)
    assert not sweeps.observe(state, NOW_NS + 9 * MS)


def test_the_other_side_and_a_pause_begin_anew() -> None:
    state = new_sweeps()
    for side, offset_ns in ((BUY, 0), (SELL, 0), (SELL, MS), (SELL, 3 * MS)):
        sweeps.add_trade(state, side, 9_990, 1, 10_000.0, NOW_NS + offset_ns)
    assert (state.begun, state.ended) == (3, 2)
    assert (state.side, state.depth_bps, state.sweep_lots) == (SELL, 10.0, 2)


def test_a_sweep_without_a_mid_has_no_depth() -> None:
    state = new_sweeps()
    sweeps.add_trade(state, BUY, 10_001, 1, 0.0, NOW_NS)
    assert not sweeps.observe(state, NOW_NS + 5 * MS)
    assert (state.begun, state.ended) == (1, 0)
