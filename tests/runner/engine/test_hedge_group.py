"""What several markets hedge is shared out once: never twice, never to one that may not act."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.engine.hedge_plan import BEST_PRICE, MIN_COST, SPLIT
from strategies import hedge_reasons as why
from strategies import reasons
from strategies.hedging import IS_PART, KNOWN, may_hedge
from tests.runner.engine.hedging_together import LOT, Together, is_idle, show_levels, together
from tests.strategies.test_hedging import BAND
from tests.support import checked

LATENCY_S = 10.0


def test_one_market_gets_all_with_the_band_and_the_others_nothing() -> None:
    made = together(5.0, 2.0)
    assert made.share(300) == [0, -300]
    assert [stake.part.told_code for stake in made.stakes[:2]] == [KNOWN | IS_PART, KNOWN]
    made.hedges[1].orders.position_lots = -28
    assert made.share() == [0, -BAND]
    assert made.group.planned_ns == 0


def test_it_stays_where_it_is_until_it_is_done() -> None:
    made = together(5.0, 2.0)
    made.share(300)
    made.stakes[1].offer.extra_bps = 9.0
    assert made.share(400) == [0, -400]
    made.share(0)
    assert made.share(300) == [-300, 0]


def test_a_market_that_may_not_act_has_no_share() -> None:
    made = together(5.0, 2.0)
    made.share(300)
    made.hold(1, True)
    assert made.share() == [-300, 0]
    made.hold(0, True)
    assert made.share() == [-300, 0]
    made.hold(1, False)
    assert made.share() == [0, -300]


def test_what_is_without_an_answer_is_not_asked_of_another() -> None:
    made = together(5.0, 2.0)
    made.maker.orders.position_lots = 300
    made.step()
    assert [(n, lots) for n, _, _, _, lots in made.sent] == [(1, 28)]
    made.lose(0)
    made.hold(1, True)
    assert made.share() == [-(300 - 280), 0]
    made.end(0, 0)
    assert made.share() == [-300, 0]


def test_what_is_not_done_in_time_goes_to_another_and_the_last_one_is_forced() -> None:
    made = together(5.0, 2.0, 3.0)
    made.share(300)
    assert made.share(after_s=LATENCY_S - 0.1) == [0, -300, 0]
    assert made.share(after_s=0.1) == [0, 0, -300]
    assert made.share(after_s=LATENCY_S) == [-300, 0, 0]
    assert made.share(after_s=LATENCY_S) == [-300, 0, 0]
    assert made.share(after_s=LATENCY_S) == [0, -300, 0]


def test_closing_goes_where_it_is_held() -> None:
    made = together(5.0, 2.0)
    made.hedges[0].orders.position_lots = 40
    made.hedges[1].orders.position_lots = -10
    assert made.share(0) == [-300, 0]
    made.share(-300)
    made.group.way = SPLIT
    made.hedges[0].orders.position_lots = 20
    assert made.share(200 + BAND) == [-200 - BAND, -100]


def test_an_unknown_position_of_a_hedged_market_or_a_failed_hedge_makes_all_wait() -> None:
    made = together(5.0, 2.0)
    made.maker.held = reasons.RECONCILING
    made.share(300)
    assert not made.group.known
    made.maker.held = 0
    made.hedges[0].held = reasons.SUSPENDED
    made.share()
    assert not made.group.known


def test_a_split_takes_what_each_book_gives_cheapest_and_one_keeps_the_band() -> None:
    made = together(2.0, 2.0)
    made.group.way = SPLIT
    for desk, lots in zip(made.hedges, (20, 30), strict=True):
        show_levels(desk, [(1, lots), (3, 500)], [(1, lots)])
    assert made.share(500 + BAND) == [-200, -300 - BAND]


def test_parts_are_taken_back_once_there_is_less_to_hedge() -> None:
    made = together(2.0, 2.0)
    made.group.way = SPLIT
    for desk in made.hedges:
        show_levels(desk, [(1, 20), (3, 500)], [(1, 20)])
    made.share(400 + BAND)
    asked = made.share(100)
    assert sum(asked) == -100
    assert 0 in asked


def test_one_whose_smallest_order_is_too_large_leaves_it_to_another() -> None:
    made = together(1.0, 9.0)
    made.hedges[0].params.min_lots = 100
    assert made.share(300) == [0, -300]


@given(
    fees=st.lists(st.floats(0.0, 8.0), min_size=2, max_size=3),
    way=st.sampled_from((BEST_PRICE, MIN_COST, SPLIT)),
    data=st.data(),
)
@checked(60)
def test_every_fill_is_hedged_or_inside_the_band_or_told_and_nothing_is_hedged_twice(
    fees: list[float], way: int, data: st.DataObject
) -> None:
    made = together(*fees)
    made.group.way = way
    for _ in range(data.draw(st.integers(4, 30))):
        _chance(made, data)
        before = abs(made.net + made.open)
        sent = len(made.sent)
        made.step(data.draw(st.sampled_from((0.1, 0.3, 3.0))))
        _judge(made, before, len(made.sent) > sent)
    _recover(made)
    assert abs(made.net) <= BAND


def _chance(made: Together, data: st.DataObject) -> None:
    """Let one thing happen: a fill of what is hedged, an order's end, or a venue's loss."""
    what = data.draw(st.sampled_from(("fill", "end", "lose", "hold")))
    if what == "fill":
        made.maker.orders.position_lots += data.draw(st.integers(-300, 300))
    elif what == "hold":
        made.hold(data.draw(st.integers(0, len(made.hedges) - 1)), data.draw(st.booleans()))
    elif made.sent:
        k = data.draw(st.integers(0, len(made.sent) - 1))
        if what == "lose":
            made.lose(k)
        else:
            made.end(k, data.draw(st.integers(0, made.sent[k][4])))


def _judge(made: Together, before: int, has_sent: bool) -> None:
    """Hold the shares against what there is: they come to it, with what is open elsewhere."""
    made.share()
    anchor = made.group.anchor - 1
    waiting = sum(
        made.open_of(desk)
        for n, desk in enumerate(made.hedges)
        if n != anchor and not made.stakes[n].part.is_shared
    )
    assert sum(made.told) == made.maker.orders.position_lots + waiting
    if has_sent:
        assert abs(made.net + made.open) <= max(before, BAND + LOT)
    if abs(made.net) > BAND:
        assert made.hedges[anchor].quotes.hedge_reasons & why.BEYOND_BAND
        assert may_hedge(made.hedges[anchor]) or not any(map(may_hedge, made.hedges))


def _recover(made: Together) -> None:
    """Let every venue answer and act again, and every order fill."""
    for n in range(len(made.hedges)):
        made.hold(n, False)
    for _ in range(40):
        while made.sent:
            made.end(0, made.sent[0][4])
        made.step(1.0)
        if abs(made.net) <= BAND and all(map(is_idle, made.hedges)):
            return


@pytest.mark.parametrize("grains", [300, -300])
def test_a_share_is_the_same_to_either_side(grains: int) -> None:
    made = together(5.0, 2.0)
    assert made.share(grains) == [0, -grains]
