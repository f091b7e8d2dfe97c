"""Figures of our own fills are those of their plain definitions."""

import random

import pytest

from connectors.model.events import BUY, MAKER, SELL, TAKER
from strategies.signals import histogram, own_fills, uptime
from strategies.signals.histogram import Histogram
from strategies.signals.own_fills import REMEMBERED, OwnFills
from strategies.signals.uptime import Uptime
from tests.support import MS, NOW_NS, SECOND_NS


def given(fills: list[tuple[int, int, int, int]]) -> OwnFills:
    """Return the state after maker fills of (side, ticks, lots, seconds)."""
    own = OwnFills()
    for side, ticks, lots, second in fills:
        own_fills.add_fill(own, side, ticks, lots, MAKER, NOW_NS + second * SECOND_NS)
    return own


def test_fills_lots_and_takers_are_counted_by_side() -> None:
    own = OwnFills()
    for side, lots, role in ((BUY, 3, MAKER), (BUY, 4, TAKER), (SELL, 2, MAKER)):
        own_fills.add_fill(own, side, 100, lots, role, NOW_NS)
    assert (own.fills, own.lots, own.takers) == ([2, 1], [7, 2], [1, 0])


def test_the_same_side_count_is_that_of_the_last_second() -> None:
    rng = random.Random(3)
    own, now_ns, seen, counts = OwnFills(), NOW_NS, {BUY: [], SELL: []}, {BUY: [], SELL: []}
    for _ in range(500):
        now_ns += rng.randrange(0, 600) * MS
        side = rng.randrange(2)
        own_fills.add_fill(own, side, 100, 1, MAKER, now_ns)
        seen[side].append(now_ns)
        counts[side].append(sum(now_ns - stamp < SECOND_NS for stamp in seen[side]))
        assert own_fills.same_side(own, side, now_ns) == counts[side][-1]
    for side in (BUY, SELL):
        ordered = sorted(counts[side])
        for frac in (0.5, 0.95, 1.0):
            least = next(c for c in ordered if sum(x <= c for x in ordered) >= frac * len(ordered))
            assert own_fills.same_side_quantile(own, side, frac) == least


def test_a_storm_counts_as_many_as_are_remembered_and_none_as_nothing() -> None:
    own = given([(BUY, 100, 1, 0)] * (3 * REMEMBERED))
    assert own_fills.same_side(own, BUY, NOW_NS) == REMEMBERED
    assert own_fills.same_side_quantile(own, SELL, 0.95) == 0


def test_a_trip_from_flat_to_flat_is_won_or_lost() -> None:
    own = given([(BUY, 100, 2, 0), (SELL, 101, 2, 1)])
    assert (own.won, own.lost) == (1, 0)
    own = given([(SELL, 100, 2, 0), (BUY, 101, 1, 1), (BUY, 100, 1, 2)])
    assert (own.won, own.lost) == (0, 1)
    own = given([(SELL, 100, 2, 0), (BUY, 100, 2, 1)])
    assert (own.won, own.lost) == (0, 0)


def test_a_fill_that_crosses_zero_is_split_at_its_price() -> None:
    own = given([(BUY, 100, 2, 0), (SELL, 103, 5, 1), (BUY, 102, 3, 2)])
    assert (own.won, own.lost, own.position_lots) == (2, 0, 0)


def test_a_run_may_begin_with_a_position() -> None:
    own = OwnFills()
    own_fills.start(own, -4, 100, NOW_NS)
    assert own_fills.age_s(own, NOW_NS + SECOND_NS) == 1.0
    own_fills.add_fill(own, BUY, 99, 4, MAKER, NOW_NS + SECOND_NS)
    assert (own.won, own.lost) == (1, 0)


def test_the_age_begins_with_the_inventory_and_with_each_change_of_sign() -> None:
    own = given([(BUY, 100, 1, 0), (BUY, 100, 1, 5)])
    assert own_fills.age_s(own, NOW_NS + 8 * SECOND_NS) == pytest.approx(8.0)
    own_fills.add_fill(own, SELL, 100, 3, MAKER, NOW_NS + 8 * SECOND_NS)
    assert own_fills.age_s(own, NOW_NS + 9 * SECOND_NS) == pytest.approx(1.0)
    own_fills.add_fill(own, BUY, 100, 1, MAKER, NOW_NS + 9 * SECOND_NS)
    assert own_fills.age_s(own, NOW_NS + 20 * SECOND_NS) == 0.0
    assert own.ages_s.total == pytest.approx(9.0)


def test_ages_are_over_time() -> None:
    own = OwnFills()
    for lived_s in (1, 1, 1, 1, 16):
        own_fills.add_fill(own, BUY, 100, 1, MAKER, NOW_NS)
        own_fills.add_fill(own, SELL, 100, 1, MAKER, NOW_NS + lived_s * SECOND_NS)
    assert own_fills.age_quantile_s(own, 0.5) == pytest.approx(6.0, rel=1e-6)
    assert own_fills.age_quantile_s(own, 0.95) == pytest.approx(15.0, rel=1e-6)
    assert own_fills.age_quantile_s(OwnFills(), 0.5) == 0.0


@pytest.mark.parametrize("top", [0.0, 5e-4, 1.0, 37.5, 1e4, 1e9])
def test_quantiles_of_an_even_spread_are_shares_of_its_top(top: float) -> None:
    ages = Histogram()
    histogram.spread_evenly(ages, top)
    assert ages.total == pytest.approx(top)
    for frac in (0.1, 0.5, 0.95, 1.0):
        assert histogram.quantile(ages, frac) == pytest.approx(frac * top)


def test_uptime_is_the_share_of_time_with_a_quote() -> None:
    up = Uptime()
    for second, bid, ask in ((0, 5, 5), (6, 5, 0), (8, 0, 0), (10, 5, 5)):
        uptime.observe(up, bid, ask, NOW_NS + second * SECOND_NS)
    assert uptime.side_frac(up, BUY) == 0.8
    assert uptime.side_frac(up, SELL) == 0.6
    assert uptime.both_frac(up) == 0.6


def test_uptime_knows_nothing_at_first_and_no_time_that_goes_back() -> None:
    up = Uptime()
    assert (uptime.side_frac(up, BUY), uptime.both_frac(up)) == (0.0, 0.0)
    for second in (5, 3, 5, 6):
        uptime.observe(up, 1, 1, NOW_NS + second * SECOND_NS)
    assert up.watched_ns == SECOND_NS
