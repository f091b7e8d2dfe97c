"""An amend leaves once its intent is safe, or never; what is not proven of it counts twice."""

import asyncio

import pytest

from connectors.model.account import Fate, Trade
from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    AMEND,
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    AMENDED,
    BUY,
    CANCEL,
    CANCELLED,
    FILLED,
    MAKER,
)
from connectors.model.orders import AMENDING, CANCELLING, SLOTS, Commands, add_command
from runner.engine.ledger.states import NEVER_SENT, State
from runner.engine.level import level
from runner.engine.reconcile import Reconciler
from runner.engine.risk import review
from strategies import reasons as why
from tests.runner.engine.ledger.made import MARKET, order_row, rows
from tests.runner.engine.test_outbox import Desk
from tests.strategies.working import rest
from tests.support import MID_TICKS, NOW_NS, new_limits, shown_desk
from tests.virtual import SetClock

S = 1_000_000_000


def resting() -> Desk:
    """Return a desk whose order 7, five lots at 100, rests."""
    desk = Desk()
    desk.outbox.place(7, BUY, 100, 5)
    desk.writer.commit()
    told(desk, ACCEPTED, 5)
    return desk


def told(desk: Desk, kind: int, lots: int, ticks: int = 100, trade_id: int = 0) -> None:
    """Let the venue say something of order 7."""
    desk.took((kind, 7, BUY, ticks, lots, 0, trade_id, 1, 1))


def amend_row(desk: Desk) -> dict[str, object]:
    """Return the latest amend of the ledger."""
    return dict(rows(desk.store, "amends")[-1])


def test_a_smaller_size_counts_once_it_is_proven() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 100, 3)
    desk.writer.commit()
    assert desk.outbox.exposed_lots == [5, 0]
    told(desk, AMENDED, 3)
    assert desk.outbox.exposed_lots == [3, 0]


def test_an_amend_waits_for_its_intent_and_counts_from_the_start() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 8)
    assert desk.venue.commands == [("place", 7)]
    assert desk.outbox.exposed_lots == [8, 0]
    row = order_row(desk.store, 7)
    assert (row["ticks"], row["lots"], row["asked_ticks"], row["asked_lots"]) == (100, 5, 101, 8)
    desk.writer.commit()
    assert desk.venue.commands == [("place", 7), ("amend", 7)]
    row = amend_row(desk)
    assert (row["before_ticks"], row["before_lots"], row["sent_ns"]) == (100, 5, 1_000)


def test_the_venues_word_gives_the_order_its_terms() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 3)
    desk.writer.commit()
    told(desk, AMENDED, 3, 101)
    row = order_row(desk.store, 7)
    assert (row["ticks"], row["lots"], row["asked_lots"]) == (101, 3, None)
    assert desk.outbox.exposed_lots == [3, 0]
    assert amend_row(desk)["evidence"] == "amended by the venue"


def test_a_refused_amend_leaves_the_order() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 8)
    desk.writer.commit()
    desk.took((AMEND_REJECTED, 7, BUY, 101, 8, int(Refusal.POST_ONLY), 0, 1, 1))
    assert desk.outbox.exposed_lots == [5, 0]
    row = amend_row(desk)
    assert (row["evidence"], row["refused_code"]) == ("refused by the venue", Refusal.POST_ONLY)


def test_a_cancel_overtakes_an_amend_that_has_not_left() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 8)
    desk.outbox.cancel(7)
    desk.writer.commit()
    assert desk.venue.commands == [("place", 7), ("cancel", 7)]
    assert desk.took() == [(AMEND_REJECTED, 7, Refusal.NOT_SENT)]
    assert amend_row(desk)["evidence"] == NEVER_SENT
    told(desk, CANCELLED, 5)
    assert desk.outbox.orders == {}


def test_an_amend_of_an_order_that_ends_first_never_leaves() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 8)
    told(desk, CANCELLED, 5)
    desk.writer.commit()
    assert desk.venue.commands == [("place", 7)]
    assert str(amend_row(desk)["evidence"]).startswith("the order ended")


def test_after_close_no_amend_leaves() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 8)
    desk.outbox.close()
    desk.outbox.amend(7, BUY, 102, 3)
    desk.writer.commit()
    assert desk.venue.commands == [("place", 7)]
    assert desk.took() == [(AMEND_REJECTED, 7, Refusal.NOT_SENT)] * 2


def test_the_account_refuses_what_an_amend_adds_and_nothing_else() -> None:
    desk = resting()
    asked = []

    def gate(side: int, lots: int, now_ns: int) -> str:
        asked.append(lots)
        return "too much"

    desk.outbox.gate = gate
    desk.outbox.amend(7, BUY, 101, 8)
    assert desk.took() == [(AMEND_REJECTED, 7, Refusal.ACCOUNT_LIMIT)]
    desk.outbox.amend(7, BUY, 101, 4)
    desk.writer.commit()
    assert (asked, desk.venue.commands[-1]) == ([3], ("amend", 7))


def test_an_amend_that_the_adapter_fails_on_is_a_doubt() -> None:
    desk = resting()
    desk.venue.fails_on = (7,)
    desk.outbox.amend(7, BUY, 101, 8)
    desk.writer.commit()
    assert desk.took() == [(AMEND_UNKNOWN, 7, 0)]
    assert order_row(desk.store, 7)["state"] == State.UNKNOWN
    assert (desk.outbox.exposed_lots, len(desk.warned)) == ([8, 0], 1)


def test_an_order_that_is_gone_or_amended_is_not_amended() -> None:
    desk = resting()
    desk.outbox.amend(8, BUY, 101, 8)
    desk.outbox.amend(7, BUY, 101, 8)
    desk.outbox.amend(7, BUY, 102, 9)
    assert desk.took() == [(AMEND_REJECTED, i, Refusal.NOT_FOUND) for i in (8, 7)]


def test_fills_on_the_way_are_booked_against_the_larger_size() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 8)
    desk.writer.commit()
    told(desk, FILLED, 5, trade_id=1)
    assert (desk.outbox.exposed_lots, order_row(desk.store, 7)["state"]) == ([3, 0], State.PARTIAL)
    told(desk, FILLED, 1, trade_id=2)
    row = order_row(desk.store, 7)
    assert (row["ticks"], row["lots"], row["filled_lots"]) == (101, 8, 6)
    assert amend_row(desk)["evidence"] == "a trade beyond the former size"


FATES = {
    "amended": (Fate(ACCEPTED, 0, 101, 8), (101, 8)),
    "as it was": (Fate(ACCEPTED, 0, 100, 5), (100, 5)),
    "nobody can say": (Fate(ACCEPTED, 0), None),
}


@pytest.mark.parametrize("fate", FATES)
def test_a_look_proves_what_became_of_a_silent_amend(fate: str) -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 8)
    desk.writer.commit()
    clock = SetClock(1_000 + 6 * S)
    desk.outbox.clock = clock
    desk.venue.fates[7], terms = FATES[fate]
    look = Reconciler(desk.outbox, desk.venue, desk.writer, clock, lambda *words: None, 0)
    asyncio.run(look.look())
    order = desk.outbox.orders[7]
    known = (order.life.ticks, order.life.lots) if order.life.asked is None else None
    assert known == terms
    assert order.open_lots == (8 if terms != (100, 5) else 5)
    assert (desk.took() == [(AMEND_UNKNOWN, 7, 0)]) is (terms is None)


def test_a_look_ends_an_order_that_filled_while_it_was_amended() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 8)
    desk.writer.commit()
    told(desk, FILLED, 5, trade_id=1)
    clock = SetClock(1_000 + 6 * S)
    desk.outbox.clock = clock
    desk.venue.trades = [Trade(1, 7, BUY, 100, 5, MAKER, 1)]
    desk.venue.fates[7] = Fate(FILLED, 5)
    look = Reconciler(desk.outbox, desk.venue, desk.writer, clock, lambda *words: None, 0)
    asyncio.run(look.look())
    assert desk.outbox.orders == {}
    assert order_row(desk.store, 7)["evidence"] == "filled in full"


def test_a_start_knows_both_terms_of_an_amend_in_flight() -> None:
    desk = resting()
    desk.outbox.amend(7, BUY, 101, 8)
    desk.writer.commit()
    desk.venue.fates[7] = Fate(ACCEPTED, 0)
    found = asyncio.run(level(MARKET, desk.venue, desk.store, SetClock(2_000), lambda *words: None))
    assert found.open_orders[7].open_lots == 8
    desk.venue.fates[7] = Fate(ACCEPTED, 0, 100, 5)
    found = asyncio.run(level(MARKET, desk.venue, desk.store, SetClock(2_000), lambda *words: None))
    assert found.open_orders[7].open_lots == 5


@pytest.mark.parametrize(
    ("lots", "limits", "reason"),
    [
        (14, {}, 0),
        (14, {"max_position_lots": 13}, why.REFUSED_POSITION),
        (14, {"max_order_lots": 13}, why.REFUSED_SIZE),
        (6, {"tokens": 0.5, "rate_per_s": 0.0}, why.REFUSED_RATE),
        (6, {"collar_bps": 0.01}, why.REFUSED_COLLAR),
    ],
)
def test_an_amend_that_is_refused_becomes_a_cancel(
    lots: int, limits: dict[str, float], reason: int
) -> None:
    desk = shown_desk(amends=True)
    client_id = rest(desk, BUY, MID_TICKS - 9, 10)
    commands = Commands()
    add_command(commands, AMEND, client_id, BUY, MID_TICKS - 5, lots)
    assert review(desk, new_limits(**limits), commands, NOW_NS) == 1
    assert commands.refused[0] == 0
    assert desk.quotes.reasons[BUY] == reason
    slot = client_id % SLOTS
    if reason:
        assert (commands.kind[0], commands.lots[0]) == (CANCEL, 0)
        assert desk.orders.status[slot] == CANCELLING
        assert (desk.tally.amends, desk.tally.cancels) == (0, 1)
    else:
        assert (commands.kind[0], desk.orders.terms[slot]) == (AMEND, AMENDING)
        assert desk.orders.exposed_lots == [14, 0]
        assert (desk.tally.amends, desk.tally.cancels) == (1, 0)
