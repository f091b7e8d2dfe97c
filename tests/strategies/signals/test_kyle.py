"""The online slope is the weighted regression over all buckets."""

import math
import random

import pytest

from connectors.model.events import BUY, SELL
from strategies.signals import kyle
from strategies.signals.kyle import Kyle
from tests.support import NOW_NS, SECOND_NS


def new_kyle() -> Kyle:
    state = Kyle()
    state.bucket_ns, state.tau_s, state.millions_per_tick_lot = SECOND_NS, 60.0, 1e-6
    return state


def regression(rows: list[tuple[float, float, float]]) -> tuple[float, float]:
    """Return slope and intercept of rows (weight, x, y), about the weighted means."""
    total = math.fsum(w for w, _, _ in rows)
    x0 = math.fsum(w * x for w, x, _ in rows) / total
    y0 = math.fsum(w * y for w, _, y in rows) / total
    sxx = math.fsum(w * (x - x0) * (x - x0) for w, x, _ in rows)
    sxy = math.fsum(w * (x - x0) * (y - y0) for w, x, y in rows)
    return sxy / sxx, y0 - sxy / sxx * x0


def test_it_is_the_weighted_regression_of_buckets_cut_from_trades() -> None:
    rng = random.Random(5)
    state, mid, now_ns = new_kyle(), 1e6, NOW_NS
    kyle.observe(state, mid, now_ns)
    rows: list[tuple[float, float, float]] = []
    for _ in range(200):
        gone_s = rng.choice((1.0, 1.5, 4.0))
        now_ns += int(gone_s * SECOND_NS)
        volume = 0.0
        for _ in range(rng.randrange(4)):
            side, lots = rng.randrange(2), rng.randrange(1, 50)
            kyle.add_trade(state, side, 1_000_000, lots)
            volume += lots if side == BUY else -lots
        y = 0.02 * volume + rng.gauss(0.1, 0.3)
        before, mid = mid, mid * (1.0 + y * 1e-4)
        assert kyle.observe(state, mid, now_ns)
        keep = math.exp(-gone_s / 60.0)
        rows = [(w * keep, x, y) for w, x, y in rows]
        rows.append((1.0, volume, (mid - before) / before * 1e4))
    slope, intercept = regression(rows)
    assert kyle.slope(state) == pytest.approx(slope, rel=1e-9)
    assert kyle.intercept(state) == pytest.approx(intercept, rel=1e-9)
    assert kyle.is_ready(state)
    assert abs(kyle.slope(state) - 0.02) < 4 * kyle.slope_error(state)
    through = sum(w * x * y for w, x, y in rows) / sum(w * x * x for w, x, _ in rows)
    assert kyle.slope_through_zero(state) == pytest.approx(through, rel=1e-9)


def test_before_there_are_buckets_there_is_no_reading() -> None:
    state = new_kyle()
    assert not kyle.is_ready(state)
    assert kyle.slope(state) == kyle.slope_through_zero(state) == kyle.intercept(state) == 0.0
    assert kyle.slope_error(state) == math.inf
    for _ in range(100):
        kyle.add_bucket(state, 2.0, 1.0, 1.0)
    assert not kyle.is_ready(state)
    assert kyle.slope(state) == 0.0


def test_a_bucket_lasts_as_long_as_is_set() -> None:
    state = new_kyle()
    closed = [kyle.observe(state, 1e6, NOW_NS + k * SECOND_NS // 2) for k in range(5)]
    assert closed == [False, False, True, False, True]


@pytest.mark.parametrize("mid", [0.0, -1.0, math.nan, math.inf])
def test_a_mid_that_is_no_price_closes_nothing(mid: float) -> None:
    state = new_kyle()
    kyle.observe(state, 1e6, NOW_NS)
    assert not kyle.observe(state, mid, NOW_NS + 9 * SECOND_NS)
    assert state.w == 0.0


def test_after_a_gap_the_open_bucket_is_dropped() -> None:
    state = new_kyle()
    kyle.observe(state, 1e6, NOW_NS)
    kyle.add_trade(state, SELL, 1_000_000, 50)
    kyle.forget_bucket(state)
    assert not kyle.observe(state, 2e6, NOW_NS + 9 * SECOND_NS)
    assert (state.volume, state.w) == (0.0, 0.0)
