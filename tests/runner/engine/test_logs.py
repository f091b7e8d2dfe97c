"""Fills keep the mids around them; decisions are recorded when they differ or always or never."""

from collections.abc import Callable

import pytest

from connectors.model.events import BUY, FILLED, MAKER, REJECTED, SELL
from connectors.model.kernel import fields_of
from connectors.model.orders import LEVELS
from runner.engine.intake import take_account_row
from runner.engine.logs import (
    ALL,
    CHANGES,
    DECISION_ROWS,
    FILL_ROWS,
    NONE,
    UNMARKED,
    DecisionLog,
    FillLog,
    fills_full,
    fold_quotes,
    log_decision,
    log_fill,
    mark_fills,
    short_log,
)
from strategies.desk import Desk, Quotes
from tests.strategies.working import rest, want
from tests.support import MID_TICKS, MS, NOW_NS, SECOND_NS, show, shown_desk


def filled(log: FillLog, desk: Desk, after_ns: int = 0) -> None:
    log_fill(log, desk, 77, SELL, 123, 4, MAKER, 9, NOW_NS + after_ns - 5, NOW_NS + after_ns)


def test_a_fill_keeps_what_held_before_it() -> None:
    log, desk = FillLog(), shown_desk(MID_TICKS - 1, MID_TICKS + 2)
    desk.orders.position_lots = -6
    filled(log, desk)
    assert (log.count, log.client_id[0], log.side[0]) == (1, 77, SELL)
    assert (log.ticks[0], log.lots[0]) == (123, 4)
    assert (log.role[0], log.trade_id[0]) == (MAKER, 9)
    assert (log.venue_ns[0], log.recv_ns[0]) == (NOW_NS - 5, NOW_NS)
    assert (log.mid_half_ticks[0], log.position_before_lots[0]) == (2 * MID_TICKS + 1, -6)
    assert (log.mid_1s_half_ticks[0], log.flips_200ms[0]) == (UNMARKED, 0)


def test_a_fill_counts_the_flips_just_before_it() -> None:
    log, desk = FillLog(), shown_desk()
    for k in range(4):
        lots = (9, 1) if k % 2 else (1, 9)
        show(desk, MID_TICKS - 1, MID_TICKS + 1, NOW_NS - 150 * MS * (3 - k), lots)
    filled(log, desk)
    assert (desk.signals.flips, log.flips_200ms[0]) == (3, 2)


def test_a_fill_is_marked_with_the_mid_that_held_one_second_later() -> None:
    log, desk = FillLog(), shown_desk()
    filled(log, desk)
    filled(log, desk, 400 * MS)
    mark_fills(log, 1001, NOW_NS + SECOND_NS)
    assert log.marked[0] == 0
    mark_fills(log, 1002, NOW_NS + SECOND_NS + 1)
    assert (log.marked[0], list(log.mid_1s_half_ticks[:2])) == (1, [1002, UNMARKED])
    mark_fills(log, 1003, NOW_NS + 10 * SECOND_NS)
    assert (log.marked[0], list(log.mid_1s_half_ticks[:2])) == (2, [1002, 1003])
    mark_fills(log, 1004, NOW_NS + 20 * SECOND_NS)
    assert list(log.mid_1s_half_ticks[:2]) == [1002, 1003]


def test_each_horizon_is_marked_in_its_own_time() -> None:
    log, desk = FillLog(), shown_desk()
    for k in range(130):
        now_ns = NOW_NS + k * SECOND_NS
        mark_fills(log, 1000 + k, now_ns)
        if k % 20 == 0:
            filled(log, desk, k * SECOND_NS)
    for column, after in (
        (log.mid_1s_half_ticks, 2),
        (log.mid_5s_half_ticks, 6),
        (log.mid_10s_half_ticks, 11),
        (log.mid_60s_half_ticks, 61),
    ):
        marks = [1000 + k + after if k + after < 130 else UNMARKED for k in range(0, 130, 20)]
        assert list(column[: log.count]) == marks


def test_a_fill_is_marked_although_it_comes_when_none_waits() -> None:
    log, desk = FillLog(), shown_desk()
    filled(log, desk)
    mark_fills(log, 1, NOW_NS + 100 * SECOND_NS)
    filled(log, desk, 200 * SECOND_NS)
    mark_fills(log, 2, NOW_NS + 201 * SECOND_NS + 1)
    assert list(log.mid_1s_half_ticks[:2]) == [1, 2]
    assert list(log.mid_5s_half_ticks[:2]) == [1, UNMARKED]


def test_the_log_says_when_more_might_not_fit() -> None:
    log = FillLog()
    log.count = FILL_ROWS - 5
    assert not fills_full(log, 5)
    assert fills_full(log, 6)


def decided(desk: Desk) -> Desk:
    want(desk, BUY, MID_TICKS - 5, 10)
    want(desk, SELL, MID_TICKS + 5, 8)
    desk.quotes.reasons[SELL] = 4
    desk.quotes.skew_bps = 0.25
    desk.orders.position_lots = 3
    return desk


@pytest.mark.parametrize(("mode", "rows"), [(NONE, 0), (CHANGES, 1), (ALL, 3)])
def test_the_mode_says_what_is_kept_of_equal_decisions(mode: int, rows: int) -> None:
    log, desk = DecisionLog(), decided(shown_desk())
    log.mode = mode
    for k in range(3):
        log_decision(log, desk, NOW_NS + k)
    assert log.count == rows


def test_a_decision_is_kept_whole() -> None:
    log, desk = DecisionLog(), decided(shown_desk())
    log.mode = CHANGES
    log_decision(log, desk, NOW_NS)
    prices = (log.bid_ticks[0], log.bid_lots[0], log.ask_ticks[0], log.ask_lots[0])
    assert prices == (MID_TICKS - 5, 10, MID_TICKS + 5, 8)
    assert (log.now_ns[0], log.mid_half_ticks[0]) == (NOW_NS, 2 * MID_TICKS)
    assert (log.bid_reasons[0], log.ask_reasons[0], log.position_lots[0]) == (0, 4, 3)
    assert (log.skew_bps[0], log.quotes_fold[0]) == (0.25, fold_quotes(desk.quotes))


def reason(desk: Desk, side: int) -> None:
    desk.quotes.reasons[side] = 1


CHANGED: dict[str, Callable[[Desk], None]] = {
    "bid price": lambda desk: want(desk, BUY, MID_TICKS - 6, 10),
    "bid size": lambda desk: want(desk, BUY, MID_TICKS - 5, 9),
    "ask price": lambda desk: want(desk, SELL, MID_TICKS + 6, 8),
    "ask size": lambda desk: want(desk, SELL, MID_TICKS + 5, 7),
    "bid held": lambda desk: want(desk, BUY, MID_TICKS - 5, 0),
    "bid reason": lambda desk: reason(desk, BUY),
    "ask reason": lambda desk: reason(desk, SELL),
}


@pytest.mark.parametrize("what", CHANGED)
def test_any_change_at_the_touch_is_kept(what: str) -> None:
    log, desk = DecisionLog(), decided(shown_desk())
    log.mode = CHANGES
    log_decision(log, desk, NOW_NS)
    CHANGED[what](desk)
    log_decision(log, desk, NOW_NS + 1)
    log_decision(log, desk, NOW_NS + 2)
    assert log.count == 2


@pytest.mark.parametrize(("lots", "price"), [(0, 0), (1, MID_TICKS)])
def test_a_side_that_is_held_has_no_price(lots: int, price: int) -> None:
    log, desk = DecisionLog(), decided(shown_desk())
    log.mode = ALL
    for side in (BUY, SELL):
        want(desk, side, MID_TICKS, lots)
    log_decision(log, desk, NOW_NS)
    assert (log.bid_ticks[0], log.bid_lots[0]) == (price, lots)
    assert (log.ask_ticks[0], log.ask_lots[0]) == (price, lots)


def test_a_full_log_takes_no_more() -> None:
    log, desk = DecisionLog(), decided(shown_desk())
    log.mode, log.count = ALL, DECISION_ROWS
    log_decision(log, desk, NOW_NS)
    assert log.count == DECISION_ROWS


def test_the_fold_shows_any_one_difference() -> None:
    found = {fold_quotes(Quotes())}
    for k in range(2 * LEVELS):
        for name, value in (("ticks", 1), ("ticks", MID_TICKS), ("lots", 1), ("lots", 5)):
            quotes = Quotes()
            getattr(quotes, name)[k] = value
            found.add(fold_quotes(quotes))
    for name, value in (("take_ticks", 1), ("take_lots", 1), ("take_lots", -1)):
        quotes = Quotes()
        setattr(quotes, name, value)
        found.add(fold_quotes(quotes))
    assert len(found) == 1 + 4 * 2 * LEVELS + 3


def test_the_fold_tells_price_from_size() -> None:
    a, b = Quotes(), Quotes()
    a.ticks[0], a.lots[0] = 1_000, 10
    b.ticks[0], b.lots[0] = 1_031, 9
    assert fold_quotes(a) != fold_quotes(b)


def test_an_account_row_is_logged_counted_and_applied() -> None:
    desk, log = shown_desk(), FillLog()
    desk.orders.position_lots = 2
    bid, ask = rest(desk, BUY, MID_TICKS - 5, 10), rest(desk, SELL, MID_TICKS + 5, 10)
    price = MID_TICKS - 5
    take_account_row(desk, log, FILLED, bid, BUY, price, 4, MAKER, 1, NOW_NS - 9, NOW_NS)
    take_account_row(desk, log, REJECTED, ask, SELL, price, 10, 3, 0, NOW_NS - 9, NOW_NS)
    assert (log.count, log.position_before_lots[0], log.recv_ns[0]) == (1, 2, NOW_NS)
    assert (desk.orders.position_lots, desk.orders.exposed_lots) == (6, [6, 0])
    assert (desk.tally.rejected, desk.orders.last_reject_code[SELL]) == (1, 3)


def test_a_log_that_is_drained_soon_is_short_in_every_column() -> None:
    log, desk = short_log(3), shown_desk()
    log.mode = ALL
    for k in range(3):
        log_decision(log, desk, NOW_NS + k)
    assert (log.count, log.now_ns) == (3, [NOW_NS, NOW_NS + 1, NOW_NS + 2])
    columns = [getattr(log, each.name) for each in fields_of(DecisionLog)]
    assert {len(column) for column in columns if isinstance(column, list)} == {3}
