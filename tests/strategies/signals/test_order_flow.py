"""Order flow sums what each book adds and takes, also a change of size at an unchanged price."""

import math
import random
from itertools import pairwise

import pytest

from strategies.signals import order_flow
from strategies.signals.order_flow import OrderFlow
from tests.support import NOW_NS, SECOND_NS, new_desk, show

Touch = tuple[int, int, int, int]
"""Bid ticks, bid lots, ask ticks, ask lots."""


def fed(touches: list[tuple[float, Touch]], tau_s: float = 5.0) -> OrderFlow:
    flow, desk = OrderFlow(), new_desk()
    flow.tau_s = tau_s
    for second, (bid, bid_lots, ask, ask_lots) in touches:
        now_ns = NOW_NS + int(second * SECOND_NS)
        show(desk, bid, ask, now_ns, (bid_lots, ask_lots))
        order_flow.observe(flow, desk.book, now_ns)
    return flow


@pytest.mark.parametrize(
    ("after", "e"),
    [
        ((100, 5, 101, 4), 0),
        ((100, 8, 101, 4), 3),
        ((100, 5, 101, 1), 3),
        ((101, 3, 102, 4), 3 + 4),
        ((99, 7, 101, 4), -5),
        ((99, 3, 100, 6), -5 - 6),
        ((100, 2, 101, 4), -3),
    ],
)
def test_each_change_counts_by_the_weak_inequalities(after: Touch, e: int) -> None:
    flow = fed([(0.0, (100, 5, 101, 4)), (0.0, after)])
    assert flow.flow_lots == e


def test_sums_fade_and_readings_are_their_definitions() -> None:
    rng = random.Random(2)
    touches, second = [], 0.0
    for _ in range(200):
        second += rng.choice((0.0, 0.1, 0.5))
        bid = rng.randrange(100, 103)
        ask = bid + rng.randrange(1, 3)
        touches.append((second, (bid, rng.randrange(1, 9), ask, rng.randrange(1, 9))))
    flow = fed(touches)
    total = squares = depth = weight = 0.0
    for (_, before), (at, touch) in pairwise(touches):
        e = (touch[0] >= before[0]) * touch[1] - (touch[0] <= before[0]) * before[1]
        e += (touch[2] >= before[2]) * before[3] - (touch[2] <= before[2]) * touch[3]
        w = math.exp(-(second - at) / 5.0)
        total += w * e
        squares += w * w * e * e
        depth += w * (touch[1] + touch[3]) / 2
        weight += w
    assert order_flow.expected_ticks(flow) == pytest.approx(total / (2 * depth / weight), rel=1e-6)
    assert order_flow.score(flow) == pytest.approx(total / math.sqrt(squares), rel=1e-6)


def test_it_is_ready_after_three_memories_and_nothing_before_any_change() -> None:
    flow = fed([(0.0, (100, 5, 101, 4))])
    assert (order_flow.expected_ticks(flow), order_flow.score(flow)) == (0.0, 0.0)
    for seconds, ready in ((14.9, False), (15.1, True)):
        changed = (seconds, (100, 6, 101, 4))
        assert order_flow.is_ready(fed([(0.0, (100, 5, 101, 4)), changed])) == ready
    assert not order_flow.is_ready(fed([(0.0, (100, 5, 101, 4)), (20.0, (100, 5, 101, 4))]))


def test_the_first_book_after_a_gap_is_no_flow() -> None:
    flow, desk = fed([(0.0, (100, 5, 101, 4)), (1.0, (100, 7, 101, 4))]), new_desk()
    before = flow.flow_lots
    order_flow.forget_touch(flow)
    show(desk, 500, 501)
    order_flow.observe(flow, desk.book, NOW_NS + 9 * SECOND_NS)
    assert flow.flow_lots == before


def test_time_that_goes_back_does_not_grow_the_past() -> None:
    flow = fed([(5.0, (100, 5, 101, 4)), (5.0, (100, 9, 101, 4)), (1.0, (100, 9, 101, 4))])
    assert flow.flow_lots == 4.0
