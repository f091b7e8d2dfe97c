"""Plan where to take a size: the best price, the least cost, or split over several places.

An order's cost is linear in what is taken of a level, so that a split takes levels of all places in
the order of what one unit costs there, fees, funding and delay included. Lots and minima are what
is not linear: what falls below a minimum is offered to the other places.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from connectors.model.events import BUY
from strategies.routing.place import ONE, ZERO, Leg, Place, leg_of


class Policy(Enum):
    """How places are compared."""

    BEST_PRICE = "best_price"
    """One place: that with the best mean price, before anything else is paid."""
    MIN_COST = "min_cost"
    """One place: that which costs least in all."""
    SPLIT = "split"
    """As many as it takes to pay least in all."""


@dataclass(frozen=True, slots=True)
class Route:
    """Orders to send at once. `missing_base` is what no place can take now."""

    side: int
    legs: tuple[Leg, ...]
    missing_base: Decimal

    @property
    def base(self) -> Decimal:
        """How much the legs come to."""
        return sum((leg.base for leg in self.legs), ZERO)

    @property
    def total(self) -> Decimal:
        """What a buyer pays in all, or minus what a seller gets, in the reporting currency."""
        return sum((leg.total(self.side) for leg in self.legs), ZERO)


def plan_route(side: int, base: Decimal, places: Sequence[Place], policy: Policy) -> Route:
    """Return the route by which to buy or sell a size.

    What can be filled comes before what it costs, but for less than the coarsest order of all
    places: a unit's cost decides between routes that fill as much as that.
    """
    coarse = max((max(place.lot_base, place.min_base) for place in places), default=ONE)
    routes = [_route(side, base, (leg_of(place, base),)) for place in places]
    if policy is Policy.SPLIT:
        routes.insert(0, _split(side, base, places))
    unit = _unit_price if policy is Policy.BEST_PRICE else _unit_cost
    return min(
        routes,
        key=lambda route: (not route.legs, route.missing_base // coarse, unit(route)),
        default=_route(side, base, ()),
    )


def _split(side: int, base: Decimal, places: Sequence[Place]) -> Route:
    """Return the cheapest split; a place whose part is too small to send is left out, and what
    it had is offered to the others."""
    open_places = list(places)
    while True:
        shares = _shares(side, base, open_places)
        legs = {place.market: leg_of(place, shares[place.market]) for place in open_places}
        small = [p for p in open_places if shares[p.market] > 0 and legs[p.market] is None]
        if not small:
            return _route(side, base, legs.values())
        least = min(small, key=lambda place: shares[place.market])
        open_places.remove(least)


def _shares(side: int, base: Decimal, places: Sequence[Place]) -> Mapping[str, Decimal]:
    """Return how much of each place is taken, level by level in the order of their cost."""
    sign = 1 if side == BUY else -1
    offers = sorted(
        (sign * place.marginal(side, price), k, size)
        for k, place in enumerate(places)
        for price, size in place.levels
    )
    met, taken, left = [ZERO] * len(places), [ZERO] * len(places), base
    for _, k, size in offers:
        met[k] += size
        more = places[k].whole_lots(min(met[k], taken[k] + left)) - taken[k]
        taken[k] += more
        left -= more
    return {place.market: amount for place, amount in zip(places, taken, strict=True)}


def _route(side: int, base: Decimal, legs: Iterable[Leg | None]) -> Route:
    found = tuple(leg for leg in legs if leg is not None)
    return Route(side, found, base - sum((leg.base for leg in found), ZERO))


def _unit_cost(route: Route) -> Decimal:
    """Return what a unit costs in all; less is better, for a seller too."""
    return route.total / route.base if route.legs else ZERO


def _unit_price(route: Route) -> Decimal:
    """Return a unit's price alone; less is better, for a seller too."""
    value = sum((leg.value for leg in route.legs), ZERO)
    signed = value if route.side == BUY else -value
    return signed / route.base if route.legs else ZERO
