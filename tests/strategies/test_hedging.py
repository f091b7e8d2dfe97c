"""A hedge goes back to the edge of its band, once, when it has waited enough, and never guesses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import (
    BUY,
    CANCEL,
    IOC,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
    SELL,
)
from connectors.model.orders import (
    FREE,
    SENT,
    SLOTS,
    UNKNOWN,
    Commands,
    apply,
    begin,
    is_taking,
    next_client_id,
    sent_flags,
    slot_of,
    take_slot,
)
from runner.engine.turn import conclude
from strategies import hedge_reasons as why
from strategies import reasons
from strategies.desk import Desk
from strategies.hedge_reasons import HEDGE_REASONS, HEDGE_SENTENCES, HedgeReason, hedge_names
from strategies.hedging import closes, hear_exposure, is_over_budget, net_grains, wanted_lots
from strategies.quoting import decide
from strategies.scheduled import FLATTENS, MOVE_S, MOVE_UNTIL_S, SWEEPS, ask
from tests.strategies.working import asked, cancels, rest
from tests.support import MID_TICKS, MS, NOW_NS, SECOND_NS, new_limits, shown_desk

BID, ASK = MID_TICKS - 1, MID_TICKS + 1
BAND = 20


def hedge_desk(grains: int = 0, position: int = 0, known: bool = True, **knobs: Any) -> Desk:
    """Return a desk that hedges: ten grains a lot, and a band of two lots."""
    desk = shown_desk(bid=BID, ask=ASK, warmup_s=0.0)
    defaults = {
        "on": True,
        "lot_grains": 10,
        "band_grains": BAND,
        "patience_ns": SECOND_NS,
        "force_after_ns": 10 * SECOND_NS,
        "retry_ns": 250 * MS,
        "slippage_bps": 1.0,
        "forced_slippage_bps": 5.0,
    }
    for name, value in {**defaults, **knobs}.items():
        setattr(desk.params.hedge, name, value)
    desk.params.gates.most_take_lots = 50
    desk.orders.hedges = True
    desk.orders.position_lots = position
    hear_exposure(desk, known, grains, NOW_NS)
    return desk


def decided(desk: Desk, now_ns: int = NOW_NS) -> Desk:
    decide(desk, now_ns)
    return desk


def wanted(desk: Desk) -> list[tuple[int, int, int, bool]]:
    """Return side, price, size and urgency of what is asked for."""
    return [(a.side, a.ticks, a.lots, is_taking(a.client_id)) for a in asked(desk)]


def test_inside_the_band_nothing_is_done() -> None:
    desk = decided(hedge_desk(grains=120, position=-10))
    assert wanted(desk) == []
    assert desk.quotes.hedge_reasons == why.INSIDE_BAND


@pytest.mark.parametrize(("grains", "side", "ticks"), [(75, SELL, ASK), (-75, BUY, BID)])
def test_a_hedge_rests_at_the_touch_for_what_is_beyond_the_band(
    grains: int, side: int, ticks: int
) -> None:
    desk = decided(hedge_desk(grains))
    assert wanted(desk) == [(side, ticks, 6, False)]
    assert desk.quotes.hedge_reasons == why.BEYOND_BAND | why.RESTING


def test_after_its_patience_it_takes_up_to_the_slippage() -> None:
    desk = decided(hedge_desk(70))
    decide(desk, NOW_NS + SECOND_NS)
    slippage = int(BID * 1e-4)
    assert wanted(desk) == [(SELL, BID - slippage, 5, True)]
    assert desk.quotes.hedge_reasons == why.BEYOND_BAND | why.TAKING


def test_after_the_latency_allowed_it_takes_up_to_the_wider_limit() -> None:
    desk = decided(hedge_desk(-70))
    decide(desk, NOW_NS + 10 * SECOND_NS)
    assert wanted(desk) == [(BUY, ASK + int(ASK * 5e-4), 5, True)]
    assert desk.quotes.hedge_reasons & why.FORCED


def test_what_takes_may_open_a_position_and_what_rests_only_makes() -> None:
    desk = hedge_desk(70)
    take, make = (next_client_id(desk.orders, s) for s in (take_slot(SELL), slot_of(SELL, 0, 0)))
    assert sent_flags(desk.orders, take) == IOC
    assert sent_flags(desk.orders, make) == POST_ONLY
    desk.orders.hedges = False
    assert sent_flags(desk.orders, take) == IOC | REDUCE_ONLY


def test_the_resting_order_is_gone_before_one_takes() -> None:
    desk = decided(hedge_desk(70))
    client_id = rest(desk, SELL, ASK, 5)
    decide(desk, NOW_NS + SECOND_NS)
    assert cancels(desk) == [client_id]
    assert [a.kind for a in asked(desk)] == [CANCEL]
    assert desk.quotes.hedge_reasons & why.OUTSTANDING


@pytest.mark.parametrize("status", [SENT, UNKNOWN])
def test_an_order_without_an_answer_is_not_sent_twice(status: int) -> None:
    desk = decided(hedge_desk(70))
    client_id = next_client_id(desk.orders, take_slot(SELL))
    begin(desk.orders, client_id, SELL, BID, 5, NOW_NS)
    desk.orders.status[client_id % SLOTS] = status
    decide(desk, NOW_NS + 20 * SECOND_NS)
    assert wanted(desk) == []
    assert desk.quotes.hedge_reasons & why.OUTSTANDING


def test_an_unknown_order_that_rests_hedges_its_part() -> None:
    desk = decided(hedge_desk(100))
    rest(desk, SELL, ASK, 3, status=UNKNOWN)
    decide(desk, NOW_NS + SECOND_NS)
    assert [lots for _, _, lots, takes in wanted(desk) if takes] == [5]


def test_an_order_that_got_nothing_is_not_repeated_at_once() -> None:
    desk = decided(hedge_desk(70))
    later_ns = NOW_NS + SECOND_NS
    limits, commands = new_limits(), Commands()
    decide(desk, later_ns)
    conclude(desk, limits, commands, later_ns)
    apply(desk.orders, REJECTED, commands.client_id[0], SELL, BID, 5, 0, later_ns + MS)
    assert desk.orders.status[take_slot(SELL)] == FREE
    decide(desk, later_ns + 100 * MS)
    assert desk.quotes.hedge_reasons & why.RETRYING
    decide(desk, later_ns + 250 * MS)
    assert desk.quotes.take_lots == -5


def test_nothing_is_hedged_on_a_position_that_is_not_proven() -> None:
    desk = decided(hedge_desk(500, known=False))
    decide(desk, NOW_NS + 60 * SECOND_NS)
    assert wanted(desk) == []
    assert desk.quotes.hedge_reasons == why.UNKNOWN_EXPOSURE | why.BEYOND_BAND


def test_a_market_that_is_held_still_says_what_is_unhedged() -> None:
    desk = hedge_desk(500)
    desk.held = reasons.LINK_DOWN
    decide(desk, NOW_NS)
    assert wanted(desk) == []
    assert desk.quotes.hedge_reasons == why.BEYOND_BAND
    assert desk.quotes.reasons == [reasons.LINK_DOWN, reasons.LINK_DOWN]


def test_dust_stays_and_is_told() -> None:
    desk = hedge_desk(31, band_grains=30)
    desk.params.min_lots = 10
    assert wanted(decided(desk)) == []
    assert desk.quotes.hedge_reasons == why.BEYOND_BAND | why.DUST


def test_the_smallest_order_is_sent_where_the_band_has_room_beyond() -> None:
    desk = hedge_desk(75, band_grains=30)
    desk.params.min_lots = 10
    assert wanted(decided(desk)) == [(SELL, ASK, 10, False)]


def test_the_hedges_own_limit_ends_it() -> None:
    desk = hedge_desk(2000, position=-100)
    assert wanted(decided(desk)) == []
    assert desk.quotes.hedge_reasons & why.AT_LIMIT


def test_the_clock_starts_again_on_the_other_side() -> None:
    desk = decided(hedge_desk(70))
    hear_exposure(desk, True, -70, NOW_NS + SECOND_NS)
    decide(desk, NOW_NS + SECOND_NS)
    assert desk.quotes.hedge_reasons & why.RESTING


def test_over_its_budget_it_does_not_wait_and_makers_stand_still_until_half_of_it() -> None:
    desk = decided(hedge_desk(70, most_unhedged_half_tick_grains=60 * 2 * MID_TICKS))
    assert desk.quotes.hedge_reasons & why.TAKING
    assert is_over_budget(desk, desk.exposure.grains, False)
    hear_exposure(desk, True, 50, NOW_NS)
    assert not is_over_budget(desk, desk.exposure.grains, False)
    assert is_over_budget(desk, desk.exposure.grains, True)
    hear_exposure(desk, True, 30, NOW_NS)
    assert not is_over_budget(desk, desk.exposure.grains, True)


def test_an_exposure_that_cannot_be_valued_is_too_much() -> None:
    desk = hedge_desk(21, most_unhedged_half_tick_grains=1 << 50)
    desk.signals.mid_half_ticks = 0
    assert is_over_budget(desk, desk.exposure.grains, False)
    hear_exposure(desk, True, BAND, NOW_NS)
    assert not is_over_budget(desk, desk.exposure.grains, False)


def test_what_has_not_been_told_yet_counts_too() -> None:
    desk = hedge_desk(0, most_unhedged_half_tick_grains=60 * 2 * MID_TICKS)
    assert not is_over_budget(desk, 60, False)
    assert is_over_budget(desk, 61, False)


def test_a_market_that_is_hedged_wants_nothing_while_too_much_is_unhedged() -> None:
    desk = shown_desk(warmup_s=0.0)
    desk.exposure.is_unhedged = True
    assert wanted(decided(desk)) == []
    assert hedge_names(desk.quotes.hedge_reasons) == ["unhedged"]
    desk.exposure.is_unhedged = False
    assert len(wanted(decided(desk))) == 2


@given(
    grains=st.integers(-5000, 5000),
    position=st.integers(-100, 100),
    band=st.integers(0, 100),
    least=st.integers(1, 20),
    open_lots=st.integers(0, 50),
    waited_s=st.sampled_from((0, 1, 10)),
)
def test_a_hedge_never_makes_it_worse_and_never_passes_the_bands_other_edge(
    grains: int, position: int, band: int, least: int, open_lots: int, waited_s: int
) -> None:
    desk = hedge_desk(grains, position, band_grains=band)
    desk.params.min_lots = least
    decide(desk, NOW_NS)
    net = net_grains(desk)
    side = SELL if net > 0 else BUY
    if open_lots:
        rest(desk, side, ASK if side == SELL else BID, open_lots, level=1, status=UNKNOWN)
    decide(desk, NOW_NS + waited_s * SECOND_NS)
    commands = Commands()
    conclude(desk, new_limits(), commands, NOW_NS + waited_s * SECOND_NS)
    new = [commands.lots[k] for k in range(commands.count) if not commands.refused[k]]
    for k in range(commands.count):
        assert commands.side[k] == side
    if any(is_taking(commands.client_id[k]) for k in range(commands.count)):
        assert (open_lots + sum(new)) * 10 <= abs(net) + band
    assert wanted_lots(desk, abs(net), band, MID_TICKS) * 10 <= abs(net) + band


def test_an_order_that_takes_the_net_down_is_known_as_such() -> None:
    desk = hedge_desk(100)
    assert closes(desk, SELL, 10)
    assert closes(desk, SELL, 12)
    assert not closes(desk, SELL, 13)
    assert not closes(desk, BUY, 1)
    assert not closes(shown_desk(), SELL, 1)
    desk.exposure.known = False
    assert not closes(desk, SELL, 1)


def test_every_reason_has_a_bit_a_name_and_a_sentence() -> None:
    assert [int(reason) for reason in HedgeReason] == [1 << bit for bit in range(HEDGE_REASONS)]
    assert set(HEDGE_SENTENCES) == set(HedgeReason)
    assert len({reason.explain() for reason in HedgeReason}) == HEDGE_REASONS
    for reason in HedgeReason:
        assert getattr(why, str(reason.name)) == reason


def sweep(desk: Desk, moment_s: int, within_s: int = 60) -> Desk:
    """Ask a hedge to hedge the inside of its band too."""
    ask(desk.scheduled, FLATTENS, SWEEPS)
    ask(desk.scheduled, MOVE_S, moment_s)
    ask(desk.scheduled, MOVE_UNTIL_S, moment_s + within_s)
    desk.orders.changed = True
    return desk


NOW_S = NOW_NS // SECOND_NS


def test_a_sweep_hedges_what_is_inside_the_band() -> None:
    desk = decided(sweep(hedge_desk(grains=120, position=-10), NOW_S))
    assert wanted(desk) == [(SELL, ASK, 2, False)]
    assert hedge_names(desk.quotes.hedge_reasons) == ["beyond_band", "resting", "sweeping"]


def test_a_sweep_ends_once_nothing_is_left_and_the_band_is_back() -> None:
    desk = decided(sweep(hedge_desk(grains=120, position=-10), NOW_S))
    desk.orders.position_lots = -12
    decided(desk, NOW_NS + SECOND_NS)
    assert desk.scheduled.moved_s == NOW_S
    desk.orders.position_lots = -11
    assert wanted(decided(desk, NOW_NS + 2 * SECOND_NS)) == []
    assert desk.quotes.hedge_reasons == why.INSIDE_BAND


def test_a_sweep_ends_at_what_is_too_small_to_trade() -> None:
    desk = decided(sweep(hedge_desk(grains=124, position=-12), NOW_S))
    assert wanted(desk) == []
    assert desk.scheduled.moved_s == NOW_S


def test_a_sweep_neither_trades_nor_ends_on_a_guess() -> None:
    desk = decided(sweep(hedge_desk(grains=120, position=-12, known=False), NOW_S))
    assert wanted(desk) == []
    assert desk.scheduled.moved_s == 0


def test_a_market_that_a_person_has_paused_is_not_swept() -> None:
    desk = sweep(hedge_desk(grains=120, position=-10), NOW_S)
    desk.is_paused = True
    assert wanted(decided(desk)) == []


def test_a_sweep_is_over_when_its_time_is() -> None:
    desk = sweep(hedge_desk(grains=120, position=-10), NOW_S)
    assert wanted(decided(desk, (NOW_S + 60) * SECOND_NS)) == []
    assert desk.quotes.hedge_reasons == why.INSIDE_BAND
