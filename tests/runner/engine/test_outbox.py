"""An order leaves once its intent is safe, or never; cancels do not wait; trades come once."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from connectors.model.errors import MmrunnerError, Refusal
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    FILLED,
    IOC,
    OUTCOME_UNKNOWN,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
    SELL,
    AccountRows,
)
from connectors.model.orders import SLOTS, UNKNOWN, Orders, apply, begin
from connectors.numbered import Bound
from runner.engine.clock import SystemClock
from runner.engine.ledger.states import NEVER_SENT, State
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter, ThreadWriter
from runner.engine.outbox import LedgerOutbox
from tests.runner.engine.books import Books, LaterWriter, outbox_on
from tests.runner.engine.ledger.made import MARKET, TERMS, order_row, rows
from tests.virtual import SetClock


class Desk:
    """An outbox whose commits the test decides."""

    def __init__(self) -> None:
        clock = SetClock(1_000)
        self.store = Store(None, {MARKET: TERMS})
        self.venue = Books()
        self.writer = LaterWriter(DirectWriter(self.store, clock))
        self.warned: list[str] = []
        self.outbox: LedgerOutbox = outbox_on(self.venue, self.writer, clock, warn=self.warn)

    def warn(self, now_ns: int, market: str, text: str) -> None:
        """Remember a warning."""
        self.warned.append(text)

    def took(self, *told: tuple[int, ...]) -> list[tuple[int, int, int]]:
        """Return kind, id and code of what reaches the worker."""
        account = AccountRows()
        for row in told:
            account.add(*row)
        out = self.outbox.take(account)
        return list(zip(out.kind, out.client_id, out.code, strict=True))


def test_what_a_venue_promises_of_an_order_is_in_its_intent() -> None:
    desk, asked = Desk(), []

    def bound(client_id: int) -> Bound:
        asked.append(client_id)
        return Bound(4, 100 + client_id)

    desk.outbox.bound = bound
    desk.outbox.place(SLOTS, BUY, 100, 5)
    desk.outbox.gate = lambda side, lots, now_ns: "too much"
    desk.outbox.place(2 * SLOTS, BUY, 100, 5)
    desk.writer.commit()
    promised = {
        r["client_id"]: (r["key_index"], r["nonce_below"]) for r in rows(desk.store, "orders")
    }
    assert promised == {SLOTS: (4, 100 + SLOTS), 2 * SLOTS: (None, None)}
    assert asked == [SLOTS]


@pytest.mark.parametrize(
    ("side", "flags", "worst", "left_with"),
    [
        (BUY, IOC | REDUCE_ONLY, 90, 90),
        (BUY, IOC, 110, 100),
        (SELL, IOC, 110, 110),
        (SELL, IOC, 90, 100),
        (SELL, IOC, None, 100),
        (BUY, POST_ONLY, 90, 100),
    ],
)
def test_what_takes_goes_no_farther_than_the_venue_lets_it(
    side: int, flags: int, worst: int | None, left_with: int
) -> None:
    desk = Desk()
    desk.outbox.reach = lambda side: worst
    desk.outbox.place(7, side, 100, 5, flags)
    desk.writer.commit()
    assert order_row(desk.store, 7)["ticks"] == left_with
    assert desk.outbox.orders[7].ticks == left_with


def test_an_order_waits_for_its_intent() -> None:
    desk = Desk()
    desk.outbox.place(7, BUY, 100, 5)
    assert desk.venue.commands == []
    assert order_row(desk.store, 7)["state"] == State.INTENT
    desk.writer.commit()
    assert desk.venue.commands == [("place", 7)]
    row = order_row(desk.store, 7)
    assert (row["state"], row["sent_ns"]) == (State.SENT, 1_000)


def test_a_cancel_overtakes_a_waiting_order() -> None:
    desk = Desk()
    desk.outbox.place(7, BUY, 100, 5)
    desk.writer.commit()
    desk.outbox.place(8, SELL, 101, 5)
    desk.outbox.cancel(7)
    assert desk.venue.commands == [("place", 7), ("cancel", 7)]
    assert order_row(desk.store, 7)["state"] == State.CANCELLING


def test_a_cancelled_order_that_has_not_left_never_does() -> None:
    desk = Desk()
    desk.outbox.place(7, BUY, 100, 5)
    desk.outbox.cancel(7)
    desk.writer.commit()
    assert desk.venue.commands == []
    assert desk.took() == [(CANCELLED, 7, Refusal.NOT_SENT)]
    assert order_row(desk.store, 7)["evidence"] == NEVER_SENT


def test_after_close_no_order_leaves_and_its_slot_is_freed() -> None:
    desk = Desk()
    desk.outbox.place(7, BUY, 100, 5)
    desk.outbox.close()
    desk.outbox.place(8, SELL, 101, 5)
    desk.writer.commit()
    assert desk.venue.commands == []
    denied = [(REJECTED, 7, Refusal.NOT_SENT), (REJECTED, 8, Refusal.NOT_SENT)]
    assert desk.took() == denied
    assert desk.took() == []
    assert {row["evidence"] for row in rows(desk.store, "orders")} == {NEVER_SENT}
    desk.outbox.cancel(3)
    assert desk.venue.commands == [("cancel", 3)]


@pytest.mark.parametrize("is_flattening", [False, True])
def test_after_close_only_what_reduces_leaves_and_only_to_flatten(is_flattening: bool) -> None:
    desk = Desk()
    desk.outbox.place(7, BUY, 100, 5)
    desk.writer.commit()
    desk.took((FILLED, 7, BUY, 100, 5, 0, 1, 1, 2))
    desk.outbox.close()
    desk.outbox.is_flattening = is_flattening
    desk.venue.commands.clear()
    taking = IOC | REDUCE_ONLY
    for client_id, side, lots, flags in (
        (8, SELL, 5, POST_ONLY),
        (9, BUY, 1, taking),
        (10, SELL, 6, taking),
        (11, SELL, 3, taking),
        (12, SELL, 3, taking),
        (13, SELL, 2, taking),
    ):
        desk.outbox.place(client_id, side, 100, lots, flags)
    desk.writer.commit()
    left = [("place", 11), ("place", 13)] if is_flattening else []
    assert desk.venue.commands == left
    assert desk.outbox.refused == (12 if is_flattening else 13, Refusal.NOT_SENT)


def test_after_close_no_order_leaves_a_writer_that_commits_at_once() -> None:
    clock = SetClock(1_000)
    store = Store(None, {MARKET: TERMS})
    venue = Books()
    outbox = outbox_on(venue, DirectWriter(store, clock), clock)
    outbox.close()
    outbox.place(7, BUY, 100, 5)
    assert venue.commands == []
    assert order_row(store, 7)["evidence"] == NEVER_SENT


def test_a_trade_reaches_the_worker_once() -> None:
    desk = Desk()
    desk.outbox.place(7, BUY, 100, 5)
    desk.writer.commit()
    accepted = (ACCEPTED, 7, BUY, 100, 5, 0, 0, 1, 2)
    filled = (FILLED, 7, BUY, 100, 2, 0, 1, 1, 2)
    assert [kind for kind, _, _ in desk.took(accepted, filled, filled)] == [ACCEPTED, FILLED]
    assert desk.took(filled) == []
    desk.outbox.advance_cursor(1)
    assert desk.took(filled) == []
    assert desk.outbox.position_lots == 2
    assert order_row(desk.store, 7)["filled_lots"] == 2


def test_a_trade_with_ourselves_is_two_fills_and_each_is_booked_once() -> None:
    desk = Desk()
    desk.outbox.place(7, BUY, 100, 5)
    desk.outbox.place(8, SELL, 100, 5)
    desk.writer.commit()
    bought, sold = (FILLED, 7, BUY, 100, 2, 0, 1, 1, 2), (FILLED, 8, SELL, 100, 2, 1, 1, 1, 2)
    assert [client_id for _, client_id, _ in desk.took(bought, sold, sold)] == [7, 8]
    assert desk.took(bought) == []
    assert desk.outbox.position_lots == 0
    assert [order_row(desk.store, i)["filled_lots"] for i in (7, 8)] == [2, 2]
    assert len(rows(desk.store, "fills")) == 2


def test_a_place_that_raises_leaves_that_order_unknown_and_lets_the_next_one_go() -> None:
    desk = Desk()
    desk.venue.fails_on = (7,)
    desk.outbox.place(7, BUY, 100, 5)
    desk.outbox.place(8, BUY, 99, 3)
    desk.writer.commit()
    assert desk.venue.commands == [("place", 7), ("place", 8)]
    assert order_row(desk.store, 7)["state"] == State.UNKNOWN
    assert order_row(desk.store, 7)["sent_ns"] == 1_000
    assert order_row(desk.store, 8)["state"] == State.SENT
    assert desk.took() == [(OUTCOME_UNKNOWN, 7, 0)]
    assert [text.split(" (")[0] for text in desk.warned] == [
        "the venue's adapter failed: ValueError: cannot place 7"
    ]


def test_an_order_that_may_be_there_after_its_place_raised_keeps_its_slot_and_its_exposure() -> (
    None
):
    desk, orders = Desk(), Orders()
    desk.venue.fails_on = (SLOTS,)
    begin(orders, SLOTS, BUY, 100, 5, 1_000)
    desk.outbox.place(SLOTS, BUY, 100, 5)
    desk.writer.commit()
    ((kind, client_id, code),) = desk.took()
    apply(orders, kind, client_id, BUY, 100, 5, code, 1_000)
    assert orders.status[0] == UNKNOWN
    assert (orders.exposed_lots[BUY], desk.outbox.exposed_lots[BUY]) == (5, 5)
    assert desk.outbox.open_orders == 1


def test_a_planted_belief_that_a_fault_proves_absence_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def believe(outbox: LedgerOutbox, client_id: int) -> None:
        outbox.deliver_word(client_id, REJECTED, REJECTED)

    monkeypatch.setattr(LedgerOutbox, "_doubt", believe)
    with pytest.raises(AssertionError):
        test_an_order_that_may_be_there_after_its_place_raised_keeps_its_slot_and_its_exposure()


def test_an_order_whose_place_raised_may_still_fill() -> None:
    desk = Desk()
    desk.venue.fails_on = (7,)
    desk.outbox.place(7, BUY, 100, 5)
    desk.writer.commit()
    assert desk.took((FILLED, 7, BUY, 100, 5, 0, 1, 1, 2)) == [
        (OUTCOME_UNKNOWN, 7, 0),
        (FILLED, 7, 0),
    ]
    assert (desk.outbox.position_lots, desk.outbox.open_orders) == (5, 0)


def test_a_cancel_that_raises_holds_up_no_other() -> None:
    desk = Desk()
    for client_id in (7, 8, 9):
        desk.outbox.place(client_id, BUY, 100, 5)
    desk.writer.commit()
    desk.venue.commands.clear()
    desk.venue.fails_on = (7,)
    desk.outbox.cancel_all()
    assert desk.venue.commands == [("cancel", 7), ("cancel", 8), ("cancel", 9)]
    states = [order_row(desk.store, client_id)["state"] for client_id in (7, 8, 9)]
    assert states == [State.UNKNOWN, State.CANCELLING, State.CANCELLING]
    assert desk.outbox.exposed_lots[BUY] == 15
    assert len(desk.warned) == 1


def test_the_thread_commits_before_the_order_leaves(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    reader_path = f"file:{path}?mode=ro"
    committed: list[bool] = []
    all_out = asyncio.Event()

    class Witness(Books):
        def place(
            self,
            market: str,
            client_id: int,
            side: int,
            ticks: int,
            lots: int,
            flags: int = POST_ONLY,
        ) -> None:
            reader = sqlite3.connect(reader_path, uri=True)
            ids = reader.execute("SELECT client_id FROM orders").fetchall()
            reader.close()
            committed.append((client_id,) in ids)
            if len(committed) == 40:
                all_out.set()

    async def main() -> None:
        clock = SystemClock()
        writer = ThreadWriter(Store(path, {MARKET: TERMS}), clock)
        outbox = outbox_on(Witness(), writer, clock)
        for client_id in range(1, 41):
            outbox.place(client_id, BUY, 100, 5)
            if client_id % 8 == 0:
                await asyncio.sleep(0)
        assert len(committed) < 40
        await asyncio.wait_for(all_out.wait(), 30)
        writer.close()

    asyncio.run(main())
    assert all(committed)
    assert not any(t.name == "ledger" for t in threading.enumerate())


def test_a_ledger_that_cannot_be_written_lets_nothing_out(tmp_path: Path) -> None:
    async def main() -> Books:
        clock = SystemClock()
        venue = Books()
        store = Store(tmp_path / "x.sqlite", {MARKET: TERMS})
        store._db.execute("PRAGMA query_only=1")
        writer = ThreadWriter(store, clock)
        outbox_on(venue, writer, clock).place(7, BUY, 100, 5)
        writer._thread.join()
        await asyncio.sleep(0)
        with pytest.raises(MmrunnerError, match="the ledger cannot be written"):
            writer.check()
        with pytest.raises(MmrunnerError, match="could not be written"):
            writer.close()
        store._db.close()
        return venue

    assert asyncio.run(main()).commands == []
