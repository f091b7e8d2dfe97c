"""However orders end, what may have traded is never more than what was wanted."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY
from strategies.routing.place import Place
from strategies.routing.pursuit import Pursuit
from strategies.routing.route import Policy

D = Decimal
PLACES = [
    Place(market="a", levels=((D(100), D(3)),), lot_base=D(1)),
    Place(market="b", levels=((D(101), D(9)),), lot_base=D(1)),
]


def pursuit(base: int = 5, worst: int = 200) -> Pursuit:
    return Pursuit(BUY, D(base), D(worst), Policy.SPLIT, rest_ns=1_000)


def test_an_unknown_order_is_neither_sent_again_nor_done() -> None:
    chase = pursuit()
    for k, leg in enumerate(chase.plan(PLACES, 0).legs):
        chase.send(k, leg)
    chase.fill(0, D(3))
    chase.end(0, 0)
    assert (chase.filled_base, chase.open_base, chase.left_base) == (D(3), D(2), D(0))
    assert chase.plan(PLACES, 0).legs == ()
    assert not chase.is_done
    assert list(chase.waiting()) == [(1, "b", D(2))]


def test_what_a_leg_could_not_take_is_planned_anew_elsewhere() -> None:
    chase = pursuit()
    for k, leg in enumerate(chase.plan(PLACES, 0).legs):
        chase.send(k, leg)
    chase.end(0, 0, was_refused=True)
    chase.fill(1, D(2))
    chase.end(1, 0)
    (leg,) = chase.plan(PLACES, 1).legs
    assert (leg.market, leg.base) == ("b", D(3))
    assert {leg.market for leg in chase.plan(PLACES, 1_000).legs} == {"a"}


def test_nothing_is_sent_beyond_the_worst_price() -> None:
    route = pursuit(worst=100).plan(PLACES, 0)
    assert [(leg.market, leg.base) for leg in route.legs] == [("a", D(3))]
    assert route.missing_base == D(2)


def test_more_than_is_left_is_refused() -> None:
    chase = pursuit(base=3)
    (leg,) = chase.plan(PLACES, 0).legs
    chase.send(1, leg)
    with pytest.raises(ValueError, match="expected a new one"):
        chase.send(1, leg)
    with pytest.raises(ValueError, match="expected at most 0"):
        chase.send(2, leg)


@given(st.data())
def test_orders_and_trades_never_come_to_more_than_was_wanted(data: st.DataObject) -> None:
    chase = pursuit(base=data.draw(st.integers(1, 12)))
    for now_ns in range(0, 6_000, 500):
        for leg in chase.plan(PLACES, now_ns).legs:
            chase.send(now_ns * 10 + ord(leg.market), leg)
        assert chase.filled_base + chase.open_base <= chase.base
        for order, _, left in list(chase.waiting()):
            chase.fill(order, D(data.draw(st.integers(0, int(left)))))
            if data.draw(st.booleans()):
                chase.end(order, now_ns, was_refused=data.draw(st.booleans()))
    assert chase.filled_base <= chase.base
