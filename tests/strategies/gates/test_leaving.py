"""Gates take a position out by their definition, once, and never faster than they may."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.errors import Refusal
from connectors.model.events import BUY, CANCEL, PLACE, REJECTED, SELL
from connectors.model.orders import FREE, SLOTS, UNKNOWN, Commands, apply, is_taking, take_slot
from runner.engine.intake import take_account_row
from runner.engine.logs import FillLog
from runner.engine.turn import conclude
from strategies import reasons as why
from strategies.desk import Desk
from strategies.holding import adopt
from strategies.quoting import decide
from tests.runner.engine.fake_venue import FakeVenue
from tests.strategies.gates.desks import at, has, sizes, turn_on
from tests.strategies.working import Asked, asked, rest
from tests.support import MID_TICKS, MS, NOW_NS, SECOND_NS, checked, new_limits, show, shown_desk

ENTERED_NS = NOW_NS - 10 * SECOND_NS


def held(lots: int, gate: str, /, knobs: Any = None, entry: int = MID_TICKS, **leave: Any) -> Desk:
    """Return a desk with a position of ten seconds and a gate that may take it out."""
    desk = shown_desk(warmup_s=0.0)
    desk.orders.position_lots = lots
    adopt(desk.holding, lots, float(entry), ENTERED_NS)
    turn_on(desk, gate, **(knobs or {}))
    desk.params.gates.leaves = True
    desk.params.gates.most_take_lots = 1000
    by = getattr(desk.params.gates, gate).leave
    by.share_frac = 1.0
    for name, value in leave.items():
        setattr(by, name, value)
    return desk


def wanted(desk: Desk, now_ns: int = NOW_NS) -> int:
    """Decide, and return the lots that are to be taken: bought above 0, sold under 0."""
    return at(desk, now_ns).quotes.take_lots


def taken(desk: Desk, now_ns: int = NOW_NS) -> list[tuple[int, int, int]]:
    """Decide and compare; return side, price and size of the orders that take."""
    decide(desk, now_ns)
    return [(a.side, a.ticks, a.lots) for a in asked(desk, now_ns) if is_taking(a.client_id)]


@pytest.mark.parametrize(
    ("sign", "side", "limit"), [(1, SELL, MID_TICKS - 200), (-1, BUY, MID_TICKS + 201)]
)
def test_a_stop_loss_leaves_the_whole_position_no_farther_than_its_slippage(
    sign: int, side: int, limit: int
) -> None:
    desk = held(sign * 30, "stop_loss", {"loss_bps": 5.0}, MID_TICKS + sign * 499, slippage_bps=2.0)
    assert (wanted(desk), sizes(desk)) == (0, (10, 10))
    desk.holding.entry_ticks += sign * 2
    assert taken(desk) == [(side, limit, 30)]
    assert sizes(desk) == (0, 0)
    assert has(desk, BUY, why.STOP_LOSS)
    assert has(desk, SELL, why.STOP_LOSS)


def test_a_stop_loss_holds_on_until_flat_and_then_for_its_pause() -> None:
    desk = held(30, "stop_loss", {"loss_bps": 5.0}, MID_TICKS + 600, retry_ns=SECOND_NS)
    desk.params.gates.stop_loss.leave.pause_ns = 9 * SECOND_NS
    assert len(taken(desk)) == 1
    desk.holding.entry_ticks = float(MID_TICKS)
    assert wanted(desk, NOW_NS + SECOND_NS - 1) == 0
    assert sizes(desk) == (0, 0)
    assert wanted(desk, NOW_NS + SECOND_NS) == -30
    desk.orders.position_lots = desk.holding.lots = 0
    assert (wanted(desk, NOW_NS + 9 * SECOND_NS - 1), sizes(desk)) == (0, (0, 0))
    assert (wanted(desk, NOW_NS + 9 * SECOND_NS), sizes(desk)) == (0, (10, 10))


def test_take_profit_counts_what_the_touch_pays_and_lets_go_lower() -> None:
    knobs = {"profit_bps": 5.0, "release_bps": 3.0}
    desk = held(30, "take_profit", knobs, MID_TICKS - 500)
    assert wanted(desk) == 0
    desk.holding.entry_ticks -= 2
    assert wanted(desk) == -30
    desk.holding.entry_ticks = MID_TICKS - 305.0
    assert wanted(desk) == -30
    desk.holding.entry_ticks = MID_TICKS - 295.0
    assert (wanted(desk), sizes(desk)) == (0, (10, 10))
    desk.holding.entry_ticks = MID_TICKS - 400.0
    assert wanted(desk) == 0


def test_a_timeout_leaves_what_is_old_whatever_it_earned() -> None:
    desk = held(-30, "timeout", {"after_ns": 60 * SECOND_NS})
    assert wanted(desk, ENTERED_NS + 60 * SECOND_NS - 1) == 0
    assert wanted(desk, ENTERED_NS + 60 * SECOND_NS) == 30


@pytest.mark.parametrize(
    ("drift_bps", "age_s", "entry", "lots"),
    [(-5.2, 8, 30, -15), (-4.8, 8, 30, 0), (5.2, 8, 30, 0), (-5.2, 7, 30, 0), (-5.2, 8, 10, 0)],
)
def test_an_age_exit_needs_age_loss_and_a_drift_beyond_the_cost(
    drift_bps: float, age_s: int, entry: int, lots: int
) -> None:
    knobs = {"after_ns": 8 * SECOND_NS, "loss_ticks": 20.0}
    desk = held(30, "age_exit", knobs, MID_TICKS + entry, share_frac=0.5)
    desk.params.taker_fee_bps = 5.0
    desk.params.drift_bps_per_s, desk.params.risk_horizon_s = drift_bps, 1.0
    assert wanted(desk, ENTERED_NS + age_s * SECOND_NS) == lots


def test_an_age_exit_without_a_view_of_drift_never_pays_for_leaving() -> None:
    knobs = {"after_ns": 8 * SECOND_NS}
    assert wanted(held(30, "age_exit", knobs, MID_TICKS + 900, share_frac=0.5)) == 0


def test_what_rests_is_cancelled_first_and_own_orders_are_never_met() -> None:
    desk = held(30, "timeout", slippage_bps=1.0)
    bid = rest(desk, BUY, MID_TICKS - 5, 10)
    decide(desk, NOW_NS)
    first: list[Asked] = asked(desk)
    assert [(a.kind, a.client_id) for a in first] == [(CANCEL, bid)]
    assert has(desk, SELL, why.OWN_CROSS)
    desk.orders.status[bid % SLOTS] = FREE
    desk.orders.exposed_lots[BUY] = 0
    assert [side for side, _, _ in taken(desk)] == [SELL]


def test_open_orders_of_its_side_make_it_smaller() -> None:
    desk = held(30, "timeout")
    rest(desk, SELL, MID_TICKS + 5, 12, status=UNKNOWN)
    assert [lots for _, _, lots in taken(desk)] == [18]


def test_one_order_takes_at_a_time() -> None:
    desk, commands = held(30, "timeout"), Commands()
    for later_ns in (0, SECOND_NS):
        decide(desk, NOW_NS + later_ns)
        conclude(desk, new_limits(), commands, NOW_NS + later_ns)
        assert commands.count == (1 if later_ns == 0 else 0)
    assert has(desk, SELL, why.SLOT_BUSY)
    assert desk.orders.status[take_slot(SELL)] != FREE


def test_a_venue_that_sees_nothing_to_reduce_is_not_asked_again_before_a_fill() -> None:
    desk = held(30, "timeout")
    asked_id = next(a.client_id for a in (decide(desk, NOW_NS), asked(desk))[1])
    code = int(Refusal.REDUCE_ONLY)
    apply(desk.orders, REJECTED, asked_id, SELL, 0, 30, code, NOW_NS)
    desk.orders.last_reject_ns[SELL], desk.orders.last_reject_code[SELL] = NOW_NS, code
    assert taken(desk, NOW_NS + 3600 * SECOND_NS) == []
    assert has(desk, SELL, why.REJECT_LOCKOUT)
    desk.orders.last_fill_ns[BUY] = NOW_NS + 1
    assert len(taken(desk, NOW_NS + 3600 * SECOND_NS)) == 1


@pytest.mark.parametrize("lots", [0, 4, -4])
def test_less_than_the_smallest_order_is_no_position(lots: int) -> None:
    desk = held(lots, "timeout")
    desk.params.min_lots = 5
    assert (wanted(desk), desk.quotes.pulled) == (0, [0, 0])


def test_a_position_that_fills_do_not_explain_yet_is_left_alone() -> None:
    desk = held(30, "timeout")
    desk.orders.position_lots = 31
    assert wanted(desk) == 0


def test_several_gates_do_not_add_up() -> None:
    desk = held(30, "timeout", share_frac=0.4, slippage_bps=1.0, pause_ns=5)
    turn_on(desk, "stop_loss", loss_bps=-1.0)
    by = desk.params.gates.stop_loss.leave
    by.share_frac, by.slippage_bps, by.pause_ns = 0.6, 0.5, 7
    quotes = at(desk).quotes
    assert (quotes.take_lots, quotes.take_ticks) == (-18, MID_TICKS - 1 - 99)
    assert (quotes.take_pause_ns, quotes.take_reasons) == (7, why.STOP_LOSS | why.TIMEOUT)


@pytest.mark.parametrize(
    ("brake", "passes"), [("jump_until_ns", True), ("volatility_until_ns", True), ("halted", False)]
)
def test_a_market_that_moves_does_not_keep_a_position_in(brake: str, passes: bool) -> None:
    desk, limits, commands = held(30, "timeout"), new_limits(), Commands()
    setattr(limits.brakes, brake, why.DAY_LOSS if brake == "halted" else NOW_NS + SECOND_NS)
    decide(desk, NOW_NS)
    conclude(desk, limits, commands, NOW_NS)
    assert (commands.count == 1) is passes


LEAVES = st.fixed_dictionaries(
    {
        "share_frac": st.floats(0.01, 1.0),
        "slippage_bps": st.floats(0.0, 50.0),
        "retry_ns": st.integers(100 * MS, 3 * SECOND_NS),
        "pause_ns": st.integers(0, SECOND_NS),
    }
)
GATES = {
    "stop_loss": {"loss_bps": 0.02},
    "take_profit": {"profit_bps": 0.01, "release_bps": 0.0},
    "timeout": {"after_ns": SECOND_NS},
    "age_exit": {"after_ns": SECOND_NS // 2},
}


@checked(60)
@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(GATES, LEAVES)),
    st.lists(st.integers(-3, 3), min_size=40, max_size=120),
    st.randoms(use_true_random=False),
)
def test_it_never_takes_faster_than_it_may_nor_beyond_flat(
    leaves: dict[str, dict[str, Any]], moves: list[int], rng: Any
) -> None:
    desk, limits, commands = shown_desk(warmup_s=0.0, refresh_ns=0), new_limits(), Commands()
    desk.params.drift_bps_per_s, desk.params.risk_horizon_s = rng.choice((-9.0, 9.0)), 1.0
    for gate, leave in leaves.items():
        turn_on(desk, gate, **GATES[gate])
        desk.params.gates.leaves = True
        desk.params.gates.most_take_lots = 15
        for name, value in leave.items():
            setattr(getattr(desk.params.gates, gate).leave, name, value)
    venue, fills, mid, takes = FakeVenue(rng), FillLog(), MID_TICKS, []
    for k, move in enumerate(moves):
        now_ns, mid = NOW_NS + k * 50 * MS, mid + move
        venue.live_a_moment()
        for kind, client_id, side, ticks, lots, code in venue.reports():
            args = (kind, client_id, side, ticks, lots, code, k, now_ns, now_ns)
            take_account_row(desk, fills, *args)
        show(desk, mid - 1, mid + 1, now_ns)
        decide(desk, now_ns)
        conclude(desk, limits, commands, now_ns)
        for c in range(commands.count):
            if commands.kind[c] == PLACE and is_taking(commands.client_id[c]):
                takes.append(now_ns)
                position = desk.orders.position_lots
                assert commands.lots[c] <= (position if commands.side[c] == SELL else -position)
                assert not commands.refused[c]
        venue.take(commands)
    least = min((leave["retry_ns"] for leave in leaves.values()), default=0)
    assert all(b - a >= least for a, b in pairwise(takes))
    assert leaves or not takes
