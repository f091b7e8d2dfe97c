"""Each reason is credited with exactly the time for which it held."""

import pytest

from connectors.model.events import BUY, SELL
from connectors.model.orders import begin, begin_cancel, next_client_id, slot_of
from strategies.desk import Quotes, Tally
from strategies.reasons import HEADROOM, KEPT, NO_BOOK, REASONS, Reason
from strategies.tally import account_reasons, account_resting, close_reasons, close_tally
from tests.strategies.working import rest
from tests.support import MID_TICKS, NOW_NS, shown_desk


def credited(tally: Tally) -> dict[tuple[int, Reason], int]:
    return {
        (k // REASONS, Reason(1 << k % REASONS)): held_ns
        for k, held_ns in enumerate(tally.reason_ns)
        if held_ns
    }


def test_reasons_are_credited_when_they_change_and_at_the_end() -> None:
    tally, quotes = Tally(), Quotes()
    for buy, sell, after_ns in ((NO_BOOK, NO_BOOK, 0), (NO_BOOK, NO_BOOK, 10), (KEPT, 0, 30)):
        quotes.reasons[0], quotes.reasons[1] = buy, sell
        account_reasons(tally, quotes, NOW_NS + after_ns)
    assert credited(tally) == {(0, Reason.NO_BOOK): 30, (1, Reason.NO_BOOK): 30}
    quotes.reasons[0], quotes.reasons[1] = KEPT | HEADROOM, 0
    account_reasons(tally, quotes, NOW_NS + 35)
    close_reasons(tally, NOW_NS + 40)
    assert credited(tally) == {
        (0, Reason.NO_BOOK): 30,
        (1, Reason.NO_BOOK): 30,
        (0, Reason.KEPT): 10,
        (0, Reason.HEADROOM): 5,
    }


def test_the_last_bit_of_each_side_stays_on_its_side() -> None:
    tally, quotes = Tally(), Quotes()
    quotes.reasons[0] = quotes.reasons[1] = (1 << REASONS) - 1
    account_reasons(tally, quotes, NOW_NS)
    close_reasons(tally, NOW_NS + 3)
    assert tally.reason_ns == [3] * (2 * REASONS)


def test_nothing_is_credited_before_the_first_reason_or_for_no_time() -> None:
    tally, quotes = Tally(), Quotes()
    account_reasons(tally, quotes, NOW_NS)
    quotes.reasons[0] = KEPT
    account_reasons(tally, quotes, NOW_NS + 50)
    close_reasons(tally, NOW_NS + 50)
    close_reasons(tally, NOW_NS + 20)
    assert credited(tally) == {}


@pytest.mark.parametrize("side", [BUY, SELL])
def test_a_change_on_one_side_is_enough(side: int) -> None:
    tally, quotes = Tally(), Quotes()
    quotes.reasons[side] = KEPT
    account_reasons(tally, quotes, NOW_NS)
    quotes.reasons[side] = 0
    account_reasons(tally, quotes, NOW_NS + 20)
    close_reasons(tally, NOW_NS + 90)
    assert credited(tally) == {(side, Reason.KEPT): 20}


def test_time_counts_while_a_proven_order_rests_and_none_is_being_cancelled() -> None:
    desk = shown_desk()
    account_resting(desk.tally, desk.orders, NOW_NS)
    bid = rest(desk, BUY, MID_TICKS - 5, 10)
    account_resting(desk.tally, desk.orders, NOW_NS + 10)
    rest(desk, SELL, MID_TICKS + 5, 10)
    account_resting(desk.tally, desk.orders, NOW_NS + 30)
    begin_cancel(desk.orders, bid)
    account_resting(desk.tally, desk.orders, NOW_NS + 70)
    close_tally(desk.tally, NOW_NS + 150)
    uptime = desk.tally.uptime
    assert (uptime.watched_ns, uptime.side_ns, uptime.both_ns) == (150, [60, 120], 40)
    account_resting(desk.tally, desk.orders, NOW_NS + 200)
    assert uptime.side_ns == [60, 120]


def test_an_order_that_is_only_sent_does_not_count() -> None:
    desk = shown_desk()
    begin(desk.orders, next_client_id(desk.orders, slot_of(BUY, 0, 0)), BUY, MID_TICKS, 5, NOW_NS)
    account_resting(desk.tally, desk.orders, NOW_NS)
    close_tally(desk.tally, NOW_NS + 10)
    assert (desk.tally.uptime.watched_ns, desk.tally.uptime.side_ns) == (10, [0, 0])


def test_what_holds_until_the_end_is_credited_once() -> None:
    tally, quotes = Tally(), Quotes()
    quotes.reasons[0] = KEPT
    account_reasons(tally, quotes, NOW_NS)
    close_tally(tally, NOW_NS + 40)
    close_tally(tally, NOW_NS + 90)
    assert credited(tally) == {(0, Reason.KEPT): 40}
