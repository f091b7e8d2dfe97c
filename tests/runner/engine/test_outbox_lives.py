"""Whatever arrives late, twice, in any order or never, and wherever a crash falls in between.

The venue here is honest and its wire is not. After every step: I3, what the ledger calls over was
ended by what it names; I4, each trade is booked once and none is made up; I6, fills add up, never
go back, and what is over stays over; I7, what is counted covers what may still become true, and
that stays inside the limit; I8, a slot has one order, sent once.
"""

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from connectors.model import orders as working
from connectors.model.account import ABSENT, Trade
from connectors.model.events import (
    AMEND_REJECTED,
    AMENDED,
    BUY,
    EXPIRED,
    FILLED,
    OUTCOME_UNKNOWN,
    SELL,
    AccountRows,
)
from connectors.model.orders import (
    FREE,
    ID_STRIDE,
    LIVE,
    PARTIAL,
    SETTLED,
    SIDE_SLOTS,
    SLOTS,
    Orders,
)
from runner.engine.ledger.states import ENDS, NEVER_SENT, Life, State, advance
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter
from runner.engine.level import level
from runner.engine.open_order import Open
from runner.engine.outbox import LedgerOutbox
from runner.engine.reconcile import Reconciler
from tests.runner.engine.books import LaterWriter
from tests.runner.engine.ledger.made import ACCOUNT, MARKET, TERMS, rows
from tests.runner.engine.lives import TICKS, Asked, Create, PassingClock, Row, Truth

S = 1_000_000_000
MOST_LOTS = 8
SIGNS = ((BUY, 1), (SELL, -1))
TERMS_TOLD = (AMENDED, AMEND_REJECTED)
picks = st.integers(0, 1000)


class OutboxLives(RuleBasedStateMachine):
    """One market's worker, outbox, reconciler and ledger; commits, words and crashes come at will.

    `is_held` is what a station does while it recovers: nothing is placed until all is proven.
    """

    def __init__(self) -> None:
        super().__init__()
        self.clock = PassingClock(1_000 * S)
        self.store = Store(None, {MARKET: TERMS})
        self.venue = Truth(clock=self.clock)
        self.sequence = 0
        self.ticks = TICKS
        self.most_filled: dict[int, int] = {}
        self.over: set[int] = set()
        self.late: dict[int, Trade] = {}
        self._connect(0, 0, {})

    def _connect(self, position_lots: int, cursor: int, left: dict[int, Open]) -> None:
        self.writer = LaterWriter(DirectWriter(self.store, self.clock))
        self.outbox = LedgerOutbox(
            market=MARKET,
            account=ACCOUNT,
            venue=self.venue,
            writer=self.writer,
            clock=self.clock,
            position_lots=position_lots,
            cursor=cursor,
            warn=lambda *words: None,
            gate=self._gate,
            orders=left,
        )
        self.reconciler = Reconciler(
            self.outbox, self.venue, self.writer, self.clock, lambda *words: None, 0
        )
        self.working = Orders()
        self.is_held = bool(left)

    def _gate(self, side: int, lots: int, now_ns: int) -> str | None:
        return "too much" if self._counted(side) + lots > MOST_LOTS else None

    def _counted(self, side: int) -> int:
        position = self.outbox.position_lots
        return (position if side == BUY else -position) + self.outbox.exposed_lots[side]

    @rule(number=st.integers(0, 2), side=st.sampled_from((BUY, SELL)), lots=st.integers(1, 5))
    def place(self, number: int, side: int, lots: int) -> None:
        slot = side * SIDE_SLOTS + number
        if self.is_held or self.working.status[slot] != FREE:
            return
        self.sequence += 1
        client_id = self.sequence * ID_STRIDE + slot
        working.begin(self.working, client_id, side, TICKS, lots, 0)
        self.outbox.place(client_id, side, TICKS, lots)

    @precondition(lambda self: self._amendable())
    @rule(pick=picks, lots=st.integers(1, 7))
    def amend(self, pick: int, lots: int) -> None:
        """Ask for terms that nobody has asked for before; smaller than what has filled, too."""
        slot = self._pick(self._amendable(), pick)
        self.ticks += 1
        client_id = self.working.client_id[slot]
        side = self.outbox.orders[client_id].side if client_id in self.outbox.orders else BUY
        working.begin_amend(self.working, client_id, self.ticks, lots, 0)
        self.outbox.amend(client_id, side, self.ticks, lots)

    def _amendable(self) -> list[int]:
        """Return the slots of orders that rest on known terms."""
        if self.is_held:
            return []
        rests, terms = self.working.status, self.working.terms
        return [s for s in range(SLOTS) if rests[s] in (LIVE, PARTIAL) and terms[s] == SETTLED]

    @rule()
    def commit(self) -> None:
        self.writer.commit()

    @precondition(lambda self: self.outbox.orders)
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        client_id = self._pick(sorted(self.outbox.orders), pick)
        working.begin_cancel(self.working, client_id)
        self.outbox.cancel(client_id)

    @precondition(lambda self: self.venue.to_venue)
    @rule(pick=picks, fate=st.sampled_from(("taken", "taken", "refused", "lost")))
    def arrive(self, pick: int, fate: str) -> None:
        """Let what was sent arrive, in any order, or never."""
        asked = self._pick(self.venue.to_venue, pick)
        if fate == "lost":
            self.venue.to_venue.remove(asked)
        else:
            self.venue.take(asked, fate == "refused")
            self._judge_limit(asked)

    @precondition(lambda self: self.venue.resting_ids())
    @rule(pick=picks)
    def expire(self, pick: int) -> None:
        self.venue.end(self._pick(self.venue.resting_ids(), pick), EXPIRED)

    @precondition(lambda self: any(o.filled < o.lots for o in self.venue.orders.values()))
    @rule(pick=picks, lots=st.integers(1, 5))
    def trade(self, pick: int, lots: int) -> None:
        """Let an order trade in part or in full, also one that has been called over."""
        found = [i for i, order in self.venue.orders.items() if order.filled < order.lots]
        self.venue.trade(self._pick(found, pick), lots)

    @precondition(lambda self: self.outbox.orders)
    @rule(pick=picks)
    def no_answer(self, pick: int) -> None:
        client_id = self._pick(sorted(self.outbox.orders), pick)
        now_ns = self.clock.now_ns()
        self._tell((OUTCOME_UNKNOWN, client_id, BUY, TICKS, 0, 0, 0, now_ns, now_ns))

    @precondition(lambda self: self.venue.wire)
    @rule(pick=picks, again=st.booleans())
    def deliver(self, pick: int, again: bool) -> None:
        """Deliver any row of the wire, and perhaps keep it to deliver it again."""
        row = self._pick(self.venue.wire, pick)
        if row[0] in TERMS_TOLD:
            # Terms come in their order, each once.
            row = next(r for r in self.venue.wire if r[0] in TERMS_TOLD and r[1] == row[1])
            again = False
        if not again:
            self.venue.wire.remove(row)
        self._tell(row)

    @precondition(lambda self: self.venue.wire)
    @rule(pick=picks)
    def lose(self, pick: int) -> None:
        self.venue.wire.remove(self._pick(self.venue.wire, pick))

    @rule(seconds=st.integers(0, 12))
    def look(self, seconds: int) -> None:
        """Compare in passing, as a market does that quotes."""
        self.clock.time_ns += seconds * S
        asyncio.run(self.reconciler.look())
        self._tell()

    @rule(seconds=st.integers(0, 4))
    def recover(self, seconds: int) -> None:
        """Compare closely, as a market does that is held; it is let go once all is proven."""
        self.clock.time_ns += seconds * S
        self.is_held = True
        self.outbox.withdraw()
        standing = asyncio.run(self.reconciler.look_closely(self.clock.now_ns()))
        self._tell()
        if standing is not None:
            self.is_held = False
            assert self._booked() == self._traded(), "I4 a trade is missing after a recovery"
            assert not self.venue.resting_ids(), "I3 an order rests after a recovery"

    @rule()
    def crash_and_start(self) -> None:
        """Lose what was not committed, what was said, and every connection; begin anew."""
        self.store.rollback()
        self.most_filled.clear()
        self.over.clear()
        self.venue.wire.clear()
        found = asyncio.run(level(MARKET, self.venue, self.store, self.clock, lambda *words: None))
        assert self._booked() == self._traded(), "I4 a trade is missing after a start"
        standing = found.standing
        self._connect(standing.position_lots, standing.last_trade_id, found.open_orders)

    @staticmethod
    def _pick(found: Any, pick: int) -> Any:
        return found[pick % len(found)]

    def _tell(self, *told: Row) -> None:
        """Give rows to the outbox, and what it lets through to the worker's orders."""
        account = AccountRows()
        for row in told:
            account.add(*row)
        passed = self.outbox.take(account)
        for k in range(len(passed)):
            row = passed.kind[k], passed.client_id[k], passed.side[k], passed.ticks[k]
            working.apply(self.working, *row, passed.lots[k], passed.code[k], 0)

    def _booked(self) -> Counter[tuple[int, int, int, int]]:
        keys = ("trade_id", "client_id", "side", "lots")
        return Counter(tuple(row[k] for k in keys) for row in rows(self.store, "fills"))

    def _traded(self) -> Counter[tuple[int, int, int, int]]:
        return Counter((t.trade_id, t.client_id, t.side, t.lots) for t in self.venue.trades)

    def _worst(self, side: int, sign: int) -> int:
        """Return what may become true of a side, at most."""
        position = sum(t.lots if t.side == BUY else -t.lots for t in self.venue.trades)
        resting = [self.venue.orders[i] for i in self.venue.resting_ids()]
        may_trade = sum(o.lots - o.filled for o in resting if o.side == side)
        coming = sum(c.lots for c in self.venue.on_their_way() if c.side == side)
        for amend in self.venue.amends_on_their_way():
            order = self.venue.orders[amend.client_id]
            if order.side == side and not order.end:
                coming += max(0, amend.lots - order.lots)
        return sign * position + may_trade + coming

    def _judge_limit(self, asked: Asked) -> None:
        """Hold a create that arrives to the limit, but for trades that nobody could count on.

        One of an order that was heard to be over cannot be counted before it comes.
        """
        if isinstance(asked, Create):
            late = sum(t.lots for t in self.late.values() if t.side == asked.side)
            worst = self._worst(asked.side, 1 if asked.side == BUY else -1)
            assert worst <= MOST_LOTS + late, "I7 more than is allowed"

    @invariant()
    def i3_what_is_over_was_ended_by_what_is_named(self) -> None:
        coming = {create.client_id for create in self.venue.on_their_way()}
        assert coming <= self.outbox.orders.keys(), "I3 it may come and is not open"
        for row in rows(self.store, "orders"):
            client_id, evidence = row["client_id"], row["evidence"]
            order = self.venue.orders.get(client_id)
            is_over = order is not None and order.end
            if evidence == NEVER_SENT:
                assert client_id not in self.venue.sent, "I3 it was sent"
            elif evidence == ENDS[ABSENT]:
                assert order is None, "I3 it was not absent"
                assert client_id not in coming, "I3 it may still come"
            elif row["state"] == State.DONE:
                assert is_over or client_id in self.venue.refused, f"I3 not over: {evidence}"
            if order is not None and not order.end:
                assert client_id in self.outbox.orders, "I3 it rests and is not open"

    @invariant()
    def i4_trades_are_booked_once_and_none_is_made_up(self) -> None:
        booked = self._booked()
        assert booked <= self._traded(), "I4 booked what was not traded"
        assert rows(self.store, "adjustments") == [], "I4 a position was adjusted"
        signed = sum(t[3] if t[2] == BUY else -t[3] for t in booked)
        position = self.store.position_lots(MARKET, ACCOUNT)
        assert position == signed == self.outbox.position_lots, "I4 positions differ"

    @invariant()
    def i6_fills_add_up_and_what_is_over_stays_over(self) -> None:
        booked: Counter[int] = Counter()
        for _, client_id, _, lots in self._booked():
            booked[client_id] += lots
        for row in rows(self.store, "orders"):
            client_id, filled = row["client_id"], row["filled_lots"]
            assert filled == booked[client_id], "I6 filled is not the sum of fills"
            assert self.most_filled.get(client_id, 0) <= filled <= row["lots"], "I6 out of range"
            self.most_filled[client_id] = filled
            if row["state"] == State.DONE:
                self.over.add(client_id)
            assert row["state"] == State.DONE or client_id not in self.over, "I6 opened again"

    @invariant()
    def i7_what_is_counted_covers_what_may_become_true(self) -> None:
        for trade in self.venue.trades:
            if not self.outbox.has_seen(trade) and trade.client_id not in self.outbox.orders:
                self.late.setdefault(trade.trade_id, trade)
        for side, sign in SIGNS:
            unheard = sum(
                t.lots for t in self.late.values() if t.side == side and not self.outbox.has_seen(t)
            )
            assert self._worst(side, sign) <= self._counted(side) + unheard, "I7 not counted"

    @invariant()
    def i8_a_slot_has_one_order(self) -> None:
        coming = [create.client_id for create in self.venue.on_their_way()]
        at_venue = [i % SLOTS for i in (*self.venue.resting_ids(), *coming)]
        assert len(at_venue) == len(set(at_venue)), "I8 two orders of a slot at the venue"
        ours = [i % SLOTS for i in self.outbox.orders]
        assert len(ours) == len(set(ours)), "I8 two orders of a slot in the books"

    def teardown(self) -> None:
        self.store.close()


TestOutboxLives = OutboxLives.TestCase


def _forgets_the_unknown(order: Open) -> int:
    is_sure = order.life.state not in (State.UNKNOWN, State.DONE)
    return order.life.lots - order.life.filled_lots if is_sure else 0


def _not_known_is_not_there(look: Reconciler, client_id: int, state: State, kind: int) -> None:
    honest_tell(look, client_id, state, ABSENT if kind == OUTCOME_UNKNOWN else kind)


def _a_fill_needs_an_ack(life: Life, word: int, lots: int = 0, ticks: int = 0) -> Life:
    is_early = word == FILLED and life.state not in (State.LIVE, State.PARTIAL)
    return life if is_early else advance(life, word, lots, ticks)


def _every_word_is_news(outbox: LedgerOutbox, trade: Trade) -> bool:
    return False


def _the_unknown_frees_its_slot(orders: Orders, kind: int, client_id: int, *rest: int) -> None:
    honest(orders, EXPIRED if kind == OUTCOME_UNKNOWN else kind, client_id, *rest)


honest = working.apply
honest_tell = Reconciler._tell


@pytest.mark.parametrize(
    ("place", "bug", "law"),
    [
        ("runner.engine.reconcile.Reconciler._tell", _not_known_is_not_there, "I3"),
        ("runner.engine.outbox.LedgerOutbox.has_seen", _every_word_is_news, "I[34]"),
        ("runner.engine.ledger.lives.advance", _a_fill_needs_an_ack, "I6"),
        ("runner.engine.open_order.Open.open_lots", property(_forgets_the_unknown), "I7"),
        ("connectors.model.orders.apply", _the_unknown_frees_its_slot, "I8"),
    ],
    ids=[
        *("I3 not known", "I4 told twice", "I6 early fills lost", "I7 forgotten", "I8 freed"),
    ],
)
def test_a_planted_bug_breaks_its_law(
    monkeypatch: pytest.MonkeyPatch, place: str, bug: object, law: str
) -> None:
    monkeypatch.setattr(place, bug)
    quick = settings(
        phases=[Phase.generate],
        max_examples=1000,
        database=None,
        deadline=None,
        derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with pytest.raises(AssertionError, match=f"^{law} "):
        run_state_machine_as_test(OutboxLives, settings=quick)
