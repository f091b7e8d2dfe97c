"""Turn a truth log into a venue's books: a file that `tests.judges` holds a ledger against.

The tables are those that the simulated venue keeps of itself, so the same judges look at a run
against a stand-in. Markets have the names that the deploy gives them.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from connectors.model.events import ACCEPTED, CANCELLED, EXPIRED, FILLED, REJECTED
from tests.stage.truth import OURS, Accepted, Amended, Ended, Refused, Traded
from tests.venues.common.truth import Fact, Line

SCHEMA = """
CREATE TABLE orders (
    market TEXT, client_id INTEGER, side INTEGER, ticks INTEGER, open_lots INTEGER,
    state INTEGER, venue_ns INTEGER, PRIMARY KEY (market, client_id)
);
CREATE TABLE trades (
    market TEXT, trade_id INTEGER, client_id INTEGER, side INTEGER, ticks INTEGER, lots INTEGER,
    role INTEGER, venue_ns INTEGER, PRIMARY KEY (market, trade_id)
);
CREATE TABLE fees (
    market TEXT, trade_id INTEGER, amount TEXT, currency TEXT, PRIMARY KEY (market, trade_id)
);
CREATE TABLE identity (one INTEGER PRIMARY KEY, account TEXT);
"""
STAMP_NS = 1_000


def write_books(
    path: Path,
    lines: Iterable[Line],
    account: int,
    name: str,
    markets: Mapping[str, str],
    stamp_ns: int = STAMP_NS,
) -> None:
    """Write one account's books to a new file.

    `name` is what the ledger calls the account, `markets` gives the deploy's name of each symbol,
    and the venue's stamps are whole multiples of `stamp_ns`.
    """
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(SCHEMA)
        db.execute("INSERT INTO identity VALUES (1, ?)", (name,))
        for line in lines:
            if line.account == account:
                stamped = replace(line.fact, ns=line.fact.ns // stamp_ns * stamp_ns)
                _enter(db, stamped, markets)


def _enter(db: sqlite3.Connection, fact: Fact, markets: Mapping[str, str]) -> None:
    match fact:
        case Accepted(ns, market, client_id, _, side, ticks, lots, owner) if owner == OURS:
            row = (markets[market], client_id, side, ticks, lots, ACCEPTED, ns)
            db.execute("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        case Amended(ns, market, client_id, _, _, ticks, _, open_lots):
            db.execute(
                "UPDATE orders SET ticks = ?, open_lots = ? WHERE market = ? AND client_id = ?",
                (ticks, open_lots, markets[market], client_id),
            )
            if not open_lots:
                _set(db, markets[market], client_id, FILLED, ns)
        case Refused(ns, market, client_id):
            row = (markets[market], client_id, 0, 0, 0, REJECTED, ns)
            db.execute("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        case Ended(ns, market, client_id, _, why):
            state = EXPIRED if "expired" in why else CANCELLED
            _set(db, markets[market], client_id, state, ns)
        case Traded():
            _trade(db, fact, markets[fact.market])
        case _:
            pass


def _trade(db: sqlite3.Connection, made: Traded, market: str) -> None:
    key = (market, made.trade_id)
    row = (*key, made.client_id, made.side, made.ticks, made.lots, made.role, made.ns)
    db.execute("INSERT INTO trades VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    db.execute("INSERT INTO fees VALUES (?, ?, ?, ?)", (*key, str(made.fee), made.currency))
    left = db.execute(
        "UPDATE orders SET open_lots = MAX(0, open_lots - ?) WHERE market = ? AND client_id = ?"
        " RETURNING open_lots",
        (made.lots, market, made.client_id),
    ).fetchone()
    if left == (0,):
        _set(db, market, made.client_id, FILLED, made.ns)


def _set(db: sqlite3.Connection, market: str, client_id: int, state: int, ns: int) -> None:
    db.execute(
        "UPDATE orders SET open_lots = 0, state = ?, venue_ns = ?"
        " WHERE market = ? AND client_id = ?",
        (state, ns, market, client_id),
    )
