"""A route costs what no other way of sending the same costs less than."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, SELL
from strategies.routing.place import Place, leg_of
from strategies.routing.route import Policy, plan_route

D = Decimal


def place(market: str, *levels: tuple[str, str], **terms: Decimal) -> Place:
    book = tuple((D(price), D(size)) for price, size in levels)
    return Place(market=market, levels=book, **{"lot_base": D("0.001"), **terms})


def shares(side: int, base: str, places: list[Place], policy: Policy) -> dict[str, Decimal]:
    return {leg.market: leg.base for leg in plan_route(side, D(base), places, policy).legs}


NEAR = place("near", ("100.0", "1"), ("100.1", "1"), ("100.5", "5"), fee_bps=D(5))
FAR = place("far", ("100.2", "3"), ("100.3", "3"), fee_bps=D(0))


def test_the_best_price_looks_at_no_fee_and_the_least_cost_does() -> None:
    assert shares(BUY, "1", [NEAR, FAR], Policy.BEST_PRICE) == {"near": D(1)}
    assert shares(BUY, "1", [NEAR, FAR], Policy.MIN_COST) == {"near": D(1)}
    dear = place("dear", ("100.0", "9"), fee_bps=D(25))
    assert shares(BUY, "1", [dear, FAR], Policy.BEST_PRICE) == {"dear": D(1)}
    assert shares(BUY, "1", [dear, FAR], Policy.MIN_COST) == {"far": D(1)}


def test_a_split_takes_levels_in_the_order_of_their_cost() -> None:
    assert shares(BUY, "3", [NEAR, FAR], Policy.SPLIT) == {"near": D(2), "far": D(1)}
    route = plan_route(BUY, D(3), [NEAR, FAR], Policy.SPLIT)
    near, far = route.legs
    assert (near.limit_price, far.limit_price) == (D("100.1"), D("100.2"))
    assert near.price == D("100.05")
    assert near.cost == D("200.1") * D("0.0005")
    assert route.total == D("200.1") * D("1.0005") + D("100.2")


def test_funding_delay_and_rate_count() -> None:
    paid = place("paid", ("100", "9"), holding_bps=D(3), delay_bps=D(2))
    plain = place("plain", ("100.04", "9"))
    assert shares(BUY, "1", [paid, plain], Policy.MIN_COST) == {"plain": D(1)}
    assert shares(SELL, "1", [paid, plain], Policy.MIN_COST) == {"plain": D(1)}
    cheap_coin = place("cheap_coin", ("100.05", "9"), rate=D("0.999"))
    assert shares(BUY, "1", [plain, cheap_coin], Policy.BEST_PRICE) == {"cheap_coin": D(1)}


def test_what_can_be_filled_comes_first_but_not_for_dust() -> None:
    thin = place("thin", ("100", "0.5"))
    deep = place("deep", ("101", "9"))
    assert shares(BUY, "1", [thin, deep], Policy.MIN_COST) == {"deep": D(1)}
    coarse = place("coarse", ("100", "9"), lot_base=D("0.01"))
    fine = place("fine", ("101", "9"), lot_base=D("0.0001"))
    assert shares(BUY, "1.0005", [coarse, fine], Policy.MIN_COST) == {"coarse": D(1)}


def test_a_place_that_takes_nothing_so_small_is_not_chosen() -> None:
    coarse = place("coarse", ("100", "9"), min_base=D(1))
    fine = place("fine", ("101", "9"))
    for policy in Policy:
        assert shares(BUY, "0.5", [coarse, fine], policy) == {"fine": D("0.5")}


def test_a_part_below_the_minimum_goes_to_the_others() -> None:
    small = place("small", ("100", "0.05"), min_base=D("0.1"))
    large = place("large", ("100.1", "9"))
    assert shares(BUY, "1", [small, large], Policy.SPLIT) == {"large": D(1)}
    worth_little = place("worth_little", ("100", "0.05"), min_notional_quote=D(10))
    assert shares(BUY, "1", [worth_little, large], Policy.SPLIT) == {"large": D(1)}


def test_room_bounds_a_leg_and_what_nobody_takes_is_missing() -> None:
    narrow = place("narrow", ("100", "9"), room_base=D("0.4"))
    route = plan_route(BUY, D(1), [narrow], Policy.SPLIT)
    assert (route.base, route.missing_base) == (D("0.4"), D("0.6"))
    assert plan_route(BUY, D(1), [], Policy.SPLIT).missing_base == D(1)


def test_sizes_that_are_no_whole_lots_add_up() -> None:
    crumbs = place("crumbs", ("100", "0.0005"), ("101", "0.0005"))
    leg = leg_of(crumbs, D(1))
    assert leg is not None
    assert leg.base == D("0.001")
    assert leg.limit_price == D(101)
    assert shares(BUY, "1", [crumbs], Policy.SPLIT) == {"crumbs": D("0.001")}


books = st.lists(
    st.tuples(st.integers(95, 105), st.integers(1, 3)),
    min_size=1,
    max_size=4,
    unique_by=lambda x: x[0],
)


@st.composite
def several(draw: st.DrawFn) -> tuple[int, list[Place]]:
    side = draw(st.sampled_from([BUY, SELL]))
    places = []
    for k in range(draw(st.integers(1, 3))):
        levels = sorted(draw(books), reverse=side == SELL)
        places.append(
            Place(
                market=f"m{k}",
                levels=tuple((D(price), D(size)) for price, size in levels),
                lot_base=D(1),
                fee_bps=D(draw(st.integers(-200, 200))),
            )
        )
    return side, places


@given(several(), st.integers(1, 9))
def test_no_other_split_of_as_much_costs_less(given: tuple[int, list[Place]], base: int) -> None:
    side, places = given
    route = plan_route(side, D(base), places, Policy.SPLIT)
    totals = [
        sum((leg.total(side) for leg in legs), D(0))
        for sizes in product(range(base + 1), repeat=len(places))
        if sum(sizes) == route.base
        for legs in [[leg_of(p, D(n)) for p, n in zip(places, sizes, strict=True) if n]]
        if all(legs) and sum((leg.base for leg in legs), D(0)) == route.base
    ]
    assert route.base == min(base, sum(size for p in places for _, size in p.levels))
    assert route.total == min(totals)


@given(several(), st.integers(1, 9), st.integers(0, 4))
def test_every_leg_is_one_that_its_venue_takes(
    given: tuple[int, list[Place]], base: int, least: int
) -> None:
    side, places = given
    bounded = [replace(p, min_base=D(least)) for p in places]
    for policy in Policy:
        route = plan_route(side, D(base), bounded, policy)
        assert route.base + route.missing_base == base
        assert all(leg.base >= max(least, 1) for leg in route.legs)
        assert len({leg.market for leg in route.legs}) == len(route.legs)


@pytest.mark.parametrize("side", [BUY, SELL])
def test_a_split_is_never_dearer_than_one_place(side: int) -> None:
    levels = (("100", "2"), ("101", "2"))
    places = [place("a", *levels), place("b", *(levels if side == BUY else reversed(levels)))]
    split = plan_route(side, D(2), places, Policy.SPLIT)
    alone = plan_route(side, D(2), places, Policy.MIN_COST)
    assert split.total <= alone.total
