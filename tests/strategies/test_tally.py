"""Each reason is credited with exactly the time for which it held."""

import pytest

from connectors.model.events import BUY, SELL
from strategies.desk import Quotes, Tally
from strategies.reasons import HEADROOM, KEPT, NO_BOOK, REASONS, Reason
from strategies.tally import account_reasons, close_reasons
from tests.support import NOW_NS


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
