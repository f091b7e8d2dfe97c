"""Whatever a strategy asks and a venue answers, nothing leaves that could break a limit."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import AMEND, BUY, CANCEL, PLACE, SELL
from connectors.model.orders import (
    CANCELLING,
    SENT,
    SLOTS,
    Commands,
    add_command,
    apply,
    next_client_id,
    slot_of,
    take_slot,
)
from runner.engine.risk import Limits, review
from runner.engine.turn import turn
from strategies import reasons as why
from strategies.desk import Desk
from tests.runner.engine.fake_venue import SIDES, FakeVenue
from tests.strategies.working import rest
from tests.support import MID_TICKS, MS, NOW_NS, SECOND_NS, checked, new_limits, show, shown_desk

LIMIT = 100


def place(side: int, lots: int, ticks: int = MID_TICKS) -> tuple[int, int, int, int]:
    return PLACE, side, ticks, lots


def reviewed(
    desk: Desk, limits: Limits, *asked: tuple[int, int, int, int], now_ns: int = NOW_NS
) -> tuple[int, list[int]]:
    """Ask for commands in free slots; return how many passed, and each one's refusal."""
    commands = Commands()
    for level, (kind, side, ticks, lots) in enumerate(asked):
        slot = slot_of(side, level % 8, level // 8)
        add_command(commands, kind, next_client_id(desk.orders, slot), side, ticks, lots)
        desk.orders.sequence += 1
    return review(desk, limits, commands, now_ns), commands.refused[: commands.count]


def room(desk: Desk) -> list[int]:
    """Return the worst case towards each side."""
    position, exposed = desk.orders.position_lots, desk.orders.exposed_lots
    return [position + exposed[BUY], exposed[SELL] - position]


@pytest.mark.parametrize(("lots", "refused"), [(10, 0), (11, why.REFUSED_POSITION)])
@pytest.mark.parametrize(("side", "position"), [(BUY, 90), (SELL, -90)])
def test_the_worst_case_may_reach_the_limit_and_not_pass_it(
    side: int, position: int, lots: int, refused: int
) -> None:
    desk = shown_desk()
    desk.orders.position_lots = position
    assert reviewed(desk, new_limits(), place(side, lots)) == (int(not refused), [refused])


def test_orders_of_one_batch_count_against_each_other() -> None:
    desk = shown_desk()
    refused = why.REFUSED_POSITION
    asked = [place(BUY, 40), place(BUY, 40), place(BUY, 40), place(BUY, 20), place(SELL, 50)]
    assert reviewed(desk, new_limits(), *asked) == (4, [0, 0, refused, 0, 0])
    assert desk.orders.exposed_lots == [100, 50]
    assert (desk.tally.places, desk.tally.refused) == (4, 1)


@pytest.mark.parametrize(("side", "position"), [(SELL, 140), (BUY, -140)])
def test_a_reducing_order_passes_also_beyond_the_limit(side: int, position: int) -> None:
    desk = shown_desk()
    desk.orders.position_lots = position
    assert reviewed(desk, new_limits(), place(side, 50), place(side, 50)) == (2, [0, 0])
    assert reviewed(desk, new_limits(), place(1 - side, 1)) == (0, [why.REFUSED_POSITION])


def test_a_spot_wallet_sells_what_it_holds_and_no_more() -> None:
    desk = shown_desk()
    desk.orders.position_lots = 30
    limits = new_limits(min_position_lots=0)
    refusals = [0, why.REFUSED_POSITION]
    assert reviewed(desk, limits, place(SELL, 30), place(SELL, 1)) == (1, refusals)


@pytest.mark.parametrize(("lots", "refused"), [(20, 0), (21, why.REFUSED_POSITION)])
def test_a_spot_wallet_buys_what_it_can_pay_with_every_open_buy(lots: int, refused: int) -> None:
    desk = shown_desk()
    rest(desk, BUY, MID_TICKS + 1000, 5, level=7)
    rest(desk, BUY, MID_TICKS - 1000, 4, level=6)
    rest(desk, SELL, MID_TICKS + 1000, 50, level=6)
    order = place(BUY, lots, MID_TICKS + 1000)
    desk.orders.cash_tick_lots = 29 * (MID_TICKS + 1000)
    assert reviewed(desk, new_limits(is_spot=True), order)[1] == [refused]
    assert reviewed(desk, new_limits(), order)[1] == [0]


@pytest.mark.parametrize(
    ("lots", "refused"),
    [(50, 0), (51, why.REFUSED_SIZE), (0, why.REFUSED_SIZE), (-5, why.REFUSED_SIZE)],
)
def test_a_size_is_positive_and_within_its_limit(lots: int, refused: int) -> None:
    assert reviewed(shown_desk(), new_limits(), place(BUY, lots))[1] == [refused]


@pytest.mark.parametrize(("off", "refused"), [(20_000, 0), (20_001, why.REFUSED_COLLAR)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_price_stays_inside_the_collar(sign: int, off: int, refused: int) -> None:
    order = place(BUY, 1, MID_TICKS + sign * off)
    assert reviewed(shown_desk(), new_limits(collar_bps=200.0), order)[1] == [refused]


def test_without_a_sound_book_no_price_is_inside_the_collar() -> None:
    desk = shown_desk(MID_TICKS, MID_TICKS)
    assert reviewed(desk, new_limits(), place(SELL, 1))[1] == [why.REFUSED_COLLAR]


@pytest.mark.parametrize(("open_lots", "lots", "refused"), [(0, 30, 0), (0, 31, 1), (10, 21, 1)])
def test_an_order_that_takes_reduces_also_if_all_else_fills(
    open_lots: int, lots: int, refused: int
) -> None:
    desk, commands = shown_desk(), Commands()
    desk.orders.position_lots = 30
    rest(desk, SELL, MID_TICKS + 50, open_lots, level=3)
    client_id = next_client_id(desk.orders, take_slot(SELL))
    add_command(commands, PLACE, client_id, SELL, MID_TICKS - 5, lots)
    assert review(desk, new_limits(), commands, NOW_NS) == 1 - refused
    assert commands.refused[0] == refused * why.REFUSED_POSITION


def test_all_reasons_of_a_refusal_are_kept() -> None:
    desk = shown_desk()
    limits = new_limits(tokens=0.0, rate_per_s=0.0)
    every = why.REFUSED_SIZE | why.REFUSED_POSITION | why.REFUSED_COLLAR | why.REFUSED_RATE
    assert reviewed(desk, limits, place(BUY, 900, 1))[1] == [every]
    assert desk.quotes.reasons == [every, 0]
    assert desk.orders.exposed_lots == [0, 0]


def test_the_rate_is_a_bucket_that_refills_up_to_its_size() -> None:
    desk, limits = shown_desk(), new_limits(rate_per_s=2.0, burst=3.0, tokens=3.0)
    four = [place(BUY, 1)] * 4
    assert reviewed(desk, limits, *four)[1] == [0, 0, 0, why.REFUSED_RATE]
    assert reviewed(desk, limits, *four, now_ns=NOW_NS + SECOND_NS)[0] == 2
    assert reviewed(desk, limits, *four, now_ns=NOW_NS + 60 * SECOND_NS)[0] == 3
    assert reviewed(desk, limits, *four, now_ns=NOW_NS)[0] == 0


def test_cancels_always_pass_and_are_paid_for_by_later_places() -> None:
    desk, limits = shown_desk(), new_limits(rate_per_s=1.0, burst=3.0, tokens=1.0)
    ids = [rest(desk, BUY, MID_TICKS - 9, 1, level) for level in range(4)]
    commands = Commands()
    for client_id in ids:
        add_command(commands, CANCEL, client_id, BUY, MID_TICKS - 9, 0)
    assert review(desk, limits, commands, NOW_NS) == 4
    assert commands.refused[:4] == [0] * 4
    assert [desk.orders.status[i % SLOTS] for i in ids] == [CANCELLING] * 4
    assert desk.orders.exposed_lots == [4, 0]
    assert (desk.tally.cancels, limits.tokens) == (4, -3.0)
    assert reviewed(desk, limits, place(SELL, 1), now_ns=NOW_NS + 3 * SECOND_NS)[0] == 0
    assert reviewed(desk, limits, place(SELL, 1), now_ns=NOW_NS + 4 * SECOND_NS)[0] == 1


def test_an_approved_place_occupies_its_slot_before_it_is_sent() -> None:
    desk = shown_desk()
    reviewed(desk, new_limits(), place(BUY, 7))
    assert (desk.orders.status[0], desk.orders.open_lots[0]) == (SENT, 7)
    assert (desk.orders.sent_ns[0], desk.orders.exposed_lots) == (NOW_NS, [7, 0])


@st.composite
def strategies_params(draw: st.DrawFn) -> Desk:
    """Draw a desk that quotes eagerly, at least as far as its own limits go."""
    return shown_desk(
        levels=draw(st.integers(1, 4)),
        slots_per_level=draw(st.sampled_from((1, 2))),
        order_lots=draw(st.integers(1, 40)),
        max_position_lots=draw(st.sampled_from((50, LIMIT, 3 * LIMIT))),
        min_position_lots=-draw(st.sampled_from((50, LIMIT, 3 * LIMIT))),
        gamma=draw(st.sampled_from((0.01, 1.0))),
        tolerance_bps=draw(st.sampled_from((0.0, 0.1))),
        refresh_ns=draw(st.sampled_from((MS, 50 * MS))),
        fill_lockout_ns=draw(st.sampled_from((0, 30 * MS))),
        amends=draw(st.booleans()),
    )


@checked(60)
@given(strategies_params(), st.integers(0, 2**32), st.sampled_from((20.0, 1000.0)))
def test_no_sequence_of_turns_and_reports_breaks_a_limit(
    desk: Desk, seed: int, rate: float
) -> None:
    rng = random.Random(seed)
    venue, commands = FakeVenue(rng), Commands()
    limits = new_limits(max_order_lots=30, rate_per_s=rate, burst=rate, tokens=rate)
    now_ns, mid, asked, sent, ids = NOW_NS, MID_TICKS, 0, 0, [0]
    for _ in range(80):
        now_ns += rng.choice((MS, 10 * MS, 60 * MS))
        venue.live_a_moment()
        for kind, client_id, side, ticks, lots, code in venue.reports():
            apply(desk.orders, kind, client_id, side, ticks, lots, code, now_ns)
        mid += rng.randint(-40, 40)
        before = list(desk.orders.exposed_lots)
        show(desk, mid - 1, mid + 1, now_ns)
        if not turn(desk, limits, commands, [], [], [], 0, 0, now_ns):
            continue
        asked += commands.count
        for k in range(commands.count):
            kind, refused = commands.kind[k], commands.refused[k]
            side, lots = commands.side[k], commands.lots[k]
            if kind in (CANCEL, AMEND):
                assert refused == 0
                continue
            towards = -desk.orders.position_lots if side == BUY else desk.orders.position_lots
            if lots + before[side] <= towards:
                assert not refused & why.REFUSED_POSITION
            if not refused:
                sent += 1
                before[side] += lots
                ids.append(commands.client_id[k])
        assert ids == sorted(set(ids))
        tally = desk.tally
        assert tally.places + tally.amends + tally.cancels + tally.refused == asked
        assert tally.places == sent
        assert (
            sent + tally.amends + tally.cancels <= rate * (1.0 + (now_ns - NOW_NS) * 1e-9) + SLOTS
        )
        assert max(room(desk)) <= LIMIT
        venue.take(commands)
        assert max(venue.worst_case_lots(side) for side in SIDES) <= LIMIT


def test_the_id_of_a_refused_place_is_not_used_again() -> None:
    desk = shown_desk(max_position_lots=1000, min_position_lots=-1000, order_lots=50)
    desk.orders.position_lots = -80
    limits = new_limits(tokens=1.0, rate_per_s=1.0)
    ids: list[int] = []
    for turns in range(3):
        commands = Commands()
        now_ns = NOW_NS + turns * SECOND_NS
        assert turn(desk, limits, commands, [], [], [], 0, 0, now_ns)
        ids += commands.client_id[: commands.count]
    assert len(ids) == len(set(ids))
