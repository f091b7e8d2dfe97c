"""Hold resting orders by price, then by time. Ticks and lots are integers."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Rests(Protocol):
    """What the book needs of an order."""

    is_ask: bool
    ticks: int
    open_lots: int


Order = TypeVar("Order", bound=Rests)


class Side(Generic[Order]):
    """One side: queues by price, the best price first."""

    def __init__(self, is_ask: bool) -> None:
        self._sign = 1 if is_ask else -1
        self._ranks: list[int] = []
        self._queues: dict[int, list[Order]] = {}

    @property
    def best_ticks(self) -> int | None:
        """Return the best price; None where the side is empty."""
        return self._sign * self._ranks[0] if self._ranks else None

    def add(self, order: Order) -> None:
        """Put an order behind all others of its price."""
        queue = self._queues.get(order.ticks)
        if queue is None:
            queue = self._queues[order.ticks] = []
            insort(self._ranks, self._sign * order.ticks)
        queue.append(order)

    def remove(self, order: Order) -> None:
        """Take an order out."""
        queue = self._queues[order.ticks]
        queue.remove(order)
        if not queue:
            del self._queues[order.ticks]
            del self._ranks[bisect_left(self._ranks, self._sign * order.ticks)]

    def lots(self, ticks: int) -> int:
        """Return what rests at a price."""
        return sum(order.open_lots for order in self._queues.get(ticks, ()))

    def levels(self, depth: int | None = None) -> list[tuple[int, int]]:
        """Return (ticks, lots) by rank."""
        return [(self._sign * r, self.lots(self._sign * r)) for r in self._ranks[:depth]]

    def orders(self) -> Iterator[Order]:
        """Yield all orders, the next to trade first."""
        for rank in self._ranks:
            yield from self._queues[self._sign * rank]

    def first(self, limit_ticks: int) -> Order | None:
        """Return the order that trades next with a taker whose limit this is."""
        if not self._ranks or self._ranks[0] > self._sign * limit_ticks:
            return None
        return self._queues[self._sign * self._ranks[0]][0]


class Book(Generic[Order]):
    """Both sides, and the prices that have changed since somebody looked."""

    def __init__(self) -> None:
        self.bids: Side[Order] = Side(is_ask=False)
        self.asks: Side[Order] = Side(is_ask=True)
        self._touched: set[tuple[bool, int]] = set()

    def side(self, is_ask: bool) -> Side[Order]:
        """Return a side."""
        return self.asks if is_ask else self.bids

    def add(self, order: Order) -> None:
        """Let an order rest."""
        self.side(order.is_ask).add(order)
        self.touch(order)

    def remove(self, order: Order) -> None:
        """Take an order out."""
        self.side(order.is_ask).remove(order)
        self.touch(order)

    def touch(self, order: Order) -> None:
        """Note that the size at an order's price changes."""
        self._touched.add((order.is_ask, order.ticks))

    def changes(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Return bids and asks that have changed since the last call as (ticks, lots now)."""
        touched, self._touched = sorted(self._touched), set()
        bids = [(t, self.bids.lots(t)) for is_ask, t in reversed(touched) if not is_ask]
        return bids, [(t, self.asks.lots(t)) for is_ask, t in touched if is_ask]

    def crosses(self, is_ask: bool, ticks: int) -> bool:
        """Tell whether an order at this price would trade at once."""
        best = self.side(not is_ask).best_ticks
        return best is not None and (ticks <= best if is_ask else ticks >= best)
