"""Keep the simulated venue's own books: orders and trades, in a file that survives a kill.

This is the venue's side of the story. The runner never writes here, so its own records can be held
against it. A session that ends without a word is a lost connection: this venue then cancels what
rested.
"""

import sqlite3
import uuid
from pathlib import Path

from connectors.model.account import ABSENT, Fate, RestingOrder, Standing, Trade
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    EXPIRED,
    FILLED,
    REJECTED,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    market TEXT NOT NULL, client_id INTEGER NOT NULL, side INTEGER NOT NULL,
    ticks INTEGER NOT NULL, open_lots INTEGER NOT NULL, state INTEGER NOT NULL,
    venue_ns INTEGER NOT NULL, PRIMARY KEY (market, client_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trades (
    market TEXT NOT NULL, trade_id INTEGER NOT NULL, client_id INTEGER NOT NULL,
    side INTEGER NOT NULL, ticks INTEGER NOT NULL, lots INTEGER NOT NULL,
    role INTEGER NOT NULL, venue_ns INTEGER NOT NULL, PRIMARY KEY (market, trade_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS trades_of ON trades (market, client_id);
CREATE INDEX IF NOT EXISTS resting ON orders (market) WHERE state = 16;
CREATE TABLE IF NOT EXISTS identity (
    one INTEGER PRIMARY KEY CHECK (one = 1), account TEXT NOT NULL
);
"""


class PaperAccount:
    """Orders and trades of one simulated account; in memory when `path` is None."""

    def __init__(self, path: Path | None) -> None:
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO identity VALUES (1, ?)", (uuid.uuid4().hex,))
        (self._name,) = self._db.execute("SELECT account FROM identity").fetchone()
        self._open = False

    def disconnect(self, market: str) -> int:
        """Cancel whatever a former session left resting; return how many orders that were."""
        self._begin()
        done = self._db.execute(
            "UPDATE orders SET state = ?, open_lots = 0 WHERE market = ? AND state = ?",
            (CANCELLED, market, ACCEPTED),
        )
        self.commit()
        return done.rowcount

    def standing(self, market: str) -> Standing:
        """Return position, cash and the highest ids from the books."""
        position, cash, trade = self._db.execute(
            "SELECT COALESCE(SUM(CASE side WHEN ? THEN lots ELSE -lots END), 0),"
            " COALESCE(SUM(CASE side WHEN ? THEN -lots ELSE lots END * ticks), 0),"
            " COALESCE(MAX(trade_id), 0) FROM trades WHERE market = ?",
            (BUY, BUY, market),
        ).fetchone()
        (client,) = self._db.execute(
            "SELECT COALESCE(MAX(client_id), 0) FROM orders WHERE market = ?", (market,)
        ).fetchone()
        resting = self._db.execute(
            "SELECT client_id, side, ticks, open_lots FROM orders"
            " WHERE market = ? AND state = ? ORDER BY client_id",
            (market, ACCEPTED),
        ).fetchall()
        rests = tuple(RestingOrder(*r) for r in resting)
        return Standing(position, cash, client, trade, rests, self._name)

    def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Return the trades with a higher id, in order."""
        found = self._db.execute(
            "SELECT trade_id, client_id, side, ticks, lots, role, venue_ns FROM trades"
            " WHERE market = ? AND trade_id > ? ORDER BY trade_id",
            (market, trade_id),
        )
        return tuple(Trade(*row) for row in found)

    def order_fate(self, market: str, client_id: int) -> Fate:
        """Return what the books say of an order; ABSENT when they have never had it."""
        order = self._db.execute(
            "SELECT state FROM orders WHERE market = ? AND client_id = ?", (market, client_id)
        ).fetchone()
        (filled,) = self._db.execute(
            "SELECT COALESCE(SUM(lots), 0) FROM trades WHERE market = ? AND client_id = ?",
            (market, client_id),
        ).fetchone()
        return Fate(ABSENT if order is None else order[0], filled)

    def record(
        self,
        market: str,
        kind: int,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        code: int,
        trade_id: int,
        venue_ns: int,
    ) -> None:
        """Book one report of the exchange."""
        self._begin()
        if kind == FILLED:
            self._db.execute(
                "INSERT INTO trades VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (market, trade_id, client_id, side, ticks, lots, code, venue_ns),
            )
            self._db.execute(
                "UPDATE orders SET open_lots = MAX(0, open_lots - ?),"
                " state = CASE WHEN open_lots <= ? THEN ? ELSE state END"
                " WHERE market = ? AND client_id = ?",
                (lots, lots, FILLED, market, client_id),
            )
        elif kind in (ACCEPTED, REJECTED):
            self._db.execute(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET venue_ns = excluded.venue_ns",
                (market, client_id, side, ticks, lots, kind, venue_ns),
            )
        elif kind in (CANCELLED, EXPIRED):
            self._db.execute(
                "UPDATE orders SET state = ?, open_lots = 0 WHERE market = ? AND client_id = ?",
                (kind, market, client_id),
            )

    def _begin(self) -> None:
        if not self._open:
            self._db.execute("BEGIN")
            self._open = True

    def commit(self) -> None:
        """Make everything recorded so far survive a kill."""
        if self._open:
            self._db.execute("COMMIT")
            self._open = False

    def close(self) -> None:
        """Commit and close the file."""
        self.commit()
        self._db.close()
