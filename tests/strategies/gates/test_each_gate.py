"""Each gate fires and releases by its definition."""

import pytest

from connectors.model.events import BUY, SELL
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates import cooldown
from strategies.gates.calendar import minute_of_week
from strategies.gates.net_loss import BUCKET_NS, LEAST_BUCKETS
from tests.strategies.gates.desks import at, fill, gated, has, prices, sizes
from tests.support import MID_TICKS, MS, NOW_NS, SECOND_NS, show

HOUR_NS = 3600 * SECOND_NS
MONDAY_NS = 1_704_067_200_000_000_000
"""2024-01-01 00:00 UTC, a Monday."""


def test_cooldown_holds_the_filled_side_for_its_time() -> None:
    desk = gated("cooldown", knobs={"least_ns": 300 * MS, "most_ns": 800 * MS})
    assert sizes(at(desk)) == (10, 10)
    fill(desk, BUY, NOW_NS)
    assert sizes(at(desk, NOW_NS + 800 * MS - 1)) == (0, 10)
    assert has(desk, BUY, why.COOLDOWN)
    assert not has(desk, SELL, why.COOLDOWN)
    assert sizes(at(desk, NOW_NS + 800 * MS)) == (10, 10)


@pytest.mark.parametrize(
    ("toxicity", "ms"), [(-1.0, 300), (0.0, 300), (0.5, 550), (1.0, 800), (9.0, 800)]
)
def test_cooldown_grows_with_toxicity(toxicity: float, ms: int) -> None:
    desk = gated("cooldown", knobs={"least_ns": 300 * MS, "most_ns": 800 * MS})
    fill(desk, SELL, NOW_NS)
    cooldown.look(desk, SELL, toxicity, NOW_NS + ms * MS)
    assert desk.quotes.pulled == [0, 0]
    cooldown.look(desk, SELL, toxicity, NOW_NS + ms * MS - 1)
    assert desk.quotes.pulled == [0, why.COOLDOWN]


def test_cooldown_takes_unknown_toxicity_for_the_worst() -> None:
    desk = gated("cooldown", knobs={"least_ns": 300 * MS, "most_ns": 800 * MS})
    fill(desk, SELL, NOW_NS)
    cooldown.look(desk, SELL, float("nan"), NOW_NS + 799 * MS)
    assert desk.quotes.pulled == [0, why.COOLDOWN]


def test_side_fills_pause_the_side_that_is_worked_through() -> None:
    knobs = {"most": 3, "window_ns": SECOND_NS, "pause_ns": 2 * SECOND_NS}
    desk = gated("side_fills", knobs=knobs)
    for k in range(3):
        fill(desk, BUY, NOW_NS + k * 400 * MS)
        fill(desk, SELL, NOW_NS + (k - 2) * 600 * MS)
    fired_ns = NOW_NS + 999 * MS
    assert sizes(at(desk, fired_ns)) == (0, 10)
    assert sizes(at(desk, fired_ns + 2 * SECOND_NS - 1)) == (0, 10)
    assert sizes(at(desk, fired_ns + 2 * SECOND_NS)) == (10, 10)


@pytest.mark.parametrize(("position", "rung"), [(24, -1), (25, 0), (50, 1), (75, 2), (99, 2)])
def test_the_ladder_steps_the_heavy_side(position: int, rung: int) -> None:
    knobs = {
        "at_frac": [0.25, 0.5, 0.75, 1.0],
        "size_frac": [1.0, 0.5, 0.3, 0.1],
        "wider_ticks": [1, 3, 5, 8],
    }
    for sign, side in ((1, BUY), (-1, SELL)):
        plain = prices(
            at(gated("hours", sign * position, knobs={"count": 1, "until_min": [10080]}))
        )
        desk = at(gated("ladder", sign * position, knobs=knobs, max_position_lots=100))
        wanted = (10 if rung < 0 else int(10 * knobs["size_frac"][rung]), 10)
        offset = 0 if rung < 0 else knobs["wider_ticks"][rung]
        assert sizes(desk)[side] == min(wanted[0], 100 - position)
        assert sizes(desk)[1 - side] == 10
        assert sign * (plain[side] - prices(desk)[side]) == pytest.approx(offset, abs=1)
        assert plain[1 - side] == prices(desk)[1 - side]
        assert has(desk, side, why.LADDER) is (rung >= 0)


def test_the_ladder_in_units_follows_the_market() -> None:
    knobs = {"at_frac": [0.5, 1, 1, 1], "size_frac": [1, 1, 1, 1], "wider_units": [0.3, 1, 1, 1]}
    for unit in (1.0, 4.0):
        desk = at(gated("ladder", 60, knobs=knobs, unit_bps=unit))
        assert desk.quotes.wider_bps == [pytest.approx(0.3 * unit), 0.0]


def test_flips_pull_both_sides_until_they_have_calmed_down() -> None:
    desk = gated("flip_rate", knobs={"most": 3, "pause_ns": 500 * MS})
    for k in range(4):
        heavy = (9, 1) if k % 2 else (1, 9)
        show(desk, MID_TICKS - 1, MID_TICKS + 1, NOW_NS + k * 50 * MS, heavy)
    last_ns = NOW_NS + 150 * MS
    assert sizes(at(desk, last_ns)) == (0, 0)
    assert has(desk, BUY, why.FLIPPING)
    assert has(desk, SELL, why.FLIPPING)
    assert sizes(at(desk, last_ns + 500 * MS)) == (10, 10)


def test_small_crossings_are_no_flips() -> None:
    desk = gated("flip_rate", knobs={"most": 1, "pause_ns": 500 * MS})
    for k in range(20):
        show(desk, MID_TICKS - 1, MID_TICKS + 1, NOW_NS + k * MS, (11, 10) if k % 2 else (10, 11))
    assert sizes(at(desk, NOW_NS + 20 * MS)) == (10, 10)


def test_the_guard_pauses_the_heavy_side_with_hysteresis() -> None:
    desk = gated("guard", 60, knobs={"max_frac": 0.6, "release_frac": 0.5})
    held = []
    for position in (60, 61, 55, 51, 50, 55, -61, -55, -50):
        desk.orders.position_lots = position
        held.append(sizes(at(desk)))
    buys, sells = zip(*[(buy == 0, sell == 0) for buy, sell in held], strict=True)
    assert buys == (False, True, True, True, False, False, False, False, False)
    assert sells == (False, False, False, False, False, False, True, True, False)


@pytest.mark.parametrize(
    ("ticks", "quotes"), [(1, False), (99, False), (100, True), (500, True), (501, False)]
)
def test_the_books_own_spread_has_bounds(ticks: int, quotes: bool) -> None:
    desk = gated("book_spread", knobs={"least_bps": 1.0, "most_bps": 5.0})
    show(desk, MID_TICKS - ticks // 2, MID_TICKS - ticks // 2 + ticks)
    at(desk)
    assert (has(desk, BUY, why.BOOK_SPREAD), has(desk, SELL, why.BOOK_SPREAD)) == (not quotes,) * 2


@pytest.mark.parametrize(
    ("after_s", "quotes"), [(-31, True), (-30, False), (0, False), (9.9, False), (10, True)]
)
@pytest.mark.parametrize("hour", [8, 16, 24])
def test_funding_timestamps_are_stayed_away_from(hour: int, after_s: float, quotes: bool) -> None:
    knobs = {"every_ns": 8 * HOUR_NS, "before_ns": 30 * SECOND_NS, "after_ns": 10 * SECOND_NS}
    desk = at(gated("funding", knobs=knobs), MONDAY_NS + hour * HOUR_NS + int(after_s * SECOND_NS))
    assert sizes(desk) == ((10, 10) if quotes else (0, 0))


def test_minutes_of_the_week_begin_on_monday() -> None:
    assert minute_of_week(MONDAY_NS) == 0
    assert minute_of_week(MONDAY_NS - 1) == 7 * 24 * 60 - 1
    assert minute_of_week(MONDAY_NS + 25 * HOUR_NS) == 25 * 60


@pytest.mark.parametrize(
    ("minute", "quotes"),
    [(0, True), (59, True), (60, False), (7999, False), (8000, True), (10_079, True)],
)
def test_hours_are_a_state_of_the_moment(minute: int, quotes: bool) -> None:
    desk = gated("hours", knobs={"count": 1, "first_min": [8000], "until_min": [60]})
    at(desk, MONDAY_NS + minute * 60 * SECOND_NS)
    assert sizes(desk) == ((10, 10) if quotes else (0, 0))
    assert has(desk, SELL, why.HOURS) is not quotes


@pytest.mark.parametrize("position", [0, 30])
def test_economics_asks_adding_quotes_to_pay_for_themselves(position: int) -> None:
    knobs = {"adverse_bps": 2.0, "min_edge_bps": 4.0}
    desk = at(gated("economics", position, knobs=knobs, maker_fee_bps=1.0))
    quotes = desk.quotes
    edge_bps = quotes.half_spread_bps - quotes.reservation_bps
    assert quotes.wider_bps[BUY] == pytest.approx(max(0.0, 5.0 - edge_bps))
    away_bps = (MID_TICKS - prices(desk)[BUY]) / MID_TICKS * 1e4
    assert away_bps == pytest.approx(max(5.0, edge_bps), abs=0.011)
    assert (quotes.wider_bps[SELL] == 0.0) is (position > 0)


def loses(desk: Desk, per_bucket: int) -> int:
    """Let a desk trade for a while and lose so many ticks in each stretch; return the time."""
    now_ns = NOW_NS
    for k in range(LEAST_BUCKETS + 1):
        now_ns = NOW_NS + k * BUCKET_NS
        desk.trades.notional_tick_lots += 10 * MID_TICKS
        desk.orders.cash_tick_lots -= per_bucket + (50 if k % 2 else -50)
        at(desk, now_ns)
    return now_ns


@pytest.mark.parametrize(("per_bucket", "fires"), [(1000, True), (290, False), (-1000, False)])
def test_net_loss_beyond_floor_and_chance_ends_quoting(per_bucket: int, fires: bool) -> None:
    knobs = {"floor_bps": 0.3, "errors": 3.0, "min_volume_tick_lots": 1.0}
    desk = gated("net_loss", knobs=knobs)
    now_ns = loses(desk, per_bucket)
    assert sizes(desk) == ((0, 0) if fires else (10, 10))
    desk.orders.cash_tick_lots += 10**9
    assert has(at(desk, now_ns + BUCKET_NS), BUY, why.NET_LOSS) is fires


def test_net_loss_waits_for_volume_and_allows_for_chance() -> None:
    knobs = {"floor_bps": 0.3, "errors": 3.0, "min_volume_tick_lots": 1e12}
    desk = gated("net_loss", knobs=knobs)
    loses(desk, 1000)
    assert not has(desk, BUY, why.NET_LOSS)
    noisy = gated("net_loss", knobs={**knobs, "min_volume_tick_lots": 1.0})
    noisy.orders.position_lots = 50
    for k in range(2 * LEAST_BUCKETS):
        show(noisy, MID_TICKS - 1 - 100 * (k % 2), MID_TICKS + 1 - 100 * (k % 2), NOW_NS + k)
        noisy.trades.notional_tick_lots += 10
        at(noisy, NOW_NS + k * BUCKET_NS)
    assert not has(noisy, BUY, why.NET_LOSS)
