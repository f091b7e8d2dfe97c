"""Hedges are shared out as the exact router plans them."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, SELL
from runner.engine.hedge_plan import BEST_PRICE, MIN_COST, SPLIT, plan
from strategies.routing.place import Place
from strategies.routing.route import Policy, Route, plan_route
from tests.runner.engine.hedging_together import LOT, Levels, Together, show_levels, together
from tests.support import MID_TICKS, checked

TICK = Decimal("0.1")
LEVELS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 40)), min_size=1, max_size=4)
WAYS = {BEST_PRICE: Policy.BEST_PRICE, MIN_COST: Policy.MIN_COST, SPLIT: Policy.SPLIT}


@given(
    books=st.lists(LEVELS, min_size=2, max_size=3),
    terms=st.lists(st.tuples(st.integers(0, 80), st.integers(-20, 20)), min_size=3, max_size=3),
    lots=st.integers(1, 90),
    least=st.integers(1, 6),
    side=st.sampled_from((BUY, SELL)),
    way=st.sampled_from(tuple(WAYS)),
)
@checked(40)
def test_a_plan_costs_what_the_exact_one_does(
    books: list[Levels],
    terms: list[tuple[int, int]],
    lots: int,
    least: int,
    side: int,
    way: int,
) -> None:
    made = together(*(0.0 for _ in books))
    made.group.way = way
    places = []
    for n, (levels, (fee, holding)) in enumerate(zip(books, terms, strict=False)):
        show_levels(made.hedges[n], levels, levels)
        made.hedges[n].params.min_lots = least
        made.stakes[n].offer.extra_bps, made.stakes[n].offer.holding_bps = fee / 10, holding / 10
        made.stakes[n].part.is_candidate = True
        places.append(_place(str(n), levels, side, least, fee, holding))
    plan(made.stakes, [*made.hedges, made.maker], 0, side, lots * LOT, 0)
    exact = plan_route(side, Decimal(lots), places, WAYS[way])
    _same_cost(made, exact, places, way)


def _place(name: str, levels: Levels, side: int, least: int, fee: int, holding: int) -> Place:
    sign = 1 if side == BUY else -1
    sizes = sorted(dict(levels).items())
    return Place(
        market=name,
        levels=tuple(((MID_TICKS + sign * away) * TICK, Decimal(lots)) for away, lots in sizes),
        lot_base=Decimal(1),
        min_base=Decimal(least),
        fee_bps=Decimal(fee) / 10,
        holding_bps=sign * Decimal(holding) / 10,
    )


def _same_cost(made: Together, exact: Route, places: list[Place], way: int) -> None:
    """Hold what is taken where against the exact plan, whose ties may fall another way."""
    anchor = made.group.anchor - 1
    taken = {
        n: stake.offer.taken_lots
        for n, stake in enumerate(made.stakes[:-1])
        if stake.part.is_shared or n == anchor
    }
    planned = {int(leg.market): leg.base for leg in exact.legs}
    assert sum(taken.values()) == sum(planned.values())
    if not planned:
        return
    ours = sum(
        plan_route(exact.side, Decimal(lots), [places[n]], WAYS[way]).total
        for n, lots in taken.items()
    )
    if way == BEST_PRICE:
        paid = sum(made.stakes[n].offer.paid_tick_lots for n in taken) * TICK
        assert paid == sum(leg.value for leg in exact.legs)
    else:
        assert abs(ours - exact.total) <= abs(exact.total) * Decimal("1e-12")
