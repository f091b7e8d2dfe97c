"""A truth log becomes books, and the judges of ledgers find in them what a ledger has missed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from connectors.model.events import BUY
from tests.judges import invented_fills, lost_fills, orphans, positions, told
from tests.venues.common.books import write_books
from tests.venues.lighter.client import Client
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.scenes import placed, under

NAMES = {"ETH": "eth", "BTC": "btc"}
FILLS = "market, trade_id, client_id, side, ticks, lots, role, venue_ns"


def traded() -> Client:
    """Return a client with a resting order, a cancelled one and a filled one."""
    client = under()
    placed(client, 1)
    client.venue.play(step_of({"do": "fill_ours", "market": "ETH"}))
    placed(client, 2, Price=298_000)
    placed(client, 3, Price=297_000)
    client.cancel(3)
    client.pass_time(0.01)
    return client


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Give a ledger that agrees with the truth of its account, and the books."""
    ledger, books = tmp_path / "ledger.sqlite", tmp_path / "books.sqlite"
    write_books(books, traded().venue.truth.lines, ACCOUNT, "lighter", NAMES)
    with closing(sqlite3.connect(ledger)) as db, db:
        db.execute("ATTACH DATABASE ? AS venue", (str(books),))
        db.execute(f"CREATE TABLE fills AS SELECT 'lighter' AS account, {FILLS} FROM venue.trades")
        db.execute("CREATE TABLE adjustments (account TEXT, market TEXT, lots INTEGER)")
        db.execute(
            "CREATE TABLE orders AS SELECT market, client_id,"
            " CASE state WHEN 16 THEN 0 ELSE 99 END AS state FROM venue.orders"
        )
    return ledger, books


JUDGES = (invented_fills, lost_fills, orphans, positions)


def test_books_have_every_order_and_every_trade(files: tuple[Path, Path]) -> None:
    with closing(sqlite3.connect(files[1])) as db:
        rows = db.execute("SELECT client_id, open_lots, state FROM orders ORDER BY client_id")
        assert rows.fetchall() == [(1, 0, 18), (2, 1_000, 16), (3, 0, 19)]
        (trade,) = db.execute("SELECT market, side, ticks, lots FROM trades").fetchall()
        assert trade == ("eth", BUY, 299_000, 1_000)


def test_a_ledger_that_agrees_passes(files: tuple[Path, Path]) -> None:
    assert told(*files, *JUDGES) == []


@pytest.mark.parametrize(
    ("bug", "finding"),
    [
        ("DELETE FROM fills", "I4 lost"),
        ("UPDATE fills SET lots = lots + 1", "I4 invented"),
        ("UPDATE orders SET state = 99", "I2 orphan"),
        ("INSERT INTO adjustments VALUES ('lighter', 'eth', 1)", "I5 adjusted"),
    ],
)
def test_what_a_ledger_has_wrong_is_found(files: tuple[Path, Path], bug: str, finding: str) -> None:
    with closing(sqlite3.connect(files[0])) as db, db:
        db.execute(bug)
    assert any(line.startswith(finding) for line in told(*files, *JUDGES))
