"""Each brake trips exactly at its limit, ends by its rule, and never holds a cancel."""

import math
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, FILLED, PLACE, SELL
from connectors.model.kernel import fields_of
from connectors.model.orders import CANCELLING, FREE, LIVE, PARTIAL, SENT, UNKNOWN, Commands, apply
from runner.engine.brakes import MINUTE_NS, Brakes, brake
from runner.engine.turn import turn
from runner.wiring.markets import market_of
from strategies import reasons as why
from strategies.desk import Desk
from strategies.trades import DAY_NS, count_fill
from tests.deploys import settings_for
from tests.runner.engine.fake_venue import FakeVenue
from tests.strategies.deployments import remember
from tests.support import MID_TICKS, MS, NOW_NS, SECOND_NS, checked, new_limits, show, shown_desk

MIDNIGHT_NS = (NOW_NS // DAY_NS + 1) * DAY_NS
HALTS = why.DAY_LOSS | why.DRAWDOWN | why.LOSING_TRADES


def brakes(**values: float) -> Brakes:
    made = Brakes()
    for name, value in values.items():
        setattr(made, name, value)
    return made


def mark(desk: Desk, half_ticks: int) -> None:
    """Move the mid by half ticks."""
    desk.signals.mid_half_ticks = 2 * MID_TICKS + half_ticks


def test_nothing_brakes_where_every_limit_is_off() -> None:
    desk, off = shown_desk(), Brakes()
    desk.signals.sigma_live_bps = math.nan
    desk.orders.cash_tick_lots = -(10**15)
    for k in range(2000):
        count_fill(desk.trades, k % 2, MID_TICKS - k % 2, 1, NOW_NS)
    assert brake(off, desk, NOW_NS + DAY_NS) == 0


@pytest.mark.parametrize(("fills", "on"), [(4, 0), (5, why.FILL_RATE), (6, why.FILL_RATE)])
def test_fills_a_minute(fills: int, on: int) -> None:
    desk, b = shown_desk(), brakes(fills_per_min=5)
    for k in range(fills):
        count_fill(desk.trades, BUY, MID_TICKS, 1, NOW_NS + k)
    assert brake(b, desk, NOW_NS + 10) == on


def test_fills_of_more_than_a_minute_do_not_count_and_the_pull_lasts_a_minute() -> None:
    desk, b = shown_desk(), brakes(fills_per_min=2)
    count_fill(desk.trades, BUY, MID_TICKS, 1, NOW_NS)
    count_fill(desk.trades, BUY, MID_TICKS, 1, NOW_NS + MINUTE_NS)
    assert brake(b, desk, NOW_NS + MINUTE_NS) == 0
    count_fill(desk.trades, BUY, MID_TICKS, 1, NOW_NS + MINUTE_NS + 5)
    assert brake(b, desk, NOW_NS + MINUTE_NS + 5) == why.FILL_RATE
    assert brake(b, desk, NOW_NS + 2 * MINUTE_NS - 1) == why.FILL_RATE
    assert brake(b, desk, NOW_NS + 3 * MINUTE_NS - 2) == why.FILL_RATE
    assert brake(b, desk, NOW_NS + 3 * MINUTE_NS - 1) == 0


@pytest.mark.parametrize(("lots", "on"), [(9, 0), (10, why.DAY_NOTIONAL)])
def test_notional_a_day_and_its_end_at_midnight(lots: int, on: int) -> None:
    desk, b = shown_desk(), brakes(day_notional_tick_lots=10 * MID_TICKS)
    count_fill(desk.trades, SELL, MID_TICKS, lots, MIDNIGHT_NS - 1)
    assert brake(b, desk, MIDNIGHT_NS - 1) == on
    assert brake(b, desk, MIDNIGHT_NS) == 0


@pytest.mark.parametrize(("loss", "on"), [(99, 0), (100, why.DAY_LOSS)])
def test_a_days_loss_at_mid_halts_for_good(loss: int, on: int) -> None:
    desk, b = shown_desk(), brakes(day_loss_half_tick_lots=100)
    desk.orders.position_lots = 1
    mark(desk, 500)
    brake(b, desk, NOW_NS)
    mark(desk, 900)
    assert brake(b, desk, NOW_NS) == 0
    mark(desk, 500 - loss)
    assert brake(b, desk, NOW_NS) == on
    mark(desk, 900)
    assert brake(b, desk, MIDNIGHT_NS + 1) == on
    assert b.halted == on


@pytest.mark.parametrize(("fall", "on"), [(99, 0), (100, why.DRAWDOWN)])
def test_a_fall_from_the_days_peak_halts(fall: int, on: int) -> None:
    desk, b = shown_desk(), brakes(drawdown_half_tick_lots=100)
    desk.orders.position_lots = -1
    for half_ticks in (0, 50, -400, -390):
        mark(desk, half_ticks)
        assert brake(b, desk, NOW_NS) == 0
    mark(desk, -400 + fall)
    assert brake(b, desk, NOW_NS) == on
    mark(desk, -400)
    assert brake(b, desk, NOW_NS) == on


def test_a_new_day_forgives_the_former_and_not_what_happened_over_midnight() -> None:
    desk, b = shown_desk(), brakes(day_loss_half_tick_lots=100, drawdown_half_tick_lots=100)
    desk.orders.position_lots = 1
    for now_ns, half_ticks in (
        (NOW_NS, 0),
        (MIDNIGHT_NS - 1, -60),
        (MIDNIGHT_NS, -120),
        (MIDNIGHT_NS + 1, -159),
    ):
        mark(desk, half_ticks)
        assert brake(b, desk, now_ns) == 0
    mark(desk, -160)
    assert brake(b, desk, MIDNIGHT_NS + 2) == why.DAY_LOSS | why.DRAWDOWN


@pytest.mark.parametrize(("fee_ppb", "on"), [(9_999, 0), (10_000, why.DAY_LOSS)])
def test_fees_are_part_of_the_loss(fee_ppb: int, on: int) -> None:
    desk = shown_desk()
    b = brakes(day_loss_half_tick_lots=20_000, maker_fee_ppb=fee_ppb)
    brake(b, desk, NOW_NS)
    for side in (BUY, SELL):
        count_fill(desk.trades, side, MID_TICKS, 500, NOW_NS)
    assert brake(b, desk, NOW_NS) == on


def test_without_a_sound_book_money_is_not_judged_by_an_old_price() -> None:
    desk, b = shown_desk(), brakes(day_loss_half_tick_lots=100)
    brake(b, desk, NOW_NS)
    show(desk, MID_TICKS, MID_TICKS)
    desk.orders.cash_tick_lots = -1000
    assert brake(b, desk, NOW_NS) == 0
    show(desk, MID_TICKS - 1, MID_TICKS + 1)
    assert brake(b, desk, NOW_NS) == why.DAY_LOSS


@pytest.mark.parametrize(("trips", "on"), [(2, 0), (3, why.LOSING_TRADES)])
def test_losing_round_trips_halt(trips: int, on: int) -> None:
    desk, b = shown_desk(), brakes(losing_trips=3)
    for _ in range(trips):
        count_fill(desk.trades, BUY, MID_TICKS + 1, 1, NOW_NS)
        count_fill(desk.trades, SELL, MID_TICKS, 1, NOW_NS)
    assert brake(b, desk, NOW_NS) == on
    count_fill(desk.trades, BUY, MID_TICKS - 1, 1, NOW_NS)
    count_fill(desk.trades, SELL, MID_TICKS, 1, NOW_NS)
    assert brake(b, desk, NOW_NS) == on


@pytest.mark.parametrize(
    ("live", "reference", "on"),
    [
        (4.0, 1.0, 0),
        (4.000001, 1.0, why.VOLATILE),
        (0.0, 0.0, 0),
        (math.nan, 1.0, why.VOLATILE),
        (1.0, math.nan, why.VOLATILE),
        (math.inf, 1.0, why.VOLATILE),
    ],
)
def test_volatility_and_its_pause(live: float, reference: float, on: int) -> None:
    desk, b = shown_desk(), brakes(volatility_ratio=4.0, volatility_pause_ns=SECOND_NS)
    desk.signals.sigma_live_bps, desk.signals.sigma_reference_bps = live, reference
    assert brake(b, desk, NOW_NS) == on
    desk.signals.sigma_live_bps = desk.signals.sigma_reference_bps = 1.0
    assert brake(b, desk, NOW_NS + SECOND_NS - 1) == on
    assert brake(b, desk, NOW_NS + SECOND_NS) == 0


JUMPY = {"jump_sigmas": 10.0, "jump_window_ns": SECOND_NS, "jump_pause_ns": 3 * SECOND_NS}


def calm_desk() -> Desk:
    """Return a desk whose usual second moves the mid by a tenth of a basis point: 20 half ticks."""
    desk = shown_desk()
    desk.signals.sigma_reference_bps = 0.1
    return desk


@pytest.mark.parametrize(("move", "on"), [(199, 0), (201, why.JUMP), (-199, 0), (-201, why.JUMP)])
def test_a_jump_within_the_window_and_its_pause(move: int, on: int) -> None:
    desk, b = calm_desk(), brakes(**JUMPY)
    assert brake(b, desk, NOW_NS) == 0
    mark(desk, move)
    jumped_ns = NOW_NS + 499 * MS
    assert brake(b, desk, jumped_ns) == on
    for after_ns in (600 * MS, 1200 * MS, 2999 * MS):
        assert brake(b, desk, jumped_ns + after_ns) == on
    assert brake(b, desk, jumped_ns + 4 * SECOND_NS) == 0


def test_the_same_move_over_more_than_the_window_is_no_jump() -> None:
    desk, b = calm_desk(), brakes(**JUMPY)
    for tenth in range(40):
        mark(desk, 15 * tenth)
        assert brake(b, desk, NOW_NS + tenth * 100 * MS) == 0


@pytest.mark.parametrize(("half_ticks", "on"), [(4, 0), (5, why.JUMP)])
def test_two_ticks_are_no_jump_however_calm_the_market(half_ticks: int, on: int) -> None:
    desk, b = calm_desk(), brakes(**JUMPY)
    desk.signals.sigma_reference_bps = 0.0
    brake(b, desk, NOW_NS)
    mark(desk, half_ticks)
    assert brake(b, desk, NOW_NS + 1) == on


def test_a_volatility_that_is_no_number_makes_any_move_a_jump() -> None:
    desk, b = calm_desk(), brakes(**JUMPY)
    desk.signals.sigma_reference_bps = math.nan
    assert brake(b, desk, NOW_NS) == 0
    mark(desk, 6)
    assert brake(b, desk, NOW_NS + 1) == why.JUMP


@pytest.mark.parametrize(("age_ns", "on"), [(SECOND_NS, 0), (SECOND_NS + 1, why.QUIET)])
def test_silence_until_data_comes(age_ns: int, on: int) -> None:
    desk, b = shown_desk(), brakes(quiet_ns=SECOND_NS)
    assert brake(b, desk, NOW_NS + age_ns) == on
    show(desk, MID_TICKS - 1, MID_TICKS + 1, NOW_NS + age_ns)
    assert brake(b, desk, NOW_NS + age_ns) == 0


LIMITS = st.fixed_dictionaries(
    {
        "fills_per_min": st.sampled_from((0, 1, 4)),
        "day_notional_tick_lots": st.sampled_from((0, 100 * MID_TICKS)),
        "day_loss_half_tick_lots": st.sampled_from((0, 1, 200)),
        "drawdown_half_tick_lots": st.sampled_from((0, 1, 200)),
        "losing_trips": st.sampled_from((0, 1, 2)),
        "maker_fee_ppb": st.sampled_from((-10_000, 0, 100_000)),
        "volatility_ratio": st.sampled_from((0.0, 1.0)),
        "volatility_pause_ns": st.just(50 * MS),
        "jump_sigmas": st.sampled_from((0.0, 1.0)),
        "jump_window_ns": st.just(200 * MS),
        "jump_pause_ns": st.just(50 * MS),
        "quiet_ns": st.sampled_from((0, 80 * MS)),
    }
)


@checked(60)
@given(LIMITS, st.integers(0, 2**32))
def test_a_brake_that_is_on_never_places_and_cancels_all(
    values: dict[str, float], seed: int
) -> None:
    rng = random.Random(seed)
    desk = shown_desk(refresh_ns=MS, levels=2, slots_per_level=2)
    remember(desk, 0.5, 0.5)
    limits = new_limits()
    for name, value in values.items():
        setattr(limits.brakes, name, value)
    venue, commands, now_ns, mid, halted = FakeVenue(rng), Commands(), NOW_NS, MID_TICKS, 0
    for _ in range(80):
        now_ns += rng.choice((MS, 10 * MS, 60 * MS))
        venue.live_a_moment()
        for kind, client_id, side, ticks, lots, code in venue.reports():
            if kind == FILLED:
                count_fill(desk.trades, side, ticks, lots, now_ns)
            apply(desk.orders, kind, client_id, side, ticks, lots, code, now_ns)
        mid += rng.randint(-40, 40)
        if rng.random() < 0.8:
            show(desk, mid - 1, mid + 1, now_ns)
        live = [s in (LIVE, PARTIAL) for s in desk.orders.status]
        turn(desk, limits, commands, [], [], [], 0, 0, now_ns)
        on = desk.quotes.reasons[BUY] & (HALTS | why.FILL_RATE | why.DAY_NOTIONAL | why.VOLATILE)
        on |= desk.quotes.reasons[BUY] & (why.JUMP | why.QUIET)
        if on:
            assert PLACE not in commands.kind[: commands.count]
            assert commands.count == sum(live)
            assert not any(commands.refused[: commands.count])
            assert sum(desk.quotes.lots) == 0
        assert limits.brakes.halted & halted == halted
        halted = limits.brakes.halted
        assert not halted or on & halted == halted
        venue.take(commands)
    if halted:
        assert all(s in (FREE, SENT, CANCELLING, UNKNOWN) for s in desk.orders.status)


def test_limits_in_quote_become_steps_of_the_market() -> None:
    settings = settings_for(
        "market=btc",
        "risk.max_daily_loss_quote=0.00001",
        "risk.max_drawdown_quote=1.5",
        "risk.max_notional_per_day_quote=20000",
        "risk.max_losing_trades=null",
        "risk.max_quiet_s=null",
        "venue.maker_fee_bps=-0.25",
    )
    b = market_of("btc", 0, settings, Decimal(100_000), NOW_NS).limits.brakes
    assert b.day_loss_half_tick_lots == 1
    assert b.drawdown_half_tick_lots == 30_000
    assert b.day_notional_tick_lots == 200_000_000
    assert (b.losing_trips, b.quiet_ns, b.maker_fee_ppb) == (0, 0, -25_000)


def test_a_fresh_market_remembers_nothing() -> None:
    assert {getattr(Brakes(), field.name) for field in fields_of(Brakes)} == {0}
