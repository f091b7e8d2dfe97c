"""An order between two terms: the larger size counts, until the venue has proven which holds."""

from connectors.model.events import (
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    AMENDED,
    CANCELLED,
    FILLED,
    OUTCOME_UNKNOWN,
    SELL,
)
from connectors.model.orders import (
    AMENDING,
    CANCELLING,
    DOUBTED,
    FREE,
    LIVE,
    PARTIAL,
    SETTLED,
    SLOTS,
    UNKNOWN,
    Orders,
    apply,
    begin,
    begin_amend,
    begin_cancel,
    next_client_id,
    slot_of,
)

TICKS, LOTS, NOW_NS = 1_000, 10, 5_000


class Amended:
    """A sell of 10 lots at 1000 that rests, and is being amended."""

    def __init__(self, ticks: int = TICKS, lots: int = LOTS) -> None:
        self.orders = Orders()
        self.client_id = next_client_id(self.orders, slot_of(SELL, 2, 1))
        self.slot = self.client_id % SLOTS
        begin(self.orders, self.client_id, SELL, TICKS, LOTS, NOW_NS)
        self.orders.status[self.slot] = LIVE
        begin_amend(self.orders, self.client_id, ticks, lots, NOW_NS + 1)

    def told(self, kind: int, ticks: int = TICKS, lots: int = 0) -> "Amended":
        """Let the venue say something of it."""
        apply(self.orders, kind, self.client_id, SELL, ticks, lots, 3, NOW_NS + 2)
        return self

    @property
    def terms(self) -> tuple[int, int, int]:
        """What is known of its terms, its price and its size."""
        o, k = self.orders, self.slot
        return o.terms[k], o.ticks[k], o.lots[k]

    @property
    def open_lots(self) -> int:
        """What counts."""
        assert self.orders.exposed_lots == [0, self.orders.open_lots[self.slot]]
        return self.orders.open_lots[self.slot]

    @property
    def status(self) -> int:
        """Where it stands."""
        return self.orders.status[self.slot]


def test_it_counts_as_the_larger_of_both() -> None:
    assert Amended(lots=14).open_lots == 14
    assert Amended(lots=6).open_lots == 10
    assert Amended().orders.last_place_ns == [0, NOW_NS + 1]


def test_the_venues_word_settles_it() -> None:
    order = Amended(1_003, 6).told(AMENDED, 1_003, 6)
    assert (order.terms, order.open_lots, order.status) == ((SETTLED, 1_003, 6), 6, LIVE)


def test_a_refusal_leaves_it_as_it_was_and_is_remembered() -> None:
    order = Amended(1_003, 14).told(AMEND_REJECTED, 1_003, 14)
    assert (order.terms, order.open_lots, order.status) == ((SETTLED, TICKS, 10), 10, LIVE)
    assert (order.orders.last_reject_ns, order.orders.last_reject_code) == (
        [0, NOW_NS + 2],
        [0, 3],
    )


def test_without_an_answer_both_go_on_counting() -> None:
    order = Amended(lots=14).told(AMEND_UNKNOWN, lots=14)
    assert (order.terms, order.open_lots, order.status) == ((DOUBTED, TICKS, 10), 14, LIVE)
    assert order.told(AMENDED, lots=14).terms == (SETTLED, TICKS, 14)


def test_a_word_on_another_amend_settles_nothing() -> None:
    for kind in (AMENDED, AMEND_REJECTED, AMEND_UNKNOWN):
        order = Amended(1_003, 14).told(kind, 1_002, 14)
        assert (order.terms, order.open_lots) == ((AMENDING, TICKS, 10), 14)


def test_terms_that_nobody_asked_for_put_it_in_doubt() -> None:
    order = Amended(lots=6).told(AMENDED, lots=6).told(AMENDED, lots=6)
    assert order.terms == (SETTLED, TICKS, 6)
    order.told(AMENDED, 1_005, 9)
    assert (order.terms, order.open_lots) == ((DOUBTED, TICKS, 6), 9)


def test_what_fills_on_the_way_makes_what_is_left_smaller() -> None:
    order = Amended(lots=14).told(FILLED, lots=4)
    assert (order.open_lots, order.status) == (10, PARTIAL)
    assert order.told(AMENDED, lots=14).open_lots == 10


def test_the_former_size_filled_is_the_end_only_where_the_amend_is_refused() -> None:
    order = Amended(lots=14).told(FILLED, lots=10)
    assert (order.open_lots, order.status) == (4, PARTIAL)
    order.told(AMEND_REJECTED, lots=14)
    assert (order.open_lots, order.status) == (0, FREE)


def test_a_size_that_has_filled_is_the_end_once_it_is_told() -> None:
    order = Amended(lots=6).told(FILLED, lots=7)
    assert (order.open_lots, order.status) == (3, PARTIAL)
    order.told(AMENDED, lots=7)
    assert (order.open_lots, order.status) == (0, FREE)


def test_a_trade_beyond_the_former_size_proves_the_new_one() -> None:
    order = Amended(1_003, 14).told(FILLED, 1_003, 11)
    assert (order.terms, order.open_lots) == ((SETTLED, 1_003, 14), 3)


def test_a_cancel_may_follow_and_ends_both() -> None:
    order = Amended(lots=14)
    begin_cancel(order.orders, order.client_id)
    assert (order.status, order.open_lots) == (CANCELLING, 14)
    assert order.told(AMENDED, lots=14).status == CANCELLING
    order.told(CANCELLED, lots=14)
    assert (order.status, order.open_lots, order.terms[0]) == (FREE, 0, SETTLED)


def test_an_order_that_was_unknown_rests_once_it_is_amended() -> None:
    order = Amended(lots=6).told(OUTCOME_UNKNOWN)
    assert (order.status, order.open_lots) == (UNKNOWN, 10)
    assert order.told(AMENDED, lots=6).status == LIVE
