"""Whatever gates say, a side never comes nearer and never grows."""

import math

from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, SELL
from strategies.desk import ASKED, Quotes
from strategies.gates.effect import asked_bps, asked_frac, begin, pull, shrink, widen
from strategies.reasons import ECONOMICS, LADDER, TOXIC_FLOW
from tests.support import checked

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
WORDS = st.lists(
    st.tuples(st.sampled_from((pull, widen, shrink)), st.sampled_from((BUY, SELL)), NUMBERS),
    max_size=12,
)


@checked(500)
@given(WORDS)
def test_each_word_leaves_a_side_as_restricted_or_more(words: list[tuple]) -> None:  # type: ignore[type-arg]
    quotes = Quotes()
    begin(quotes)
    for k, (say, side, number) in enumerate(words):
        before = quotes.pulled[side], quotes.wider_bps[side], quotes.size_frac[side]
        other = quotes.pulled[1 - side], quotes.wider_bps[1 - side], quotes.size_frac[1 - side]
        if say is pull:
            pull(quotes, side, 1 << k)
        else:
            say(quotes, side, number, 1 << k)
        assert quotes.pulled[side] & before[0] == before[0]
        assert quotes.wider_bps[side] >= before[1]
        assert 0.0 < quotes.size_frac[side] <= before[2]
        now = quotes.pulled[1 - side], quotes.wider_bps[1 - side], quotes.size_frac[1 - side]
        assert now == other
        changed = (quotes.pulled[side], quotes.wider_bps[side], quotes.size_frac[side]) != before
        assert not changed or quotes.reasons[side] & 1 << k
    assert all(math.isfinite(bps) for bps in quotes.wider_bps)


def test_the_most_restrictive_counts_and_nothing_adds_up() -> None:
    quotes = Quotes()
    begin(quotes)
    for bps in (1.0, 3.0, 2.0):
        widen(quotes, BUY, bps, 1)
    for frac in (0.5, 0.25, 0.75):
        shrink(quotes, BUY, frac, 2)
    assert (quotes.wider_bps, quotes.size_frac) == ([3.0, 0.0], [0.25, 1.0])
    assert (quotes.pulled, quotes.reasons) == ([0, 0], [3, 0])


def test_no_effect_is_no_reason() -> None:
    quotes = Quotes()
    begin(quotes)
    widen(quotes, SELL, 0.0, 1)
    widen(quotes, SELL, -1.0, 1)
    shrink(quotes, SELL, 1.0, 1)
    shrink(quotes, SELL, 7.0, 1)
    assert quotes.reasons == [0, 0]


def test_a_decision_remembers_what_each_gate_asked_for() -> None:
    quotes = Quotes()
    begin(quotes)
    widen(quotes, SELL, 0.3, LADDER)
    widen(quotes, SELL, 0.2, ECONOMICS)
    shrink(quotes, SELL, 0.5, LADDER)
    assert [asked_bps(quotes, SELL, r) for r in (LADDER, ECONOMICS, TOXIC_FLOW)] == [0.3, 0.2, 0.0]
    assert [asked_frac(quotes, SELL, r) for r in (LADDER, ECONOMICS)] == [0.5, 1.0]
    assert (asked_bps(quotes, BUY, LADDER), asked_frac(quotes, BUY, LADDER)) == (0.0, 1.0)
    begin(quotes)
    assert asked_bps(quotes, SELL, LADDER) == 0.0


def test_more_gates_than_are_remembered_count_all_the_same() -> None:
    quotes = Quotes()
    begin(quotes)
    for k in range(ASKED + 3):
        widen(quotes, BUY, 1.0 + k, 1 << k)
    assert quotes.wider_bps[BUY] == ASKED + 3
    assert asked_bps(quotes, BUY, 1 << ASKED) == 0.0
