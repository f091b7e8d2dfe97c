"""Whatever arrives late, twice, in any order or never, and wherever a crash falls in between.

The venue here is honest and its wire is not. I3: what the ledger calls over is over at the venue.
I4: each trade is booked once, and none is made up. I6: fills add up and never go back. I7: what the
outbox counts covers what may still become true. I8: a slot has one order at the venue.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from connectors.model.account import ABSENT, Fate, Trade
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    FILLED,
    MAKER,
    OUTCOME_UNKNOWN,
    REJECTED,
    SELL,
    AccountRows,
)
from connectors.model.orders import SLOTS
from runner.engine.ledger.states import Life, State, advance
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter
from runner.engine.level import level
from runner.engine.outbox import LedgerOutbox, Open
from tests.runner.engine.books import Books, LaterWriter, outbox_on
from tests.runner.engine.ledger.made import ACCOUNT, MARKET, TERMS, order_row, rows
from tests.virtual import SetClock

NOW_NS = 1_000
picks = st.integers(0, 1000)


@dataclass
class AtVenue:
    """An order as the venue has it."""

    side: int
    lots: int
    filled: int = 0
    is_open: bool = True


@dataclass(slots=True)
class Truth(Books):
    """A venue that keeps its own books, and puts what it says on a wire that nobody reads yet."""

    orders: dict[int, AtVenue] = field(default_factory=dict)
    wire: list[tuple[int, ...]] = field(default_factory=list)
    loses_next: bool = False
    raises_next: bool = False

    def place(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int = 0
    ) -> None:
        """Take the order, unless it is lost on its way; either may look like a fault."""
        if self.loses_next:
            self.loses_next = False
        else:
            assert client_id not in self.orders
            self.orders[client_id] = AtVenue(side, lots)
            self.say(ACCEPTED, client_id)
        self._fail()

    def cancel(self, market: str, client_id: int) -> None:
        """End the order if it rests."""
        order = self.orders.get(client_id)
        if order is not None and order.is_open:
            order.is_open = False
            self.say(CANCELLED, client_id)
        self._fail()

    def _fail(self) -> None:
        if self.raises_next:
            self.raises_next = False
            raise ValueError("a fault of the adapter")

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Say what became of it."""
        order = self.orders.get(client_id)
        if order is None:
            return Fate(ABSENT, 0)
        ended = FILLED if order.filled == order.lots else CANCELLED
        return Fate(ACCEPTED if order.is_open else ended, order.filled)

    def trade(self, client_id: int, lots: int) -> None:
        """Let an order trade."""
        order = self.orders[client_id]
        lots = min(lots, order.lots - order.filled)
        order.filled += lots
        order.is_open = order.filled < order.lots
        trade_id = len(self.trades) + 1
        self.trades.append(Trade(trade_id, client_id, order.side, 100, lots, MAKER, NOW_NS))
        self.say(FILLED, client_id, lots, trade_id)

    def say(self, kind: int, client_id: int, lots: int = 0, trade_id: int = 0) -> None:
        """Put a row on the wire."""
        side = self.orders[client_id].side
        self.wire.append((kind, client_id, side, 100, lots, 0, trade_id, NOW_NS, NOW_NS))


class OutboxLives(RuleBasedStateMachine):
    """One market's outbox on a real ledger; commits, words and crashes come when they like."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = SetClock(NOW_NS)
        self.store = Store(None, {MARKET: TERMS})
        self.venue = Truth()
        self.sequence = 0
        self.most_filled: dict[int, int] = {}
        self._connect(0, 0)

    def _connect(self, position_lots: int, cursor: int) -> None:
        self.writer = LaterWriter(DirectWriter(self.store, self.clock))
        self.outbox: LedgerOutbox = outbox_on(self.venue, self.writer, self.clock, cursor)
        self.outbox.position_lots = position_lots

    @rule(slot=st.integers(0, 2), side=st.sampled_from((BUY, SELL)), lots=st.integers(1, 5))
    def place(self, slot: int, side: int, lots: int) -> None:
        if any(client_id % SLOTS == slot for client_id in self.outbox.orders):
            return
        self.sequence += 1
        self.outbox.place(self.sequence * SLOTS + slot, side, 100, lots)

    @rule(is_lost=st.booleans(), raises=st.booleans())
    def commit(self, is_lost: bool, raises: bool) -> None:
        self.venue.loses_next, self.venue.raises_next = is_lost, raises
        self.writer.commit()
        self.venue.raises_next = False

    @precondition(lambda self: self.outbox.orders)
    @rule(pick=picks, raises=st.booleans())
    def cancel(self, pick: int, raises: bool) -> None:
        self.venue.raises_next = raises
        self.outbox.cancel(self._pick(sorted(self.outbox.orders), pick))
        self.venue.raises_next = False

    @precondition(lambda self: any(o.is_open for o in self.venue.orders.values()))
    @rule(pick=picks, lots=st.integers(1, 5))
    def trade(self, pick: int, lots: int) -> None:
        resting = [i for i, order in self.venue.orders.items() if order.is_open]
        self.venue.trade(self._pick(resting, pick), lots)

    @precondition(lambda self: self.outbox.orders)
    @rule(pick=picks)
    def no_answer(self, pick: int) -> None:
        client_id = self._pick(sorted(self.outbox.orders), pick)
        self._tell((OUTCOME_UNKNOWN, client_id, BUY, 100, 0, 0, 0, NOW_NS, NOW_NS))

    @precondition(lambda self: self.venue.wire)
    @rule(pick=picks, again=st.booleans())
    def deliver(self, pick: int, again: bool) -> None:
        """Deliver any row of the wire, and perhaps keep it to deliver it again."""
        row = self._pick(self.venue.wire, pick)
        if not again:
            self.venue.wire.remove(row)
        self._tell(row)

    @precondition(lambda self: self.venue.wire)
    @rule(pick=picks)
    def lose(self, pick: int) -> None:
        self.venue.wire.remove(self._pick(self.venue.wire, pick))

    @rule()
    def read_trades(self) -> None:
        """Book what the stream has not told, as the reconciler does."""
        for trade in self.venue.trades:
            if not self.outbox.has_seen(trade):
                self.outbox.deliver_trade(trade)

    @rule()
    def crash_and_start(self) -> None:
        """Lose what was not committed and every connection; begin from the venue's truth."""
        self.store.rollback()
        self.most_filled.clear()
        for client_id in self.venue.orders:
            self.venue.cancel(MARKET, client_id)
        self.venue.wire.clear()
        found = asyncio.run(
            level(MARKET, self.venue, self.store, self.clock, lambda now_ns, market, text: None)
        )
        assert found.open_orders == {}
        assert self.store.open_orders(MARKET) == ()
        assert rows(self.store, "adjustments") == []
        self._connect(found.standing.position_lots, found.standing.last_trade_id)
        assert self._booked() == self._traded()

    @staticmethod
    def _pick(found: Any, pick: int) -> Any:
        return found[pick % len(found)]

    def _tell(self, row: tuple[int, ...]) -> None:
        account = AccountRows()
        account.add(*row)
        self.outbox.take(account)

    def _booked(self) -> Counter[tuple[int, int, int, int]]:
        keys = ("trade_id", "client_id", "side", "lots")
        return Counter(tuple(row[k] for k in keys) for row in rows(self.store, "fills"))

    def _traded(self) -> Counter[tuple[int, int, int, int]]:
        return Counter((t.trade_id, t.client_id, t.side, t.lots) for t in self.venue.trades)

    @invariant()
    def what_is_over_is_over_at_the_venue(self) -> None:
        for client_id, order in self.venue.orders.items():
            if order.is_open:
                assert order_row(self.store, client_id)["state"] != State.DONE
                assert client_id in self.outbox.orders

    @invariant()
    def trades_are_booked_once_and_none_is_made_up(self) -> None:
        assert self._booked() <= self._traded()
        signed = sum(t[3] if t[2] == BUY else -t[3] for t in self._booked())
        assert self.store.position_lots(MARKET, ACCOUNT) == signed == self.outbox.position_lots

    @invariant()
    def fills_add_up_and_never_go_back(self) -> None:
        booked: Counter[int] = Counter()
        for _, client_id, _, lots in self._booked():
            booked[client_id] += lots
        for row in rows(self.store, "orders"):
            client_id, filled = row["client_id"], row["filled_lots"]
            assert self.most_filled.get(client_id, 0) <= filled == booked[client_id] <= row["lots"]
            self.most_filled[client_id] = filled

    @invariant()
    def what_is_counted_covers_what_may_become_true(self) -> None:
        position = sum(t.lots if t.side == BUY else -t.lots for t in self.venue.trades)
        for side, sign in ((BUY, 1), (SELL, -1)):
            resting = sum(
                order.lots - order.filled
                for order in self.venue.orders.values()
                if order.is_open and order.side == side
            )
            # A trade of an order that was heard to be over first cannot be counted before it comes.
            unheard = sum(
                t.lots
                for t in self.venue.trades
                if t.side == side and not self.outbox.has_seen(t) and not self._is_open(t)
            )
            counted = sign * self.outbox.position_lots + self.outbox.exposed_lots[side]
            assert sign * position + resting <= counted + unheard

    def _is_open(self, trade: Trade) -> bool:
        return trade.client_id in self.outbox.orders

    @invariant()
    def a_slot_has_one_order_at_the_venue(self) -> None:
        taken = [i % SLOTS for i, order in self.venue.orders.items() if order.is_open]
        assert len(taken) == len(set(taken))

    def teardown(self) -> None:
        self.store.close()


TestOutboxLives = OutboxLives.TestCase


def _forgets_the_unknown(order: Open) -> int:
    is_sure = order.life.state not in (State.UNKNOWN, State.DONE)
    return order.life.lots - order.life.filled_lots if is_sure else 0


def _silence_ends(life: Life, word: int, lots: int = 0) -> Life:
    return advance(life, ABSENT if word == OUTCOME_UNKNOWN else word, lots)


def _never_sent(outbox: LedgerOutbox, client_id: int) -> None:
    if client_id in outbox.orders:
        outbox.deliver_word(client_id, REJECTED, REJECTED)


@pytest.mark.parametrize(
    ("place", "bug"),
    [
        ("Open.open_lots", property(_forgets_the_unknown)),
        ("advance", _silence_ends),
        ("LedgerOutbox._doubt", _never_sent),
    ],
    ids=["what is unknown is not counted", "silence ends an order", "a fault proves absence"],
)
def test_a_planted_bug_is_noticed(monkeypatch: pytest.MonkeyPatch, place: str, bug: object) -> None:
    monkeypatch.setattr(f"runner.engine.outbox.{place}", bug)
    quick = settings(phases=[Phase.generate], max_examples=1000, database=None)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(OutboxLives, settings=quick)
