"""Keep what truly happened at the scripted venue, in order, for judges that trust nobody else.

Facts are appended at the moment they happen and never changed. Whoever wants to know how things
stood asks for a moment; `replayed` walks through all of it once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.model.events import BUY

OURS = "ours"
FOREIGN = "foreign"
"""Who sent an order: the runner under test, or somebody else with the same account."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request has arrived at the venue's door, whether or not anybody answers."""

    ns: int
    operation: str
    market: str
    client_id: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """An order rests, or is about to be matched."""

    ns: int
    market: str
    client_id: int
    order_id: int
    side: int
    ticks: int
    lots: int
    owner: str = OURS


@dataclass(frozen=True, slots=True)
class Amended:
    """An order rests on other terms, of `lots` in all; with nothing left open it is over."""

    ns: int
    market: str
    client_id: int
    order_id: int
    side: int
    ticks: int
    lots: int
    open_lots: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An order was refused, or dropped without a word, and never was in the book."""

    ns: int
    market: str
    client_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Traded:
    """A trade of our account. `kind` is `order`, `liquidation`, `adl` or `bust` (taken back).

    A fee of None has not been set yet; `Charged` follows.
    """

    ns: int
    market: str
    trade_id: int
    client_id: int
    order_id: int
    side: int
    ticks: int
    lots: int
    role: int
    fee: Decimal | None
    currency: str
    kind: str = "order"


@dataclass(frozen=True, slots=True)
class Charged:
    """The fee of a former trade is now known."""

    ns: int
    market: str
    trade_id: int
    fee: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An order left the book; `open_lots` of it did not trade."""

    ns: int
    market: str
    client_id: int
    order_id: int
    why: str
    open_lots: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Others' orders in the book: (ticks, lots) by rank, the best first."""

    ns: int
    market: str
    bids: tuple[tuple[int, int], ...]
    asks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody took liquidity down or up to `ticks`: the public tape."""

    ns: int
    market: str
    side: int
    ticks: int
    lots: int


@dataclass(frozen=True, slots=True)
class Paid:
    """Money moved without a trade: `funding` or `transfer`; an id told again corrects it."""

    ns: int
    market: str
    what: str
    payment_id: int | str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A scripted fault took effect. `what` is its name, as scripts spell it."""

    ns: int
    what: str
    market: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What the client may know of a market: `is_sound` False from the moment its feed is wrong."""

    ns: int
    market: str
    is_sound: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """Something about the process under test: `start`, `stop`, `latch`, `kill -9`, `exit N`."""

    ns: int
    what: str


Fact = (
    Request
    | Accepted
    | Amended
    | Refused
    | Traded
    | Charged
    | Ended
    | Shown
    | Taken
    | Paid
    | Fault
    | Feed
    | Moment
)


@dataclass(slots=True)
class Resting:
    """An order in the venue's book. `since_ns` is when it came."""

    market: str
    client_id: int
    order_id: int
    side: int
    ticks: int
    open_lots: int
    owner: str
    since_ns: int


@dataclass(slots=True)
class State:
    """How things stand: orders by (market, order id), positions in lots, books."""

    ns: int = 0
    orders: dict[tuple[str, int], Resting] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    books: dict[str, Shown] = field(default_factory=dict)

    def take(self, fact: Fact) -> None:
        """Follow one fact."""
        self.ns = fact.ns
        match fact:
            case Accepted():
                self.orders[fact.market, fact.order_id] = Resting(
                    fact.market,
                    fact.client_id,
                    fact.order_id,
                    fact.side,
                    fact.ticks,
                    fact.lots,
                    fact.owner,
                    fact.ns,
                )
            case Traded():
                self._trade(fact)
            case Amended():
                self._amend(fact)
            case Ended():
                self.orders.pop((fact.market, fact.order_id), None)
            case Shown():
                self.books[fact.market] = fact
            case _:
                pass

    def worst_case_lots(self, market: str, side: int) -> int:
        """Return the position towards a side if every order of ours there trades in full."""
        position = self.positions.get(market, 0)
        signed = position if side == BUY else -position
        return signed + sum(o.open_lots for o in self.ours(market) if o.side == side)

    def ours(self, market: str | None = None) -> list[Resting]:
        """Return the resting orders that the runner under test has sent."""
        return [
            order
            for order in self.orders.values()
            if order.owner == OURS and market in (None, order.market)
        ]

    def _amend(self, fact: Amended) -> None:
        key = (fact.market, fact.order_id)
        order = self.orders.get(key)
        if order is None:
            return
        order.ticks, order.open_lots = fact.ticks, fact.open_lots
        if order.open_lots <= 0:
            del self.orders[key]

    def _trade(self, fact: Traded) -> None:
        signed = fact.lots if fact.side == BUY else -fact.lots
        self.positions[fact.market] = self.positions.get(fact.market, 0) + signed
        key = (fact.market, fact.order_id)
        order = self.orders.get(key)
        if order is None or fact.kind != "order":
            return
        order.open_lots -= fact.lots
        if order.open_lots <= 0:
            del self.orders[key]


class Truth:
    """The log. `listen` adds who is told of each fact as it is appended."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.now = State()
        self._listeners: list[Callable[[Fact], None]] = []

    def tell(self, fact: Fact) -> None:
        """Append a fact."""
        self.facts.append(fact)
        self.now.take(fact)
        for listener in self._listeners:
            listener(fact)

    def listen(self, listener: Callable[[Fact], None]) -> None:
        """Tell `listener` every fact from now on."""
        self._listeners.append(listener)

    def replayed(self) -> Iterator[tuple[Fact, State]]:
        """Yield every fact with the state just after it. The state is one object that changes."""
        state = State()
        for fact in self.facts:
            state.take(fact)
            yield fact, state

    def state(self, at_ns: int) -> State:
        """Return how things stood after everything that happened up to a moment."""
        state = State()
        for fact in self.facts:
            if fact.ns > at_ns:
                break
            state.take(fact)
        return state

    def open_orders(self, at_ns: int) -> list[Resting]:
        """Return what rested at a moment."""
        return list(self.state(at_ns).orders.values())

    def position(self, market: str, at_ns: int) -> int:
        """Return a position at a moment, in lots."""
        return self.state(at_ns).positions.get(market, 0)

    def book(self, market: str, at_ns: int) -> Shown | None:
        """Return the book of others at a moment; None before the first."""
        return self.state(at_ns).books.get(market)

    def trades(self, market: str | None = None) -> list[Traded]:
        """Return every trade of our account, takebacks included."""
        return [f for f in self.facts if isinstance(f, Traded) and market in (None, f.market)]

    def times(self, what: str, market: str | None = None) -> int:
        """Return how often a fault took effect."""
        found = (f for f in self.facts if isinstance(f, Fault) and f.what == what)
        return sum(market in (None, f.market) for f in found)
