"""A position is warned of, only reduced, then taken down, the nearer it is to its liquidation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, IOC, REDUCE_ONLY, SELL
from connectors.model.orders import LEVELS, Commands, is_taking, sent_flags
from runner.engine.turn import conclude
from strategies import hedge_reasons as why
from strategies.desk import Desk
from strategies.liquidation_guard import buffer_frac, hear_liquidation, isolated_price
from strategies.liquidation_state import FAR, REDUCING, URGENT, WARNED
from strategies.quoting import decide
from tests.support import MID_TICKS, NOW_NS, SECOND_NS, new_limits, shown_desk

MID = 2 * MID_TICKS
ENTRY = MID + MID // 10
"""Half ticks: what is long has lost a tenth since."""


def margined(held: int = 40, **knobs: Any) -> Desk:
    desk = shown_desk(warmup_s=0.0)
    defaults = {
        "on": True,
        "warn_frac": 0.75,
        "reduce_frac": 0.6,
        "urgent_frac": 0.5,
        "warn_sigmas": 0.0,
        "reduce_sigmas": 0.0,
        "urgent_sigmas": 0.0,
        "release_frac": 0.1,
        "step_frac": 0.25,
        "step_ns": SECOND_NS,
        "pause_ns": 0,
        "slippage_bps": 5.0,
        "most_age_ns": 60 * SECOND_NS,
    }
    for name, value in {**defaults, **knobs}.items():
        setattr(desk.params.liquidation, name, value)
    desk.params.gates.most_take_lots = 20
    desk.params.max_position_lots, desk.params.min_position_lots = 100, -100
    desk.orders.position_lots = desk.holding.lots = held
    desk.holding.entry_ticks = ENTRY / 2
    return desk


def tell(desk: Desk, left: float, mark: int = 0, now_ns: int = NOW_NS) -> None:
    """Say that so much of the buffer is left at mid, which began at the entry."""
    held = desk.orders.position_lots
    sign = 1 if held > 0 else -1
    full = MID + sign * MID // 10
    price = round((MID - left * full) / (1.0 - left))
    hear_liquidation(desk, True, held, price, full, mark, now_ns)


def decided(desk: Desk, now_ns: int = NOW_NS) -> Desk:
    decide(desk, now_ns)
    return desk


def sizes(desk: Desk, side: int) -> int:
    return sum(desk.quotes.lots[side * LEVELS : (side + 1) * LEVELS])


@pytest.mark.parametrize("held", [40, -40], ids=["long", "short"])
@pytest.mark.parametrize(
    ("left", "stage", "reason", "adds", "reduces"),
    [
        (0.8, FAR, 0, True, True),
        (0.7, WARNED, why.LIQUIDATION_NEARS, True, True),
        (0.55, REDUCING, why.LIQUIDATION_NEAR, False, True),
        (0.45, URGENT, why.LIQUIDATION_URGENT, False, False),
    ],
)
def test_stages_begin_as_the_buffer_shrinks(
    held: int, left: float, stage: int, reason: int, adds: bool, reduces: bool
) -> None:
    desk = margined(held)
    tell(desk, left)
    decided(desk)
    assert (desk.guard.stage, desk.quotes.hedge_reasons) == (stage, reason)
    assert desk.guard.buffer_frac == pytest.approx(left, abs=1e-3)
    adding, reducing = (BUY, SELL) if held > 0 else (SELL, BUY)
    assert (sizes(desk, adding) > 0, sizes(desk, reducing) > 0) == (adds, reduces)
    assert (desk.quotes.take_lots * held < 0) == (stage == URGENT)


def test_nothing_is_done_before_anything_was_told() -> None:
    desk = decided(margined())
    assert (desk.guard.stage, desk.quotes.hedge_reasons) == (FAR, 0)


def test_the_worse_of_mid_and_mark_counts() -> None:
    desk = margined()
    tell(desk, 0.8, mark=MID - MID // 5)
    assert decided(desk).guard.stage == URGENT
    desk = margined()
    tell(desk, 0.45, mark=MID + MID // 5)
    assert decided(desk).guard.stage == URGENT


def test_a_near_price_is_urgent_by_its_sigmas_however_much_of_the_buffer_is_left() -> None:
    desk = margined(urgent_sigmas=8.0)
    hear_liquidation(desk, True, 40, MID - MID // 1000, MID, 0, NOW_NS)
    desk.signals.sigma_live_bps = 0.1
    assert decided(desk).guard.stage == FAR
    desk.signals.sigma_live_bps = 2.0
    assert decided(desk).guard.stage == URGENT
    assert desk.guard.buffer_frac == 1.0
    assert desk.guard.sigmas == pytest.approx(10 / (2.0 * 60**0.5), rel=1e-6)


def test_a_stage_ends_later_than_it_began() -> None:
    desk = margined()
    for left, stage in ((0.49, URGENT), (0.53, URGENT), (0.56, REDUCING), (0.63, REDUCING)):
        tell(desk, left)
        assert decided(desk).guard.stage == stage
    tell(desk, 0.67)
    assert decided(desk).guard.stage == WARNED


def test_nothing_is_added_for_a_while_after_a_position_was_saved() -> None:
    desk = margined(pause_ns=10 * SECOND_NS)
    tell(desk, 0.3)
    decided(desk)
    desk.orders.position_lots = desk.holding.lots = 0
    decided(desk, NOW_NS + 9 * SECOND_NS)
    assert desk.quotes.hedge_reasons == why.LIQUIDATION_PAUSE
    assert (sizes(desk, BUY), sizes(desk, SELL)) == (0, 0)
    decided(desk, NOW_NS + 10 * SECOND_NS)
    assert desk.quotes.hedge_reasons == 0
    assert sizes(desk, BUY) > 0
    assert sizes(desk, SELL) > 0


def test_a_price_that_nobody_tells_is_never_far() -> None:
    desk = margined()
    hear_liquidation(desk, False, 40, 0, 0, 0, NOW_NS)
    decided(desk)
    assert desk.quotes.hedge_reasons == why.LIQUIDATION_UNKNOWN
    assert (sizes(desk, BUY), sizes(desk, SELL) > 0, desk.quotes.take_lots) == (0, True, 0)


def test_a_word_that_has_grown_old_is_no_word() -> None:
    desk = margined()
    tell(desk, 0.9)
    assert decided(desk, NOW_NS + 60 * SECOND_NS).guard.stage == FAR
    decided(desk, NOW_NS + 61 * SECOND_NS)
    assert (desk.guard.is_blind, desk.guard.stage) == (True, REDUCING)


def test_the_word_on_the_other_side_of_flat_says_nothing() -> None:
    desk = margined(-40)
    hear_liquidation(desk, True, 40, MID // 2, MID, 0, NOW_NS)
    assert decided(desk).guard.is_blind


def test_a_position_that_has_grown_is_nearer_than_it_was_told() -> None:
    desk = margined()
    tell(desk, 0.8)
    assert decided(desk).guard.stage == FAR
    desk.orders.position_lots = desk.holding.lots = 100
    assert decided(desk).guard.buffer_frac < 0.7
    assert desk.guard.stage > FAR


def test_where_nobody_tells_an_isolated_position_is_reckoned() -> None:
    desk = margined(initial_frac=0.2, maintenance_frac=0.02)
    hear_liquidation(desk, False, 40, 0, 0, 0, NOW_NS)
    decided(desk)
    price = ENTRY * 0.8 / 0.98
    assert desk.guard.buffer_frac == pytest.approx((MID - price) / (ENTRY - price), abs=1e-3)
    assert not desk.guard.is_blind


@pytest.mark.parametrize(
    ("leverage", "at_mark"),
    [(5, 80_402.01), (10, 90_452.26), (25, 96_482.41), (50, 98_492.46), (100, 99_497.49)],
)
def test_an_isolated_price_is_that_of_the_example(leverage: int, at_mark: float) -> None:
    assert isolated_price(100_000.0, 1.0, 1 / leverage, 0.005) == pytest.approx(at_mark, abs=0.01)


def test_a_fifth_of_the_buffer_at_fifty_times_is_where_the_example_has_it() -> None:
    assert buffer_frac(98_800.0 - 98_500.0, 100_000.0 - 98_500.0) == pytest.approx(0.2)
    assert pytest.approx(0.00304, abs=1e-5) == (98_800 - 98_500) / 98_800
    assert isolated_price(20_000.0, 1.0, 0.02, 0.005) == pytest.approx(19_698.49, abs=0.01)


def asked(desk: Desk, now_ns: int, **limits: float) -> Commands:
    commands = Commands()
    decide(desk, now_ns)
    conclude(desk, new_limits(**{"max_order_lots": 20, **limits}), commands, now_ns)
    return commands


def test_steps_only_reduce_are_priced_and_leave_time_between_them() -> None:
    desk = margined()
    tell(desk, 0.3)
    commands = asked(desk, NOW_NS)
    assert (commands.count, commands.side[0], commands.lots[0]) == (1, SELL, 10)
    assert commands.refused[0] == 0
    assert is_taking(commands.client_id[0])
    assert sent_flags(desk.orders, commands.client_id[0]) == IOC | REDUCE_ONLY
    touch = desk.book.best_bid_ticks
    assert touch * (1 - 5.0001e-4) <= commands.ticks[0] <= touch
    assert asked(desk, NOW_NS + SECOND_NS // 2).count == 0


def test_brakes_and_the_message_budget_let_a_step_pass() -> None:
    desk = margined()
    tell(desk, 0.3)
    limits = new_limits(max_order_lots=20, tokens=0.0, rate_per_s=0.0, burst=0.0)
    limits.brakes.halted = 1 << 26
    commands = Commands()
    decide(desk, NOW_NS)
    conclude(desk, limits, commands, NOW_NS)
    assert [commands.refused[k] for k in range(commands.count)] == [0]


def test_no_step_is_taken_in_a_market_that_is_not_known() -> None:
    desk = margined()
    tell(desk, 0.3)
    limits = new_limits(max_order_lots=20)
    limits.brakes.quiet_ns = SECOND_NS
    commands = Commands()
    decide(desk, NOW_NS + 5 * SECOND_NS)
    conclude(desk, limits, commands, NOW_NS + 5 * SECOND_NS)
    assert commands.count == 0
    desk.held = 1 << 34
    assert asked(desk, NOW_NS).count == 0


@given(
    held=st.integers(-100, 100).filter(bool),
    price=st.integers(-MID, 3 * MID),
    full=st.integers(0, 3 * MID),
    mark=st.integers(0, 3 * MID),
    known=st.booleans(),
    told=st.integers(-100, 100),
)
def test_whatever_is_told_nothing_is_added_once_it_is_near(
    held: int, price: int, full: int, mark: int, known: bool, told: int
) -> None:
    desk = margined(held)
    hear_liquidation(desk, known, told, price, full, mark, NOW_NS)
    decided(desk)
    if desk.guard.stage >= REDUCING:
        adds, reduces = (BUY, SELL) if held > 0 else (SELL, BUY)
        assert sizes(desk, adds) == 0
        assert desk.quotes.take_lots * held <= 0
        assert sizes(desk, reduces) + abs(desk.quotes.take_lots) <= abs(held)
