"""Follow a route to its end: what has traded, what may still trade, and what is to be planned anew.

An order whose end is not proven counts as traded whole and as not traded at all, whichever is
worse: it is neither sent again nor taken for done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from strategies.routing.place import ZERO, Leg, Place
from strategies.routing.route import Policy, Route, plan_route, within


@dataclass(slots=True)
class _Sent:
    """An order on its way."""

    market: str
    base: Decimal
    filled_base: Decimal = ZERO

    @property
    def open_base(self) -> Decimal:
        """What of it may still trade."""
        return self.base - self.filled_base


@dataclass(slots=True)
class Pursuit:
    """A size that is to be bought or sold by taking, until it is done or given up.

    `worst` is the worst price in the reporting currency. A place that has refused is left alone for
    `rest_ns`. Orders are named by whoever sends them.
    """

    side: int
    base: Decimal
    worst: Decimal
    policy: Policy
    rest_ns: int
    filled_base: Decimal = ZERO
    _open: dict[int, _Sent] = field(default_factory=dict)
    _resting_until_ns: dict[str, int] = field(default_factory=dict)

    @property
    def open_base(self) -> Decimal:
        """What may still trade of the orders whose end is not proven."""
        return sum((sent.open_base for sent in self._open.values()), ZERO)

    @property
    def left_base(self) -> Decimal:
        """What is not traded, and asked of no order either."""
        return max(ZERO, self.base - self.filled_base - self.open_base)

    @property
    def is_done(self) -> bool:
        """Whether all has traded."""
        return self.filled_base >= self.base

    def plan(self, places: Sequence[Place], now_ns: int) -> Route:
        """Return what to send now for what is left; a place with an open order is left alone."""
        busy = {sent.market for sent in self._open.values()}
        usable = [
            place
            for place in within(places, self.side, self.worst)
            if place.market not in busy
            and self._resting_until_ns.get(place.market, now_ns) <= now_ns
        ]
        return plan_route(self.side, self.left_base, usable, self.policy)

    def send(self, order: int, leg: Leg) -> None:
        """Note that a leg is being sent. Raises ValueError for a name that is taken, and for more
        than is left."""
        if order in self._open:
            raise ValueError(f"order {order}: expected a new one, it is open")
        if leg.base > self.left_base:
            raise ValueError(f"order {order}: expected at most {self.left_base}, was {leg.base}")
        self._open[order] = _Sent(leg.market, leg.base)

    def fill(self, order: int, base: Decimal) -> None:
        """Note a trade of an order. One of an order that was taken for ended counts as well."""
        self.filled_base += base
        sent = self._open.get(order)
        if sent is not None:
            sent.filled_base += base

    def end(self, order: int, now_ns: int, *, was_refused: bool = False) -> None:
        """Note that nothing of an order can trade any more, as the venue has proven."""
        sent = self._open.pop(order, None)
        if sent is not None and was_refused:
            self._resting_until_ns[sent.market] = now_ns + self.rest_ns

    def waiting(self) -> Iterator[tuple[int, str, Decimal]]:
        """Yield every order whose end is not proven: its name, market, and what may still trade."""
        for order, sent in self._open.items():
            yield order, sent.market, sent.open_base
