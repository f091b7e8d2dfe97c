"""Whatever is said in whatever order: an order ends on proof alone, stays ended, and adds up."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from connectors.model.account import ABSENT
from connectors.model.events import (
    ACCEPTED,
    CANCEL_REJECTED,
    CANCELLED,
    EXPIRED,
    OUTCOME_UNKNOWN,
    REJECTED,
)
from runner.engine.ledger.entries import Fill, Intent, Sent, Terms, Word
from runner.engine.ledger.states import (
    CANCEL_ASKED,
    ENDS,
    NEVER_SENT,
    TURNED_AWAY,
    WITHHELD,
    State,
)
from runner.engine.ledger.store import Store
from tests.runner.engine.ledger.made import ACCOUNT, MARKET, TERMS, order_row, trade

SIZE = 10
ENDING = (REJECTED, CANCELLED, EXPIRED, ABSENT)
HARMLESS = (ACCEPTED, CANCEL_REJECTED, OUTCOME_UNKNOWN, CANCEL_ASKED)
slots = st.integers(0, 3)


class OrderLives(RuleBasedStateMachine):
    """Four slots of one market, in a real ledger; the venue says anything about any order.

    A new order takes a slot only once the ledger says that the former one is over, as in a desk.
    """

    def __init__(self) -> None:
        super().__init__()
        terms: dict[str, Terms] = {MARKET: TERMS}
        self.store = Store(None, terms)
        self.sequence = 0
        self.at: dict[int, int] = {}
        self.ended: dict[int, str] = {}
        self.proofs: dict[int, set[str]] = {}
        self.filled: dict[int, int] = {}
        self.told: list[Fill] = []
        self.was_sent: set[int] = set()

    def _state(self, client_id: int) -> State:
        return State(order_row(self.store, client_id)["state"])

    @rule(slot=slots)
    def intend(self, slot: int) -> None:
        if slot in self.at and self._state(self.at[slot]) is not State.DONE:
            return
        self.sequence += 1
        client_id = self.sequence * 4 + slot
        self.store.apply(Intent(MARKET, client_id, 0, 100, SIZE, self.sequence))
        self.at[slot] = client_id
        self.proofs[client_id] = set()
        self.filled[client_id] = 0

    @precondition(lambda self: self.at)
    @rule(pick=slots)
    def send(self, pick: int) -> None:
        client_id = self._pick(pick)
        if self._state(client_id) is State.INTENT:
            self.was_sent.add(client_id)
        self.store.apply(Sent(MARKET, client_id, 1, 2))

    @precondition(lambda self: self.at)
    @rule(pick=slots)
    def withhold(self, pick: int) -> None:
        client_id = self._pick(pick)
        if self._state(client_id) is State.INTENT:
            self.proofs[client_id].add(NEVER_SENT)
        self.store.apply(Word(MARKET, client_id, WITHHELD, 0, 3))

    @precondition(lambda self: self.at)
    @rule(pick=slots, word=st.sampled_from(HARMLESS))
    def say(self, pick: int, word: int) -> None:
        self.store.apply(Word(MARKET, self._pick(pick), word, 0, 4))

    @precondition(lambda self: self.at)
    @rule(pick=slots, word=st.sampled_from(ENDING))
    def end(self, pick: int, word: int) -> None:
        client_id = self._pick(pick)
        rested = self.filled[client_id] or self._state(client_id) in (State.LIVE, State.PARTIAL)
        self.proofs[client_id].add(TURNED_AWAY if word == REJECTED and rested else ENDS[word])
        self.store.apply(Word(MARKET, client_id, word, 0, 5))

    @precondition(lambda self: self.at)
    @rule(pick=st.integers(0, 1000), lots=st.integers(1, 4))
    def fill(self, pick: int, lots: int) -> None:
        """Any order of the past may trade, up to its size: late fills are fills."""
        client_id = sorted(self.filled)[pick % len(self.filled)]
        lots = min(lots, SIZE - self.filled[client_id])
        if lots == 0:
            return
        self.filled[client_id] += lots
        if self.filled[client_id] == SIZE:
            self.proofs[client_id].add("filled in full")
        done = trade(len(self.told) + 1, client_id, lots=lots)
        self.told.append(Fill(MARKET, ACCOUNT, done, 6, "stream"))
        self.store.apply(self.told[-1])

    @precondition(lambda self: self.told)
    @rule(pick=st.integers(0, 1000))
    def tell_again(self, pick: int) -> None:
        self.store.apply(self.told[pick % len(self.told)])

    def _pick(self, pick: int) -> int:
        slots_in_use = sorted(self.at)
        return self.at[slots_in_use[pick % len(slots_in_use)]]

    @invariant()
    def an_end_has_its_proof_and_lasts(self) -> None:
        """I3 and I6: DONE carries what was said, and absorbs."""
        for client_id in self.filled:
            row = order_row(self.store, client_id)
            if client_id in self.ended:
                assert (row["state"], row["evidence"]) == (State.DONE, self.ended[client_id])
            elif row["state"] == State.DONE:
                assert row["evidence"] in self.proofs[client_id]
                assert (client_id in self.was_sent) or row["evidence"] != ""
                self.ended[client_id] = row["evidence"]

    @invariant()
    def fills_add_up(self) -> None:
        """I4 and I6: each fill once, and what is filled is their sum."""
        for client_id, lots in self.filled.items():
            assert order_row(self.store, client_id)["filled_lots"] == lots
        assert self.store.position_lots(MARKET, ACCOUNT) == sum(self.filled.values())

    @invariant()
    def a_slot_has_one_open_order(self) -> None:
        """I8."""
        open_slots = [client_id % 4 for client_id in self.store.open_orders(MARKET)]
        assert len(open_slots) == len(set(open_slots))

    def teardown(self) -> None:
        self.store.close()


TestOrderLives = OrderLives.TestCase
