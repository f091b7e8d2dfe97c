"""No setting, market or position makes a quote that could not be meant."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connectors.model.events import ASK, BID, BUY, GAP, SELL, TRADE_BUY
from connectors.model.orders import LEVELS
from strategies import reasons as why
from strategies.desk import Desk
from strategies.pricing.terms import AT_LIMIT, PLAIN
from strategies.quoting import is_due, step
from strategies.units import nameable_ticks
from tests.strategies.deployments import decided, deployments, remember
from tests.support import MID_TICKS, MS, NOW_NS, checked, columns, new_desk, show, shown_desk


def wanted(desk: Desk, side: int) -> list[tuple[int, int]]:
    """Return price and size of every level that is wanted on a side."""
    quotes, first = desk.quotes, side * LEVELS
    rows = range(first, first + desk.params.levels)
    return [(quotes.ticks[k], quotes.lots[k]) for k in rows if quotes.lots[k] > 0]


def touch(desk: Desk, side: int) -> int:
    """Return the price that the model gives a side's first level, wanted or not."""
    return desk.quotes.ticks[side * LEVELS]


def has(desk: Desk, side: int, reason: int) -> bool:
    return desk.quotes.reasons[side] & reason != 0


@checked(300)
@given(deployments())
def test_quotes_are_on_the_grid_apart_and_behind_the_other_touch(desk: Desk) -> None:
    decided(desk)
    bids, asks = wanted(desk, BUY), wanted(desk, SELL)
    for ticks, lots in bids + asks:
        assert type(ticks) is type(lots) is int
        assert ticks > 0
    assert all(ticks < desk.book.best_ask_ticks for ticks, _ in bids)
    assert all(ticks > desk.book.best_bid_ticks for ticks, _ in asks)
    if bids and asks:
        assert max(ticks for ticks, _ in bids) < min(ticks for ticks, _ in asks)
    assert [t for t, _ in bids] == sorted((t for t, _ in bids), reverse=True)
    assert [t for t, _ in asks] == sorted(t for t, _ in asks)


@checked(60)
@given(deployments(digits_end=100_000, whole_ticks=100))
def test_where_digits_are_limited_every_quote_has_a_price_that_may_be_named(desk: Desk) -> None:
    decided(desk)
    bids, asks = wanted(desk, BUY), wanted(desk, SELL)
    assert all(nameable_ticks(desk.params, BUY, ticks) == ticks for ticks, _ in bids + asks)
    assert all(ticks < desk.book.best_ask_ticks for ticks, _ in bids)
    assert all(ticks > desk.book.best_bid_ticks for ticks, _ in asks)


@checked(300)
@given(deployments())
def test_sizes_fit_the_room_and_the_minima(desk: Desk) -> None:
    decided(desk)
    params, position = desk.params, desk.orders.position_lots
    rooms = (params.max_position_lots - position, position - params.min_position_lots)
    for side in (BUY, SELL):
        sizes = wanted(desk, side)
        assert sum(lots for _, lots in sizes) <= max(0, rooms[side])
        for ticks, lots in sizes:
            assert lots >= params.min_lots
            assert ticks * lots >= params.min_notional_tick_lots
        if rooms[side] <= 0:
            assert not sizes
            assert has(desk, side, why.INVENTORY_LIMIT | why.PRICE_FLOOR | why.NOT_FINITE)


@checked(300)
@given(deployments(levels=1))
def test_the_spread_keeps_its_bounds_to_a_tick_a_side(desk: Desk) -> None:
    decided(desk)
    clamped = why.POST_ONLY_CLAMP | why.PRICE_FLOOR | why.NOT_FINITE
    assume(not has(desk, BUY, clamped) and not has(desk, SELL, clamped))
    params = desk.params
    total_ticks = touch(desk, SELL) - touch(desk, BUY)
    tick_bps = 1e4 / desk.signals.mid_ticks
    floor_bps = 2 * params.maker_fee_bps + params.min_edge_bps
    least = max(params.min_spread_bps, floor_bps)
    most = max(params.max_spread_bps, floor_bps)
    slack = 1e-9 * (1.0 + abs(desk.quotes.reservation_bps) / tick_bps)
    assert total_ticks * tick_bps >= least * (1 - 1e-9) - slack
    assert total_ticks * tick_bps < (most + 2 * tick_bps) * (1 + 1e-9) + slack


@checked(200)
@given(deployments(levels=2, target_base_frac=0.0), st.integers(1, 500))
def test_more_inventory_never_raises_a_quote(desk: Desk, more: int) -> None:
    decided(desk)
    before = touch(desk, BUY), touch(desk, SELL)
    desk.orders.position_lots += more
    decided(desk)
    assume(0 not in before and 0 not in (touch(desk, BUY), touch(desk, SELL)))
    assert touch(desk, BUY) <= before[0]
    assert touch(desk, SELL) <= before[1]


@checked(200)
@given(deployments(target_base_frac=0.0))
def test_flat_is_symmetric_and_long_leans_down(desk: Desk) -> None:
    position = desk.orders.position_lots
    decided(desk)
    assume(not has(desk, BUY, why.NOT_FINITE))
    lean = desk.quotes.reservation_bps
    assert lean * position <= 0.0
    assert (lean == 0.0) == (position == 0 or desk.quotes.skew_bps == 0.0)
    desk.orders.position_lots = 0
    decided(desk)
    assert desk.quotes.reservation_bps == 0.0
    assume(not has(desk, BUY, why.PRICE_FLOOR))
    mid = desk.signals.mid_ticks
    assert abs((mid - touch(desk, BUY)) - (touch(desk, SELL) - mid)) <= 1.0


@checked(100)
@given(deployments(levels=1, unit_bps=0.0, floor_bps=0.01), st.floats(0.05, 10.0))
def test_a_wilder_market_is_never_quoted_tighter(desk: Desk, sigma: float) -> None:
    desk.orders.position_lots = 0
    remember(desk, sigma, sigma)
    decided(desk)
    before, why_before = desk.quotes.half_spread_bps, desk.quotes.reasons[BUY]
    remember(desk, 1.5 * sigma, 1.5 * sigma)
    decided(desk)
    assert desk.quotes.half_spread_bps >= before
    bounds = why.SPREAD_MIN | why.SPREAD_MAX | why.FEE_FLOOR
    free = (desk.quotes.reasons[BUY] | why_before) & bounds == 0
    assert not free or desk.quotes.half_spread_bps > before


def test_twice_gamma_shifts_twice_as_far() -> None:
    desk = shown_desk(skew=PLAIN)
    desk.orders.position_lots = 30
    shift = decided(desk, gamma=0.1).quotes.reservation_bps
    assert decided(desk, gamma=0.2).quotes.reservation_bps == pytest.approx(2 * shift)


@pytest.mark.parametrize("halves", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_at_the_limit_the_quotes_shift_by_the_asked_half_spreads(halves: float, sign: int) -> None:
    desk = shown_desk(skew=AT_LIMIT, skew_at_limit_half_spreads=halves)
    desk.orders.position_lots = 100 * sign
    quotes = decided(desk).quotes
    assert quotes.reservation_bps == pytest.approx(-sign * halves * quotes.half_spread_bps)


def test_at_the_limit_the_half_spreads_are_those_that_are_quoted() -> None:
    desk = shown_desk(skew=AT_LIMIT, skew_at_limit_half_spreads=1.0, min_spread_bps=20.0)
    desk.orders.position_lots = 100
    assert decided(desk).quotes.reservation_bps == pytest.approx(-10.0)


def test_a_wallet_quotes_symmetrically_at_its_target_share() -> None:
    desk = shown_desk(
        target_base_frac=0.5, min_position_lots=0, max_position_lots=5000, order_lots=10
    )
    desk.orders.cash_tick_lots = 1000 * MID_TICKS
    quotes = desk.quotes
    for position, target, clips in ((1000, 1000.0, 0.0), (1100, 1050.0, 5.0), (900, 950.0, -5.0)):
        desk.orders.position_lots = position
        decided(desk)
        assert (quotes.target_lots, quotes.inventory_clips) == (target, clips)
        assert quotes.reservation_bps == -clips * quotes.skew_bps


def test_levels_step_away_and_change_size() -> None:
    desk = decided(shown_desk(levels=3, level_step_bps=2.0, level_size_frac=0.5, order_lots=12))
    bids, asks = wanted(desk, BUY), wanted(desk, SELL)
    assert [lots for _, lots in bids] == [lots for _, lots in asks] == [12, 6, 3]
    for sign, rows in ((-1, bids), (1, asks)):
        for level, (ticks, _) in enumerate(rows):
            away = desk.quotes.half_spread_bps + 2.0 * level
            assert 0 <= sign * (ticks - MID_TICKS * (1 + sign * away * 1e-4)) < 1.0


@pytest.mark.parametrize(
    ("position", "lots"),
    [(0, (100, 100)), (150, (75, 100)), (-150, (100, 75)), (-300, (100, 50)), (-400, (100, 50))],
)
def test_inventory_shrinks_the_side_that_adds_to_it(position: int, lots: tuple[int, int]) -> None:
    desk = shown_desk(
        size_skew_frac=0.5, order_lots=100, max_position_lots=300, min_position_lots=-600
    )
    desk.orders.position_lots = position
    decided(desk)
    assert (desk.quotes.lots[0], desk.quotes.lots[LEVELS]) == lots


NAN, INF = math.nan, math.inf
ABSURD: list[tuple[dict[str, Any], int]] = [
    ({"gamma": NAN}, why.NOT_FINITE),
    ({"kappa": NAN}, why.NOT_FINITE),
    ({"gamma": INF, "skew": PLAIN}, why.NOT_FINITE),
    ({"unit_bps": INF, "max_spread_bps": INF}, why.NOT_FINITE),
    ({"unit_bps": NAN, "prior_bps": NAN}, why.NOT_FINITE),
    ({"intensity_per_s": NAN}, why.NOT_FINITE),
    ({"intensity_per_s": INF, "unit_bps": NAN, "prior_bps": NAN}, why.NOT_FINITE),
    ({"maker_fee_bps": INF}, why.NOT_FINITE),
    ({"min_spread_bps": 1e300, "max_spread_bps": 1e301}, why.PRICE_FLOOR),
    ({"min_edge_bps": 1e30}, why.PRICE_FLOOR),
]


@pytest.mark.parametrize(("params", "reason"), ABSURD, ids=str)
def test_a_number_that_is_none_never_becomes_a_quote(params: dict[str, Any], reason: int) -> None:
    desk = decided(shown_desk(**params))
    assert sum(desk.quotes.lots) == 0
    assert has(desk, BUY, reason)
    assert has(desk, SELL, reason)


@pytest.mark.parametrize("name", ["kappa", "order_lots", "unit_horizon_s"])
def test_a_zero_that_no_schema_lets_in_stops_the_decision(name: str) -> None:
    zero: dict[str, Any] = {name: 0 if name == "order_lots" else 0.0}
    with pytest.raises(ZeroDivisionError):
        decided(shown_desk(**zero))


@pytest.mark.parametrize("spread", [0, -1, -1000])
def test_a_locked_or_crossed_book_holds_both_sides(spread: int) -> None:
    desk = decided(shown_desk(MID_TICKS, MID_TICKS + spread))
    assert desk.quotes.reasons == [why.NO_BOOK, why.NO_BOOK]
    assert sum(desk.quotes.lots) == 0


@pytest.mark.parametrize("side", [BUY, SELL])
def test_far_beyond_every_price_is_the_price_floor(side: int) -> None:
    desk = shown_desk(10**8, 10**8 + 2, skew=PLAIN, risk_horizon_s=0.0, gamma=1.0, unit_bps=1000.0)
    desk.orders.position_lots = 90 if side == BUY else -90
    decided(desk)
    assert has(desk, side, why.PRICE_FLOOR)
    assert not wanted(desk, side)


def test_one_tick_is_a_price_and_none_is_not() -> None:
    assert wanted(decided(shown_desk(1, 3)), BUY) == [(1, 10)]
    desk = decided(shown_desk(0, 2))
    assert wanted(desk, BUY) == []
    assert has(desk, BUY, why.PRICE_FLOOR)


def test_a_maximum_spread_of_nothing_leaves_a_tick() -> None:
    desk = decided(shown_desk(MID_TICKS - 1, MID_TICKS + 1, max_spread_bps=0.0))
    assert touch(desk, SELL) - touch(desk, BUY) == 1
    assert desk.quotes.reasons[SELL] & (why.SPREAD_MIN | why.SPREAD_MAX) == (
        why.SPREAD_MIN | why.SPREAD_MAX
    )


def test_a_price_times_a_size_stays_inside_int64() -> None:
    desk = shown_desk(skew=PLAIN, risk_horizon_s=0.0, gamma=0.01, unit_bps=1000.0)
    desk.params.order_lots = 10**7
    desk.params.max_position_lots, desk.params.min_position_lots = 10**9, -(10**9)
    desk.orders.position_lots = -(10**8)
    decided(desk)
    assert all(t * lots < 2**63 for t, lots in wanted(desk, SELL))
    assert has(desk, SELL, why.PRICE_FLOOR)


def test_a_batch_is_observed_then_decided_when_due() -> None:
    desk = shown_desk()
    assert step(desk, [], [], [], 0, 0, NOW_NS)
    found = [(TRADE_BUY, MID_TICKS, 3), (BID, MID_TICKS, 1), (ASK, MID_TICKS + 9, 4)]
    kind, ticks, lots = columns(found, 3)
    assert not step(desk, kind, ticks, lots, 1, 2, NOW_NS + MS)
    assert (desk.signals.mid_half_ticks, desk.tally.events) == (2 * MID_TICKS + 1, 5)
    assert step(desk, kind, ticks, lots, 2, 3, NOW_NS + 100 * MS)
    assert (desk.tally.decisions, desk.decided_ns) == (2, NOW_NS + 100 * MS)


Change = Callable[[Desk], None]


def account_event(desk: Desk) -> None:
    desk.orders.changed = True


def nothing(desk: Desk) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "after_ns", "due"),
    [
        (nothing, 99 * MS, False),
        (nothing, 100 * MS, True),
        (account_event, 0, True),
    ],
)
def test_what_makes_a_decision_due(change: Change, after_ns: int, due: bool) -> None:
    desk = decided(shown_desk())
    change(desk)
    assert is_due(desk, NOW_NS + after_ns) is due


def test_a_lost_book_is_decided_upon_at_once_and_then_waits() -> None:
    desk = decided(shown_desk())
    assert step(desk, [GAP], [0], [0], 0, 1, NOW_NS + 1)
    assert desk.quotes.reasons == [why.NO_BOOK, why.NO_BOOK]
    assert not is_due(desk, NOW_NS + 2)
    show(desk, MID_TICKS - 1, MID_TICKS + 1)
    assert not is_due(desk, NOW_NS + 2)
    assert is_due(desk, NOW_NS + 1 + 100 * MS)


def test_an_order_to_stop_beats_every_other_reason() -> None:
    desk = new_desk()
    desk.stopping = True
    decided(desk)
    assert desk.quotes.reasons == [why.STOPPING, why.STOPPING]
