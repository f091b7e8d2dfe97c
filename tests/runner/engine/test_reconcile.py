"""A start and a run find what is missing, explain it, and never guess."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from connectors.model.account import ABSENT, Fate, Fee, RestingOrder, Standing, Trade
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    EXPIRED,
    FILLED,
    OUTCOME_UNKNOWN,
    SELL,
    AccountRows,
)
from connectors.model.orders import ID_STRIDE, MARKETS, SLOTS, Orders, next_client_id
from runner.engine.ledger.entries import Fill, Intent
from runner.engine.ledger.states import State
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter
from runner.engine.level import Level, level
from runner.engine.outbox import LedgerOutbox
from runner.engine.reconcile import EVERY_NS, GRACE_NS, LATE_NS, YOUNG_NS, Reconciler, is_ours
from runner.engine.warnings import Warnings
from tests import virtual
from tests.runner.engine.books import Books, outbox_on
from tests.runner.engine.ledger.made import ACCOUNT, MARKET, TERMS, order_row, rows, trade
from tests.virtual import SetClock, VirtualClock


def levelled(venue: Books, store: Store) -> tuple[Level, list[str]]:
    warned: list[str] = []

    async def main(clock: VirtualClock) -> Level:
        return await level(
            MARKET, venue, store, clock, lambda now_ns, market, text: warned.append(text)
        )

    return virtual.run(main), warned


def started(venue: Books, store: Store) -> tuple[Standing, list[str]]:
    found, warned = levelled(venue, store)
    assert found.open_orders == {}
    return found.standing, warned


def crashed() -> Store:
    """Return the ledger of a killed session: one order filled in part, two that may be anything."""
    store = Store(None, {MARKET: TERMS})
    for client_id in (10, 20, 30):
        store.apply(Intent(MARKET, client_id, BUY, 100, 5, 1))
    store.apply(Fill(MARKET, ACCOUNT, trade(1, 10, lots=2), 2, "stream"))
    store.commit()
    return store


def test_a_start_goes_on_from_the_ledgers_last_trade_though_a_list_leaves_it_out() -> None:
    store = Store(None, {MARKET: TERMS})
    venue = Books([trade(1, 10, lots=2), trade(5, 10, lots=3)])
    started(venue, store)
    asked: list[int] = []

    class Forgetful(Books):
        """Books whose list of trades is empty, though the position is told."""

        async def standing(self, market: str) -> Standing:
            return replace(await venue.standing(market), last_trade_id=0)

        async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
            asked.append(trade_id)
            return ()

    standing, warned = started(Forgetful(), store)
    assert (standing.last_trade_id, standing.position_lots) == (5, 5)
    assert asked == [5]
    assert warned == []


def test_a_start_books_what_is_missing_and_ends_orders_on_proof() -> None:
    store = crashed()
    missed = [trade(1, 10, lots=2), trade(2, 10, lots=3), trade(3, 20, lots=1)]
    fates = {10: Fate(FILLED, 5), 20: Fate(CANCELLED, 1), 30: Fate(ABSENT, 0)}
    standing, warned = started(Books(missed, fates), store)
    assert warned == []
    assert store.position_lots(MARKET, ACCOUNT) == standing.position_lots == 6
    assert [row["source"] for row in rows(store, "fills")] == ["stream", "reconcile", "reconcile"]
    ends = [order_row(store, i)["evidence"] for i in (10, 20, 30)]
    assert ends == ["filled in full", "cancelled by the venue", "absent from the venue's books"]
    assert standing.last_client_id == 30
    assert store.cursor(MARKET, ACCOUNT) == 3


def test_a_second_start_changes_nothing() -> None:
    store = crashed()
    fates = {i: Fate(CANCELLED, 0) for i in (10, 20, 30)}
    venue = Books([trade(1, 10, lots=2), trade(2, 10, lots=1)], fates)
    first = started(venue, store)
    tables = ("orders", "fills", "adjustments", "cursors", "audit")
    before = [rows(store, table) for table in tables]
    assert started(venue, store) == first
    assert [rows(store, table) for table in tables] == before


def test_a_position_that_nothing_explains_is_adjusted_and_warned_of() -> None:
    store = Store(None, {MARKET: TERMS})
    _, warned = started(Books([trade(1, 10, lots=2)], extra_lots=-5), store)
    (row,) = rows(store, "adjustments")
    assert (row["lots"], row["cause"]) == (-5, warned[0])
    assert store.position_lots(MARKET, ACCOUNT) == -3
    assert started(Books([trade(1, 10, lots=2)], extra_lots=-5), store)[1] == []


@pytest.mark.parametrize("kind", [ACCEPTED, OUTCOME_UNKNOWN])
def test_an_order_that_may_still_rest_is_taken_over(kind: int) -> None:
    store = crashed()
    fates = {10: Fate(CANCELLED, 2), 20: Fate(kind, 0), 30: Fate(ABSENT, 0)}
    found, warned = levelled(Books([trade(1, 10, lots=2), trade(2, 10, lots=1)], fates), store)
    ((client_id, order),) = found.open_orders.items()
    assert (client_id, order.side, order.ticks, order.open_lots) == (20, BUY, 100, 5)
    assert order.life.state is State.UNKNOWN
    assert len(rows(store, "fills")) == 2
    assert order_row(store, 10)["state"] == State.DONE
    assert "1 orders of a former session may rest" in warned[0]


def test_a_position_that_reads_empty_once_at_the_start_is_not_believed() -> None:
    class Forgetful(Books):
        reads = 0

        async def standing(self, market: str) -> Standing:
            Forgetful.reads += 1
            true = await Books.standing(self, market)
            return replace(true, position_lots=0) if Forgetful.reads == 1 else true

    store = Store(None, {MARKET: TERMS})
    standing, warned = started(Forgetful([trade(1, 10, lots=2)]), store)
    assert (standing.position_lots, warned) == (2, [])
    assert rows(store, "adjustments") == []


class Running:
    """A market under comparison, on a clock that the test moves."""

    def __init__(self) -> None:
        self.clock = SetClock(0)
        self.store = Store(None, {MARKET: TERMS})
        self.venue = Books()
        self.warned: list[str] = []
        writer = DirectWriter(self.store, self.clock)
        warnings = Warnings()
        warnings.listen(lambda now_ns, market, text: self.warned.append(text))
        self.outbox: LedgerOutbox = outbox_on(self.venue, writer, self.clock)
        self.reconciler = Reconciler(
            self.outbox, self.venue, writer, self.clock, warnings, market_number=0
        )

    def compare(self, now_ns: int) -> list[int]:
        """Compare once at a moment; return the kinds of row that reach the worker."""
        self.clock.time_ns = now_ns
        asyncio.run(self.reconciler.look())
        return list(self.outbox.take(AccountRows()).kind)


def test_a_trade_that_the_stream_lost_is_booked_and_told_after_the_grace() -> None:
    running = Running()
    running.venue.trades.append(trade(1, 10, side=SELL, lots=4))
    assert running.compare(GRACE_NS) == []
    assert rows(running.store, "fills") == []
    assert running.compare(GRACE_NS + 1) == [FILLED]
    (row,) = rows(running.store, "fills")
    assert (row["source"], running.outbox.position_lots) == ("reconcile", -4)
    late = AccountRows()
    late.add(FILLED, 10, SELL, 100, 4, 0, 1, 1, 1)
    assert len(running.outbox.take(late)) == 0
    assert "trade 1 was missing" in running.warned[0]


def test_a_trade_without_a_fee_is_read_again_until_it_is_told_or_a_minute_old() -> None:
    running = Running()
    running.venue.trades += [trade(1, 10, side=SELL, lots=4), trade(2, 10, side=SELL, lots=1)]
    running.compare(GRACE_NS + 2)
    assert running.outbox.cursor == 0
    running.venue.trades[0] = replace(running.venue.trades[0], fee=Fee(Decimal("0.5"), "USDT"))
    running.compare(2 * GRACE_NS)
    assert (running.outbox.cursor, rows(running.store, "fills")[0]["fee"]) == (0, "0.5")
    running.compare(YOUNG_NS + 2)
    assert running.outbox.cursor == 2


def test_a_trade_with_ourselves_is_passed_once_both_of_its_fees_are_told() -> None:
    running = Running()
    bought = replace(trade(1, 10, lots=4), fee=Fee(Decimal("0.5"), "USDT"))
    running.venue.trades += [bought, trade(1, 11, side=SELL, lots=4)]
    running.compare(GRACE_NS + 2)
    assert [row["side"] for row in rows(running.store, "fills")] == [BUY, SELL]
    assert (running.outbox.position_lots, running.outbox.cursor) == (0, 0)
    running.venue.trades[1] = replace(running.venue.trades[1], fee=Fee(Decimal("0.7"), "USDT"))
    running.compare(2 * GRACE_NS)
    assert [row["fee"] for row in rows(running.store, "fills")] == ["0.5", "0.7"]
    running.compare(YOUNG_NS + 2)
    assert running.outbox.cursor == 1


def test_a_trade_that_a_list_shows_after_one_that_followed_it_is_booked() -> None:
    running = Running()
    hidden, shown = trade(1, 10, side=SELL, lots=4), trade(2, 10, side=SELL, lots=1)
    running.venue.trades.append(shown)
    running.compare(GRACE_NS + 2)
    running.venue.trades.insert(0, hidden)
    running.compare(2 * GRACE_NS)
    assert sorted(row["trade_id"] for row in rows(running.store, "fills")) == [1, 2]
    assert running.outbox.position_lots == -5


def test_a_difference_seen_twice_is_adjusted_and_halts_the_market() -> None:
    running = Running()
    running.venue.extra_lots = 3
    for now_ns in (1, 2, EVERY_NS):
        running.compare(now_ns)
        assert not running.outbox.is_halted
    running.compare(EVERY_NS + 1)
    assert running.outbox.is_halted
    assert [row["lots"] for row in rows(running.store, "adjustments")] == [3]
    assert "do not explain its position by 3 lots" in running.warned[0]


def test_a_difference_that_passes_is_forgotten() -> None:
    running = Running()
    for k, lots in enumerate((3, 0, 3, 2)):
        running.venue.extra_lots = lots
        running.compare(k * EVERY_NS)
    assert not running.outbox.is_halted
    assert rows(running.store, "adjustments") == []


@pytest.mark.parametrize(
    ("fate", "told", "state"),
    [
        (Fate(ABSENT, 0), [EXPIRED], State.DONE),
        (Fate(CANCELLED, 0), [CANCELLED], State.DONE),
        (Fate(ACCEPTED, 0), [OUTCOME_UNKNOWN, ACCEPTED], State.LIVE),
        (Fate(OUTCOME_UNKNOWN, 0), [], State.SENT),
        (Fate(CANCELLED, 1), [], State.SENT),
    ],
)
def test_a_silent_order_is_asked_for(fate: Fate, told: list[int], state: State) -> None:
    running = Running()
    running.outbox.place(10, BUY, 100, 5)
    running.venue.fates[10] = fate
    assert running.compare(GRACE_NS - 1) == []
    assert running.compare(GRACE_NS) == told
    assert order_row(running.store, 10)["state"] == state


def test_an_order_of_our_ids_that_no_book_has_open_is_cancelled_once_it_is_seen_twice() -> None:
    running = Running()
    running.venue.resting = (
        RestingOrder(ID_STRIDE + 3, BUY, 100, 5),
        RestingOrder(0, SELL, 101, 1),
    )
    running.compare(1)
    assert running.venue.commands == []
    running.compare(2)
    running.compare(3)
    assert running.venue.commands == [("cancel", ID_STRIDE + 3)] * 2
    assert ["left alone" in told for told in running.warned] == [True, False]


def test_an_order_in_anothers_market_range_is_never_touched() -> None:
    running = Running()
    running.venue.resting = (RestingOrder(ID_STRIDE + SLOTS, BUY, 100, 5),)
    for now_ns in (1, 2, 3):
        running.compare(now_ns)
    assert running.venue.commands == []
    assert len(running.warned) == 1


@pytest.mark.parametrize("number", [0, 3, 63, 64, 67, MARKETS - 1])
def test_an_order_that_rests_is_ours_by_its_id_whatever_the_stride_was(number: int) -> None:
    orders = Orders()
    orders.market_number = number
    for sequence in (0, 1, 5, 10**9):
        orders.sequence = sequence
        assert is_ours(next_client_id(orders, 7), number)
        older = (sequence + 1) * SLOTS * 64 + number % 64 * SLOTS + 7
        assert is_ours(older, number)
        assert not is_ours(older + SLOTS, number)


@pytest.mark.parametrize(
    ("number", "at_ns", "is_halted"),
    [(9, LATE_NS, True), (9, LATE_NS - 10, False), (7, LATE_NS, False)],
    ids=["of another process", "left behind", "one that we gave ourselves"],
)
def test_an_id_of_ours_that_we_have_not_given_is_another_process_on_our_position(
    number: int, at_ns: int, is_halted: bool
) -> None:
    running = Running()
    outbox = running.reconciler.outbox
    outbox.last_client_id = 8 * ID_STRIDE
    running.venue.resting = (RestingOrder(number * ID_STRIDE + 3, BUY, 100, 5),)
    for now_ns in (at_ns, at_ns + 1, at_ns + 2):
        running.compare(now_ns)
    assert outbox.is_halted is is_halted
    assert sum("another process of ours" in told for told in running.warned) == is_halted
