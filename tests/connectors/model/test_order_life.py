"""Whatever a venue says in whatever order: exposure, position and ids stay exact."""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCEL_REJECTED,
    CANCELLED,
    EXPIRED,
    FILLED,
    OUTCOME_UNKNOWN,
    REJECTED,
    SELL,
)
from connectors.model.orders import (
    FREE,
    ID_STRIDE,
    SLOTS,
    UNKNOWN,
    Orders,
    apply,
    begin,
    begin_cancel,
    next_client_id,
)
from tests.support import checked

PROOFS = (REJECTED, CANCELLED, EXPIRED)
picks = st.integers(0, 10_000)


@dataclass(slots=True)
class Placed:
    """What a careful clerk knows of an order: its size, its fills, whether its end is proven."""

    client_id: int
    side: int
    open_lots: int
    ended: bool = False

    def fill(self, lots: int) -> None:
        """Count a fill of an order whose end is not proven."""
        if not self.ended:
            self.open_lots = max(0, self.open_lots - lots)
            self.ended = self.open_lots == 0


class OrderLife(RuleBasedStateMachine):
    """Send orders and cancels, and let the venue answer anything about any of them."""

    def __init__(self) -> None:
        super().__init__()
        self.orders = Orders()
        self.orders.market_number = 5
        self.placed: list[Placed] = []
        self.position_lots = 0
        self.cash_tick_lots = 0
        self.now_ns = 0

    def tell(self, kind: int, order: Placed, ticks: int = 0, lots: int = 0) -> None:
        self.now_ns += 1
        apply(self.orders, kind, order.client_id, order.side, ticks, lots, 0, self.now_ns)

    @rule(pick=picks, lots=st.integers(1, 50), ticks=st.integers(1, 10**6))
    def place(self, pick: int, lots: int, ticks: int) -> None:
        free = [slot for slot in range(SLOTS) if self.orders.status[slot] == FREE]
        if not free:
            return
        slot = free[pick % min(len(free), 3)]
        side = BUY if slot < SLOTS // 2 else SELL
        client_id = next_client_id(self.orders, slot)
        assert all(client_id > order.client_id for order in self.placed)
        begin(self.orders, client_id, side, ticks, lots, self.now_ns)
        self.placed.append(Placed(client_id, side, lots))

    @precondition(lambda self: self.placed)
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        begin_cancel(self.orders, self.pick(pick).client_id)

    @precondition(lambda self: self.placed)
    @rule(pick=picks, kind=st.sampled_from((ACCEPTED, CANCEL_REJECTED, OUTCOME_UNKNOWN)))
    def say_what_proves_no_end(self, pick: int, kind: int) -> None:
        order = self.pick(pick)
        self.tell(kind, order)
        if kind == OUTCOME_UNKNOWN and not order.ended:
            assert self.orders.status[order.client_id % SLOTS] == UNKNOWN

    @precondition(lambda self: self.placed)
    @rule(pick=picks, kind=st.sampled_from(PROOFS))
    def prove_an_end(self, pick: int, kind: int) -> None:
        order = self.pick(pick)
        order.ended = True
        self.tell(kind, order)

    @precondition(lambda self: self.placed)
    @rule(pick=picks, lots=st.integers(1, 60), ticks=st.integers(1, 10**6))
    def fill(self, pick: int, lots: int, ticks: int) -> None:
        order = self.pick(pick)
        order.fill(lots)
        signed = lots if order.side == BUY else -lots
        self.position_lots += signed
        self.cash_tick_lots -= signed * ticks
        self.tell(FILLED, order, ticks, lots)

    def pick(self, pick: int) -> Placed:
        """Return a recent order as a rule, any order now and then."""
        span = len(self.placed) if pick % 4 == 0 else min(len(self.placed), 6)
        return self.placed[-1 - pick % span]

    @invariant()
    def exposure_is_the_open_size_of_every_order_not_proven_ended(self) -> None:
        for side in (BUY, SELL):
            known = sum(o.open_lots for o in self.placed if o.side == side and not o.ended)
            slots = range(side * SLOTS // 2, (side + 1) * SLOTS // 2)
            held = sum(self.orders.open_lots[s] for s in slots if self.orders.status[s] != FREE)
            assert self.orders.exposed_lots[side] == held == known

    @invariant()
    def no_slot_is_freed_without_proof(self) -> None:
        alive = {o.client_id % SLOTS: o.client_id for o in self.placed if not o.ended}
        for slot in range(SLOTS):
            assert (self.orders.status[slot] != FREE) == (slot in alive)
            if slot in alive:
                assert self.orders.client_id[slot] == alive[slot]
            else:
                assert self.orders.open_lots[slot] == 0

    @invariant()
    def position_and_cash_are_the_sum_of_all_fills(self) -> None:
        assert self.orders.position_lots == self.position_lots
        assert self.orders.cash_tick_lots == self.cash_tick_lots

    @invariant()
    def ids_name_slot_and_market(self) -> None:
        for order in self.placed[-1:]:
            assert order.client_id % ID_STRIDE // SLOTS == 5


TestOrderLife = OrderLife.TestCase
TestOrderLife.settings = checked(60)
