"""What the schedule asks: pauses pull, targets are leant to, and moves reduce step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, CLEAR_BIDS, LEAD, SCHEDULED, SELL
from connectors.model.orders import is_taking
from strategies import reasons as why
from strategies import scheduled as asks
from strategies.desk import Desk
from strategies.gates.schedule import surplus_lots
from strategies.holding import adopt
from strategies.quoting import decide, observe
from tests.strategies.gates.desks import at, has, sizes
from tests.strategies.working import asked
from tests.support import MID_TICKS, NOW_NS, SECOND_NS, checked, shown_desk

NOW_S = NOW_NS // SECOND_NS
MOVE = {asks.MOVE_S: NOW_S, asks.MOVE_UNTIL_S: NOW_S + 60, asks.STEP_MS: 5000}
FLAT = {**MOVE, asks.FLATTENS: 1, asks.SLIPPAGE_PPM: 200}


def told(lots: int, numbers: dict[int, int], **params: int) -> Desk:
    """Return a desk with a position, which the schedule has told some numbers."""
    desk = shown_desk(warmup_s=0.0, **params)
    desk.orders.position_lots = lots
    adopt(desk.holding, lots, float(MID_TICKS), NOW_NS)
    desk.params.gates.on = desk.params.gates.scheduled = True
    desk.params.gates.most_take_lots = 50
    say(desk, numbers)
    return desk


def say(desk: Desk, numbers: dict[int, int], now_ns: int = NOW_NS) -> None:
    count = len(numbers)
    columns = [SCHEDULED] * count, list(numbers), list(numbers.values())
    observe(desk, *columns, 0, count, now_ns)


def taken(desk: Desk, now_ns: int = NOW_NS) -> list[tuple[int, int, int]]:
    """Decide and compare; return side, price and size of the orders that take."""
    decide(desk, now_ns)
    return [(a.side, a.ticks, a.lots) for a in asked(desk, now_ns) if is_taking(a.client_id)]


def test_a_pause_keeps_both_sides_away_until_it_is_over() -> None:
    desk = told(0, {asks.PAUSED: 1})
    assert desk.orders.changed
    assert sizes(at(desk)) == (0, 0)
    assert has(desk, BUY, why.HOURS)
    say(desk, {asks.PAUSED: 0})
    assert sizes(at(desk)) == (10, 10)


def test_rows_of_the_schedule_are_no_market_data() -> None:
    desk = told(0, {})
    before = desk.signals.seen_ns, desk.tally.events
    rows = [LEAD, SCHEDULED], [0, asks.PAUSED], [0, 1]
    observe(desk, *rows, 0, 2, NOW_NS + SECOND_NS)
    assert (desk.signals.seen_ns, desk.tally.events) == before
    observe(desk, [CLEAR_BIDS, SCHEDULED], [-1, asks.PAUSED], [0, 0], 0, 2, NOW_NS + SECOND_NS)
    assert desk.scheduled.asked[asks.PAUSED] == 0
    assert desk.signals.seen_ns == NOW_NS + SECOND_NS


def test_a_number_that_nobody_knows_is_passed_over() -> None:
    desk = told(0, {asks.FIELDS: 7, 10_000: 7})
    assert not any(desk.scheduled.asked)


@pytest.mark.parametrize(
    "numbers", [{asks.TARGET_LOTS: 20}, {asks.TARGET_TICK_LOTS: 20 * MID_TICKS}]
)
def test_quotes_lean_to_the_target_and_not_beyond_the_limits(numbers: dict[int, int]) -> None:
    desk = at(told(0, {asks.TARGET_S: NOW_S, **numbers}))
    assert desk.quotes.target_lots == pytest.approx(20, rel=1e-5)
    assert desk.quotes.inventory_clips == pytest.approx(-2, rel=1e-5)
    assert desk.quotes.reservation_bps > 0
    say(desk, {k: 100 * v for k, v in numbers.items()} | {asks.TARGET_S: NOW_S + 1})
    assert at(desk).quotes.target_lots == 100


def test_a_worth_stays_as_many_lots_as_it_was_at_its_moment() -> None:
    desk = at(told(0, {asks.TARGET_S: NOW_S, asks.TARGET_TICK_LOTS: 20 * MID_TICKS}))
    before = desk.quotes.target_lots
    desk.signals.mid_ticks *= 2
    assert at(desk).quotes.target_lots == before
    say(desk, {asks.TARGET_S: NOW_S + 1})
    assert at(desk).quotes.target_lots == pytest.approx(before / 2)


@pytest.mark.parametrize(("sign", "side", "limit"), [(1, SELL, -200), (-1, BUY, 201)])
def test_a_flattening_takes_a_clip_a_step_until_flat_and_then_quotes_again(
    sign: int, side: int, limit: int
) -> None:
    desk = told(sign * 25, FLAT)
    desk.scheduled.asked[asks.SLIPPAGE_PPM] = 200
    assert taken(desk) == [(side, MID_TICKS + limit, 10)]
    assert sizes(desk) == (0, 0)
    desk.orders.status[:] = [0] * len(desk.orders.status)
    hold_lots(desk, sign * 15)
    assert taken(desk, NOW_NS + 5 * SECOND_NS - 1) == []
    assert [lots for _, _, lots in taken(desk, NOW_NS + 5 * SECOND_NS)] == [10]
    desk.orders.status[:] = [0] * len(desk.orders.status)
    hold_lots(desk, 0)
    assert taken(desk, NOW_NS + 9 * SECOND_NS) == []
    assert sizes(desk) == (10, 10)
    hold_lots(desk, 30)
    assert taken(desk, NOW_NS + 20 * SECOND_NS) == [], "a move that is done is done once"


def hold_lots(desk: Desk, lots: int) -> None:
    desk.orders.position_lots = lots
    adopt(desk.holding, lots, float(MID_TICKS), NOW_NS)


def test_a_move_ends_with_its_time_and_waits_for_fills_that_are_not_explained() -> None:
    desk = told(25, FLAT)
    desk.holding.lots = 24
    assert taken(desk) == []
    assert (sizes(desk), desk.scheduled.moved_s) == ((0, 0), 0)
    desk.holding.lots = 25
    assert taken(desk, NOW_NS + 60 * SECOND_NS) == []
    assert sizes(desk)[1] > 0


def test_a_move_to_the_target_leaves_its_tolerance_and_never_adds() -> None:
    target = {**MOVE, asks.TARGET_S: NOW_S, asks.TARGET_LOTS: 20, asks.TOLERANCE_MILLICLIPS: 500}
    assert [lots for _, _, lots in taken(told(26, target))] == [6]
    for held in (25, 20, 3, -0):
        desk = told(held, target)
        assert taken(desk) == []
        assert desk.scheduled.moved_s == NOW_S
    assert [lots for _, _, lots in taken(told(-4, {**target, asks.TOLERANCE_MILLICLIPS: 0}))] == [4]


def test_what_is_under_the_smallest_order_stays() -> None:
    desk = told(4, FLAT, min_lots=5)
    assert taken(desk) == []
    assert desk.scheduled.moved_s == NOW_S
    assert [lots for _, _, lots in taken(told(13, FLAT, min_lots=5))] == [13]


@checked(200)
@given(st.integers(-1000, 1000), st.floats(-2000, 2000))
def test_a_surplus_never_passes_flat_and_never_adds(held: int, aim: float) -> None:
    lots = surplus_lots(held, aim)
    after = held - lots if held > 0 else held + lots
    assert 0 <= lots <= abs(held)
    assert after * held >= 0
    if lots:
        assert abs(after - aim) < abs(held - aim) or abs(after - aim) < 1
