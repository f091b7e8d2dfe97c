"""The truth log holds what judges need, the same in memory and in its file."""

from decimal import Decimal
from pathlib import Path

from tests.stage.truth import Ended, Feed, Request, Shown, State, Traded
from tests.venues.common.truth import Connected, Held, HungUp, Signed, TruthLog, read, stage_truth
from tests.venues.lighter.client import START_NS, Client, opened
from tests.venues.lighter.keys import ACCOUNT, publics
from tests.venues.lighter.orders import TimeInForce
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.venue import Setup, Venue


def traded(truth: TruthLog | None = None) -> Client:
    """Return a client that has placed, taken, been filled and cancelled."""
    venue = Venue(Setup(verify="none"), START_NS, truth)
    venue.open_account(ACCOUNT, publics())
    client = Client(venue)
    client.subscribe("order_book/0")
    client.place(1)
    client.place(2, Price=298_000)
    client.place(3, Price=305_000, TimeInForce=TimeInForce.IOC)
    client.pass_time(1.0)
    venue.play(step_of({"do": "fill_ours", "market": "ETH", "frac": 0.3}))
    client.cancel(2)
    client.pass_time(1.0)
    venue.hang_up(client.session)
    return client


def test_a_file_reads_back_as_what_was_told(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    with path.open("w") as file:
        traded(TruthLog(file))
    assert list(read(path)) == traded().venue.truth.lines


def test_facts_replay_to_how_things_stand_at_the_venue() -> None:
    client = traded()
    account = client.venue.exchange.accounts[ACCOUNT]
    state = State()
    for line in client.venue.truth.lines:
        state.take(line.fact)  # type: ignore[arg-type]
    assert state.positions == {"ETH": account.position(0).lots}
    rests = {order.index: order.open_lots for order in account.live_orders()}
    assert {order.order_id: order.open_lots for order in state.ours()} == rests
    held = client.venue.truth.of(Held)[-1]
    assert held.lots == account.position(0).lots


def test_the_judges_of_the_stage_can_read_one_accounts_facts() -> None:
    client = traded()
    truth = stage_truth(client.venue.truth.lines, ACCOUNT)
    requests = [fact.operation for fact in truth.facts if isinstance(fact, Request)]
    assert requests == ["place", "place", "place", "cancel"]
    held = client.venue.exchange.accounts[ACCOUNT].position(0).lots
    assert truth.position("ETH", START_NS + 10**12) == held
    assert stage_truth(client.venue.truth.lines, 1).trades() == []


def test_money_adds_up() -> None:
    client = traded()
    account = client.venue.exchange.accounts[ACCOUNT]
    fees = sum((trade.fee for trade in client.venue.truth.of(Traded)), Decimal(0))
    realized = sum(p.realized_micro for p in account.positions.values())
    spent = Decimal(account.collateral_micro - 100_000 * 10**6 - realized).scaleb(-6)
    assert spent == -fees


def test_transactions_and_connections_are_there() -> None:
    truth = traded().venue.truth
    assert [(s.kind, s.client_id, s.code) for s in truth.of(Signed)] == [
        ("create", 1, 200),
        ("create", 2, 200),
        ("create", 3, 200),
        ("cancel", 2, 200),
    ]
    assert len(truth.of(Connected)) == len(truth.of(HungUp)) == 1
    assert [feed.is_sound for feed in truth.of(Feed)] == [True, False]
    assert [ended.why for ended in truth.of(Ended)][-1] == "canceled"


def test_shown_books_are_others_alone() -> None:
    client = opened()
    best = client.venue.exchange.floors[0].book.bids.best_ticks
    assert best is not None
    client.place(1, Price=best, BaseAmount=77_000_000, TimeInForce=TimeInForce.GTT)
    client.pass_time(0.06)
    shown = [fact for fact in client.venue.truth.of(Shown) if fact.market == "ETH"]
    assert all(lots < 77_000_000 for fact in shown for _, lots in fact.bids)
    assert shown[-1].bids[0][0] < shown[-1].asks[0][0]


def test_an_account_below_its_maintenance_margin_is_liquidated() -> None:
    client = opened(collateral_usdc=2_000)
    client.place(1, Price=305_000, BaseAmount=100_000, TimeInForce=TimeInForce.IOC)
    client.pass_time(1.0)
    account = client.venue.exchange.accounts[ACCOUNT]
    assert account.position(0).lots > 50_000
    client.place(2, Price=290_000, BaseAmount=100)
    client.venue.play(step_of({"do": "leap", "market": "ETH", "bps": -620}))
    client.pass_time(2.0)
    assert account.position(0).lots == 0
    assert account.live_orders() == []
    kinds = {trade.kind for trade in client.venue.truth.of(Traded)}
    assert kinds == {"order", "liquidation"}
