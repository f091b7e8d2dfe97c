"""The truth log holds what judges need, the same in memory and in its file."""

from contextlib import closing
from decimal import Decimal
from pathlib import Path
from sqlite3 import connect

from tests.stage.truth import Amended, Ended, Feed, Request, Shown, State, Traded
from tests.venues.bybit.chronicle import Naming, plain_client_id
from tests.venues.bybit.client import START_NS, Client, keys
from tests.venues.bybit.floor import BTC
from tests.venues.bybit.keys import UID
from tests.venues.bybit.scenes import BOOK, play
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.books import write_books
from tests.venues.common.truth import Connected, Held, HungUp, Signed, TruthLog, read, stage_truth


def traded(truth: TruthLog | None = None, **setup: object) -> Client:
    """Return a client that has placed, taken, been filled, changed and cancelled."""
    venue = Venue(Setup(**setup), START_NS, truth)  # type: ignore[arg-type]
    venue.open_account(UID, keys())
    client = Client(venue)
    client.listen("order")
    client.public.subscribe(BOOK)
    client.place("1")
    client.place("2", price="89800")
    client.place("3", price="90500", timeInForce="IOC")
    client.pass_time(1.0)
    play(client, do="fill_ours", market=BTC, frac=0.3)
    client.amend("1", qty="0.02")
    client.cancel("2")
    client.pass_time(1.0)
    venue.hang_up(client.public.session)
    return client


def test_a_file_reads_back_as_what_was_told(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    with path.open("w") as file:
        traded(TruthLog(file))
    assert list(read(path)) == traded().venue.truth.lines


def test_facts_replay_to_how_things_stand_at_the_venue() -> None:
    client = traded()
    state = State()
    for line in client.venue.truth.lines:
        state.take(line.fact)  # type: ignore[arg-type]
    assert state.positions == {BTC: client.account.position(BTC).lots}
    rests = {order.number: order.open_lots for order in client.account.live_orders()}
    assert {order.order_id: order.open_lots for order in state.ours()} == rests
    held = client.venue.truth.of(Held)[-1]
    assert held.lots == client.account.position(BTC).lots


def test_the_judges_of_the_stage_can_read_one_accounts_facts() -> None:
    client = traded()
    truth = stage_truth(client.venue.truth.lines, UID)
    requests = [fact.operation for fact in truth.facts if isinstance(fact, Request)]
    assert requests == ["place", "place", "place", "modify", "cancel"]
    held = client.account.position(BTC).lots
    assert truth.position(BTC, START_NS + 10**12) == held
    assert stage_truth(client.venue.truth.lines, 1).trades() == []


def test_money_adds_up() -> None:
    client = traded()
    fees = sum((trade.fee for trade in client.venue.truth.of(Traded)), Decimal(0))
    gained = client.account.wallet - 100_000 * 10**8 - client.account.realized
    assert Decimal(gained).scaleb(-8) == -fees


def test_requests_and_connections_are_there() -> None:
    truth = traded().venue.truth
    assert [(s.kind, s.client_id, s.code) for s in truth.of(Signed)] == [
        ("create", 1, 0),
        ("create", 2, 0),
        ("create", 3, 0),
        ("modify", 1, 0),
        ("cancel", 2, 0),
    ]
    assert (len(truth.of(Connected)), len(truth.of(HungUp))) == (3, 1)
    assert [feed.is_sound for feed in truth.of(Feed)] == [True, False]
    assert [ended.why for ended in truth.of(Ended)] == ["CancelByUser"]
    assert [(fact.client_id, fact.lots) for fact in truth.of(Amended)] == [(1, 20)]


def test_shown_books_are_others_alone() -> None:
    client = traded()
    best = client.venue.exchange.floors[BTC].book.bids.best_ticks
    assert best is not None
    client.place("9", price=f"{best / 10:.1f}", qty="9.999")
    client.pass_time(0.06)
    shown = [fact for fact in client.venue.truth.of(Shown) if fact.market == BTC]
    assert all(lots < 9_999 for fact in shown for _, lots in fact.bids)
    assert shown[-1].bids[0][0] < shown[-1].asks[0][0]


def test_books_of_the_venue_have_the_clients_own_numbers(tmp_path: Path) -> None:
    naming = Naming(lambda word: 1_000 + int(word or 0), lambda execution: execution.seq)
    client = traded(naming=naming)
    path = tmp_path / "books.sqlite"
    write_books(path, client.venue.truth.lines, UID, "bybit", {BTC: "btc"})
    with closing(connect(path)) as db:
        orders = db.execute("SELECT client_id, open_lots FROM orders ORDER BY client_id").fetchall()
        trades = {row[0] for row in db.execute("SELECT trade_id FROM trades")}
    assert orders == [(1_001, 17), (1_002, 0), (1_003, 0)]
    assert trades == {execution.seq for execution in client.account.executions}


def test_a_word_that_is_no_number_has_one_all_the_same() -> None:
    assert plain_client_id("42") == 42
    assert plain_client_id("") == 0
    assert 0 < plain_client_id("mine-1") < 1 << 56
    assert plain_client_id("mine-1") != plain_client_id("mine-2")
