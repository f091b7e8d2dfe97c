"""The fitted table is odd in the imbalance, and tells where a simulated mid goes."""

import numpy as np
import pytest

from runner.calibrate.microprice import LEAST_MOVES, STATES, Table, fit
from strategies.signals.microprice import BUCKETS


def simulated(seed: int, steps: int, lean: float) -> Table:
    """Fit a one-tick market whose mid moves, now and then, towards the side that is thin."""
    rng = np.random.default_rng(seed)
    bid_lots = rng.integers(1, 100, steps)
    ask_lots = rng.integers(1, 100, steps)
    share = bid_lots / (bid_lots + ask_lots)
    up = rng.random(steps) < 0.5 + lean * (share - 0.5)
    moves = np.where(rng.random(steps) < 0.1, np.where(up, 1, -1), 0)
    bid = 10_000 + np.concatenate([[0], np.cumsum(moves)[:-1]])
    return fit(bid, bid + 1, bid_lots, ask_lots)


def test_the_table_is_odd_and_rises_with_the_bid() -> None:
    table = simulated(1, 200_000, 0.8)
    row = table.ticks[:BUCKETS]
    assert not table.refused
    assert row == pytest.approx(-row[::-1], abs=1e-9)
    assert (np.diff(row) > 0).all()


def test_it_is_the_expected_move_where_updates_are_independent() -> None:
    row = simulated(2, 400_000, 1.0).ticks[:BUCKETS]
    middles = (np.arange(BUCKETS) + 0.5) / BUCKETS
    assert row == pytest.approx(0.1 * (middles - 0.5) * 2, abs=0.015)


def test_without_a_lean_there_is_nothing_to_say() -> None:
    assert np.abs(simulated(3, 400_000, 0.0).ticks[:BUCKETS]).max() < 0.01


def test_spreads_that_were_never_seen_keep_the_weighted_mid() -> None:
    table = simulated(4, 50_000, 0.5)
    assert table.ticks[BUCKETS] == pytest.approx(0.5 * 2 * (2 * 0.05 - 1))
    assert len(table.ticks) == STATES


def test_too_few_moves_are_refused() -> None:
    table = simulated(5, 500, 0.5)
    assert table.moves < LEAST_MOVES
    assert str(table.moves) in table.refused
