"""Bars are cut by the clock, and the index is Wilder's with the seed that traders' charts use."""

import random

import pytest

from connectors.model.events import BUY, SELL
from strategies.signals import adx, bars
from strategies.signals.adx import PERIOD, WARM_BARS, Adx
from strategies.signals.bars import MOST_FLAT, Bars
from tests.support import SECOND_NS

MINUTE_NS = 60 * SECOND_NS
START_NS = 28_333_333 * MINUTE_NS


def cut(mids: list[tuple[int, float]], length_ns: int = MINUTE_NS) -> list[tuple[float, float]]:
    """Return high and low of every bar closed."""
    state = Bars()
    state.length_ns = length_ns
    found = []
    for offset_s, mid in mids:
        now_ns = START_NS + offset_s * SECOND_NS
        for _ in range(bars.pending(state, now_ns)):
            found.append((state.high, state.low))
            bars.roll(state)
        bars.take(state, mid, now_ns)
    return found


def test_a_bar_holds_what_happened_in_its_minute_and_the_close_before() -> None:
    mids = [(-5, 9.0), (0, 10.0), (30, 12.0), (59, 11.0), (60, 15.0), (61, 14.0), (120, 1.0)]
    assert cut(mids) == [(12.0, 9.0), (15.0, 11.0)]


def test_the_bar_in_which_a_run_begins_is_not_closed() -> None:
    assert cut([(30, 10.0), (59, 12.0), (60, 11.0), (119, 11.5), (120, 3.0)]) == [(12.0, 11.0)]


def test_a_quiet_market_makes_flat_bars() -> None:
    quiet = cut([(-1, 10.0), (0, 10.0), (1, 11.0), (60 * 4, 12.0)])
    assert quiet == [(11.0, 10.0), (11.0, 11.0), (11.0, 11.0), (11.0, 11.0)]


def test_a_gap_too_long_begins_anew() -> None:
    state = Adx()
    state.bars.length_ns = MINUTE_NS
    rng = random.Random(1)
    for minute in range(WARM_BARS + 2):
        adx.observe(state, rng.uniform(99.0, 101.0), START_NS + minute * MINUTE_NS)
    assert adx.is_ready(state)
    last_ns = START_NS + (WARM_BARS + 1) * MINUTE_NS
    assert adx.observe(state, 100.0, last_ns + (MOST_FLAT + 1) * MINUTE_NS) == MOST_FLAT + 1
    assert adx.is_ready(state)
    assert adx.observe(state, 100.0, last_ns + (2 * MOST_FLAT + 3) * MINUTE_NS) == 0
    assert (state.count, state.value, adx.is_ready(state)) == (0, 0.0, False)


@pytest.mark.parametrize("step_ns", [0, -5 * MINUTE_NS])
def test_a_clock_that_stands_or_goes_back_ends_no_bar(step_ns: int) -> None:
    state = Adx()
    state.bars.length_ns = MINUTE_NS
    adx.observe(state, 100.0, START_NS)
    assert adx.observe(state, 101.0, START_NS + step_ns) == 0


def test_without_a_length_there_are_no_bars() -> None:
    assert cut([(k * 60, 10.0) for k in range(10)], length_ns=0) == []


def textbook(highs: list[float], lows: list[float]) -> float:
    """Compute the same from whole lists: changes, Wilder sums, DX, Wilder average."""
    plus, minus = [], []
    for k in range(1, len(highs)):
        up, down = highs[k] - highs[k - 1], lows[k - 1] - lows[k]
        plus.append(up if up > max(down, 0.0) else 0.0)
        minus.append(down if down > max(up, 0.0) else 0.0)
    dxs = []
    for k in range(PERIOD - 1, len(plus)):
        sums = []
        for moves in (plus, minus):
            total = sum(moves[: PERIOD - 1])
            for move in moves[PERIOD - 1 : k + 1]:
                total += move - total / PERIOD
            sums.append(total)
        dxs.append(100 * abs(sums[0] - sums[1]) / sum(sums))
    value = sum(dxs[:PERIOD]) / PERIOD
    for dx in dxs[PERIOD:]:
        value += (dx - value) / PERIOD
    return value


@pytest.mark.parametrize("count", [28, 29, 60, 150])
def test_it_is_the_index_of_the_whole_list(count: int) -> None:
    rng = random.Random(count)
    state, highs, lows, close = Adx(), [], [], 100.0
    for _ in range(count):
        path = [close + rng.gauss(0.02, 1.0) for _ in range(3)]
        highs.append(max(path))
        lows.append(min(path))
        close = path[-1]
        adx.add_bar(state, highs[-1], lows[-1], close)
    assert state.value == pytest.approx(textbook(highs, lows), abs=1e-9)
    assert adx.is_ready(state) == (count >= WARM_BARS)


def test_a_trend_reads_high_a_range_low_and_no_movement_nothing() -> None:
    trend, still, swing = Adx(), Adx(), Adx()
    rng = random.Random(2)
    for k in range(300):
        adx.add_bar(trend, 100.0 + k, 99.0 + k, 99.5 + k)
        adx.add_bar(still, 100.0, 100.0, 100.0)
        middle = 100.0 + rng.choice((-1.0, 1.0))
        adx.add_bar(swing, middle + 0.5, middle - 0.5, middle)
    assert trend.value == pytest.approx(100.0)
    assert still.value == 0.0
    assert swing.value < 20.0
    assert adx.directional_index(trend, BUY) > 60.0 > adx.directional_index(trend, SELL) == 0.0
    assert adx.directional_index(still, BUY) == 0.0
