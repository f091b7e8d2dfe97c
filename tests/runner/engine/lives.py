"""Be an honest venue on a wire that is not: what is said and asked comes late, twice or never."""

from dataclasses import dataclass, field

from connectors.model.account import ABSENT, Fate, RestingOrder, Standing, Trade
from connectors.model.events import (
    ACCEPTED,
    AMEND_REJECTED,
    AMENDED,
    CANCEL_REJECTED,
    CANCELLED,
    FILLED,
    MAKER,
    OUTCOME_UNKNOWN,
    POST_ONLY,
    REJECTED,
)
from tests.runner.engine.books import Books
from tests.virtual import SetClock

TICKS = 100
Row = tuple[int, ...]


class PassingClock(SetClock):
    """A clock that stands still until somebody waits."""

    async def sleep_until_ns(self, wall_ns: int) -> None:  # type: ignore[override]
        """Let the time pass at once."""
        self.time_ns = max(self.time_ns, wall_ns)


@dataclass(slots=True)
class AtVenue:
    """An order as the venue has it. `end` is the word that ended it; 0: it rests."""

    side: int
    lots: int
    ticks: int
    filled: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Create:
    """A create on its way."""

    client_id: int
    side: int
    lots: int


@dataclass(frozen=True, slots=True)
class Amend:
    """New terms on their way."""

    client_id: int
    ticks: int
    lots: int


Asked = Create | Amend | int
"""What may be on its way to the venue; a number is a cancel of that order."""


@dataclass(slots=True)
class Truth(Books):
    """A venue that keeps its own books. `to_venue` is what was sent, `wire` what it has said."""

    clock: SetClock = field(default_factory=lambda: PassingClock(0))
    orders: dict[int, AtVenue] = field(default_factory=dict)
    sent: dict[int, Create] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)
    to_venue: list[Asked] = field(default_factory=list)
    wire: list[Row] = field(default_factory=list)

    def place(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int = POST_ONLY
    ) -> None:
        """Put a create on its way."""
        assert client_id not in self.sent, f"I8 {client_id} was sent twice"
        create = self.sent[client_id] = Create(client_id, side, lots)
        self.to_venue.append(create)

    def cancel(self, market: str, client_id: int) -> None:
        """Put a cancel on its way; it may overtake its create."""
        self.to_venue.append(client_id)

    def amend(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int = POST_ONLY
    ) -> None:
        """Put new terms on their way."""
        self.to_venue.append(Amend(client_id, ticks, lots))

    def take(self, asked: Asked, is_refused: bool) -> None:
        """Let something arrive."""
        self.to_venue.remove(asked)
        if isinstance(asked, int):
            self._end(asked)
        elif isinstance(asked, Amend):
            self._amend(asked, is_refused)
        elif is_refused:
            self.refused.add(asked.client_id)
            self._say(REJECTED, asked.client_id)
        else:
            self.orders[asked.client_id] = AtVenue(asked.side, asked.lots, TICKS)
            self._say(ACCEPTED, asked.client_id)

    def end(self, client_id: int, word: int) -> None:
        """End an order that rests."""
        self.orders[client_id].end = word
        self._say(word, client_id)

    def trade(self, client_id: int, lots: int) -> None:
        """Let an order trade, whether or not it was said to be over."""
        order = self.orders[client_id]
        lots = min(lots, order.lots - order.filled)
        order.filled += lots
        if order.filled == order.lots and not order.end:
            order.end = FILLED
        trade_id, now_ns = len(self.trades) + 1, self.clock.now_ns()
        self.trades.append(Trade(trade_id, client_id, order.side, TICKS, lots, MAKER, now_ns))
        self._say(FILLED, client_id, lots, trade_id)

    def resting_ids(self) -> list[int]:
        """Return what rests."""
        return [i for i, order in self.orders.items() if not order.end]

    def on_their_way(self) -> list[Create]:
        """Return the creates that may still arrive."""
        return [asked for asked in self.to_venue if isinstance(asked, Create)]

    async def standing(self, market: str) -> Standing:
        """Say the position and what rests."""
        self.resting = tuple(
            RestingOrder(i, self.orders[i].side, TICKS, self.orders[i].lots)
            for i in self.resting_ids()
        )
        return await Books.standing(self, market)

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Say what became of it; absent is only what will never come."""
        order = self.orders.get(client_id)
        if order is not None:
            terms = (order.ticks, order.lots) if not order.end else (0, 0)
            if any(amend.client_id == client_id for amend in self.amends_on_their_way()):
                terms = (0, 0)
            return Fate(order.end or ACCEPTED, order.filled, *terms)
        if client_id in self.refused:
            return Fate(REJECTED, 0)
        may_come = any(create.client_id == client_id for create in self.on_their_way())
        return Fate(OUTCOME_UNKNOWN if may_come else ABSENT, 0)

    def amends_on_their_way(self) -> list[Amend]:
        """Return the amends that may still arrive."""
        return [asked for asked in self.to_venue if isinstance(asked, Amend)]

    def _amend(self, asked: Amend, is_refused: bool) -> None:
        order = self.orders.get(asked.client_id)
        words = (asked.client_id, asked.lots, 0, asked.ticks)
        if order is None or order.end or is_refused:
            self._say(AMEND_REJECTED, *words)
            return
        order.ticks, order.lots = asked.ticks, max(asked.lots, order.filled)
        if order.filled == order.lots:
            order.end = FILLED
        self._say(AMENDED, asked.client_id, order.lots, 0, order.ticks)

    def _end(self, client_id: int) -> None:
        if client_id in self.resting_ids():
            self.end(client_id, CANCELLED)
        elif client_id in self.sent:
            self._say(CANCEL_REJECTED, client_id)

    def _say(
        self, kind: int, client_id: int, lots: int = 0, trade_id: int = 0, ticks: int = TICKS
    ) -> None:
        """Put a row on the wire."""
        side, now_ns = self.sent[client_id].side, self.clock.now_ns()
        self.wire.append((kind, client_id, side, ticks, lots, 0, trade_id, now_ns, now_ns))
