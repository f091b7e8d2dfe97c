"""A fill is valued at the mid in force when its horizon passes, or it is said to be unknown."""

import bisect
import math
import random

import pytest

from connectors.model.events import BUY, SELL
from strategies.signals import markout, rolling
from strategies.signals.markout import HORIZONS, HORIZONS_NS, PENDING, Markouts
from tests.support import NOW_NS, SECOND_NS


def fresh(mid_ticks: float = 1000.0) -> Markouts:
    markouts = Markouts()
    markout.start(markouts, SECOND_NS)
    markout.observe(markouts, mid_ticks, NOW_NS)
    return markouts


def kept(markouts: Markouts, side: int, horizon: int) -> list[float]:
    s = markout.series(side, horizon)
    base = s * rolling.LENGTH
    return markouts.windows.values[base : base + rolling.size(markouts.windows, s)]


def test_parts_add_up_and_good_for_us_is_positive() -> None:
    for side, better in ((BUY, 999.0), (SELL, 1001.0)):
        effective = markout.effective_bps(side, better, 1000.0)
        assert effective == 10.0
        moved = markout.mid_to_mid_bps(side, 1000.0, 1000.0 - 5.0 * (1 - 2 * side))
        assert moved == -50.0
        realised = markout.realised_bps(side, better, 1000.0, 1000.0 - 5.0 * (1 - 2 * side))
        assert realised == pytest.approx(effective + moved, abs=1e-12)


def test_each_horizon_takes_the_mid_in_force_at_its_moment() -> None:
    markouts = fresh()
    markout.add_fill(markouts, BUY, 1000, NOW_NS)
    for second, mid in ((1, 1001.0), (3, 1002.0), (6, 1003.0), (59, 1004.0), (61, 1005.0)):
        markout.observe(markouts, mid, NOW_NS + second * SECOND_NS)
    assert [kept(markouts, BUY, h) for h in range(HORIZONS)] == [[10.0], [20.0], [30.0], [40.0]]
    assert [kept(markouts, SELL, h) for h in range(HORIZONS)] == [[]] * HORIZONS


def test_a_mid_at_the_very_moment_is_in_force() -> None:
    markouts = fresh()
    markout.add_fill(markouts, BUY, 1000, NOW_NS)
    markout.observe(markouts, 1007.0, NOW_NS + SECOND_NS)
    assert kept(markouts, BUY, 0) == []
    markout.observe(markouts, 1009.0, NOW_NS + SECOND_NS + 1)
    assert kept(markouts, BUY, 0) == [70.0]


def test_it_agrees_with_a_search_in_the_whole_history() -> None:
    rng = random.Random(4)
    markouts = fresh()
    stamps, mids, fills = [NOW_NS], [1000.0], []
    for _ in range(3000):
        stamps.append(stamps[-1] + rng.randrange(0, SECOND_NS))
        mids.append(max(1.0, mids[-1] + rng.choice((-0.5, 0.0, 0.5))))
        markout.observe(markouts, mids[-1], stamps[-1])
        if rng.random() < 0.05:
            fills.append((stamps[-1], rng.randrange(2), rng.randrange(995, 1005), mids[-1]))
            markout.add_fill(markouts, *fills[-1][1:3], stamps[-1])
    for side in (BUY, SELL):
        for h in range(HORIZONS):
            expected = []
            for stamp, taken, ticks, mid in fills:
                due_ns = stamp + HORIZONS_NS[h]
                if taken == side and due_ns < stamps[-1]:
                    later = mids[bisect.bisect_right(stamps, due_ns) - 1]
                    expected.append(1e4 * (1 - 2 * side) * (later - ticks) / mid)
            assert kept(markouts, side, h) == pytest.approx(expected, abs=1e-9)
            assert len(expected) > 50


def test_a_horizon_that_passes_without_a_mid_is_unknown() -> None:
    markouts = fresh()
    markout.add_fill(markouts, SELL, 1000, NOW_NS)
    markout.observe(markouts, 0.0, NOW_NS + 500)
    markout.observe(markouts, 1003.0, NOW_NS + 2 * SECOND_NS)
    markout.observe(markouts, 1003.0, NOW_NS + 70 * SECOND_NS)
    assert markouts.unknown == [1, 0, 0, 0]
    assert [len(kept(markouts, SELL, h)) for h in range(HORIZONS)] == [0, 1, 1, 1]


def test_fills_that_cannot_be_followed_are_counted() -> None:
    markouts = fresh(mid_ticks=0.0)
    markout.add_fill(markouts, BUY, 1000, NOW_NS)
    assert (markouts.followed, markouts.dropped) == (0, 1)
    markout.observe(markouts, 1000.0, NOW_NS)
    for _ in range(PENDING + 3):
        markout.add_fill(markouts, BUY, 1000, NOW_NS)
    assert (markouts.followed, markouts.dropped) == (PENDING, 4)
    markout.observe(markouts, 1000.0, NOW_NS + 61 * SECOND_NS)
    markout.add_fill(markouts, BUY, 1000, NOW_NS + 61 * SECOND_NS)
    assert (markouts.followed, markouts.dropped) == (PENDING + 1, 4)


@pytest.mark.parametrize("mid", [math.nan, math.inf, -1.0])
def test_a_mid_that_is_no_price_is_none(mid: float) -> None:
    markouts = fresh()
    markout.add_fill(markouts, BUY, 1000, NOW_NS)
    markout.observe(markouts, mid, NOW_NS + 1)
    markout.observe(markouts, 1000.0, NOW_NS + 2 * SECOND_NS)
    assert markouts.unknown[0] == 1
    assert kept(markouts, BUY, 0) == []
