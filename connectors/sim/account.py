"""Keep the simulated venue's own books: orders and trades, in a file that survives a kill.

This is the venue's side of the story. The runner never writes here, so its own records can be held
against it. A session that ends without a word is a lost connection: this venue then cancels what
rested.
"""

import sqlite3
import uuid
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.model.account import (
    ABSENT,
    Fate,
    Fee,
    Payment,
    RestingOrder,
    Standing,
    Trade,
)
from connectors.model.events import (
    ACCEPTED,
    AMENDED,
    BUY,
    CANCELLED,
    EXPIRED,
    FILLED,
    REJECTED,
)
from connectors.sim.fees import DAY_NS

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
CREATE TABLE IF NOT EXISTS fees (
    market TEXT NOT NULL, trade_id INTEGER NOT NULL, amount TEXT NOT NULL, currency TEXT NOT NULL,
    PRIMARY KEY (market, trade_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS money (
    market TEXT PRIMARY KEY, cash INTEGER NOT NULL, fee_rest INTEGER NOT NULL,
    funding_rest INTEGER NOT NULL, paid_in INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS payments (
    market TEXT NOT NULL, paid_ns INTEGER NOT NULL, amount TEXT NOT NULL, currency TEXT NOT NULL,
    rate TEXT NOT NULL, PRIMARY KEY (market, paid_ns)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS trades_of ON trades (market, client_id);
CREATE INDEX IF NOT EXISTS resting ON orders (market) WHERE state = 16;
CREATE TABLE IF NOT EXISTS identity (
    one INTEGER PRIMARY KEY CHECK (one = 1), account TEXT NOT NULL
);
"""


@dataclass(slots=True)
class Totals:
    """What one market's books add up to, so that no read has to add them up again."""

    position_lots: int
    cash_tick_lots: int
    last_trade_id: int
    last_client_id: int

    def take(self, side: int, ticks: int, lots: int, trade_id: int) -> None:
        """Add one trade."""
        signed = lots if side == BUY else -lots
        self.position_lots += signed
        self.cash_tick_lots -= signed * ticks
        self.last_trade_id = max(self.last_trade_id, trade_id)


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
        self._totals: dict[str, Totals] = {}
        self._kept: dict[str, tuple[int, int, int, int]] = {}

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
        sums = self._sums(market)
        resting = self._db.execute(
            "SELECT client_id, side, ticks, open_lots FROM orders"
            " WHERE market = ? AND state = ? ORDER BY client_id",
            (market, ACCEPTED),
        ).fetchall()
        rests = tuple(RestingOrder(*r) for r in resting)
        return Standing(
            sums.position_lots,
            sums.cash_tick_lots,
            sums.last_client_id,
            sums.last_trade_id,
            rests,
            self._name,
        )

    def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Return the trades with a higher id, in order."""
        found = self._db.execute(
            "SELECT trade_id, client_id, side, ticks, lots, role, venue_ns, amount, currency"
            " FROM trades LEFT JOIN fees USING (market, trade_id)"
            " WHERE market = ? AND trade_id > ? ORDER BY trade_id",
            (market, trade_id),
        )
        return tuple(_trade(row) for row in found)

    def pay(self, market: str, paid: Payment) -> None:
        """Book a payment of funding, with the next commit; one moment pays once."""
        self._begin()
        self._db.execute(
            "INSERT OR IGNORE INTO payments VALUES (?, ?, ?, ?, ?)",
            (market, paid.paid_ns, f"{paid.amount:f}", paid.currency, f"{paid.rate or 0:f}"),
        )

    def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Return the funding that was paid later than a moment, in order."""
        found = self._db.execute(
            "SELECT paid_ns, amount, currency, rate FROM payments"
            " WHERE market = ? AND paid_ns > ? ORDER BY paid_ns",
            (market, after_ns),
        )
        return tuple(
            Payment(str(paid_ns), paid_ns, Decimal(amount), currency, Decimal(rate))
            for paid_ns, amount, currency, rate in found
        )

    def notional_by_day(self, market: str, since_ns: int) -> dict[int, int]:
        """Return the notional of each UTC day with trades, in ticks times lots."""
        found = self._db.execute(
            "SELECT venue_ns / ?, SUM(ticks * lots) FROM trades"
            " WHERE market = ? AND venue_ns >= ? GROUP BY 1",
            (DAY_NS, market, since_ns),
        )
        return dict(found.fetchall())

    def money(self, market: str) -> tuple[int, int, int, int]:
        """Return what a margin market's money was: cash, rests and what was paid in.

        Cash is in half ticks times lots. Trades from before margin count without their fees.
        """
        found = self._db.execute(
            "SELECT cash, fee_rest, funding_rest, paid_in FROM money WHERE market = ?", (market,)
        ).fetchone()
        return found or (2 * self._sums(market).cash_tick_lots, 0, 0, 0)

    def keep_money(self, market: str, money: tuple[int, int, int, int]) -> None:
        """Keep a margin market's money beside its trades, with the next commit."""
        if self._kept.get(market) != money:
            self._begin()
            self._db.execute(
                "INSERT OR REPLACE INTO money VALUES (?, ?, ?, ?, ?)", (market, *money)
            )
            self._kept[market] = money

    def order_fate(self, market: str, client_id: int) -> Fate:
        """Return what the books say of an order; ABSENT when they have never had it."""
        order = self._db.execute(
            "SELECT state, ticks, open_lots FROM orders WHERE market = ? AND client_id = ?",
            (market, client_id),
        ).fetchone()
        (filled,) = self._db.execute(
            "SELECT COALESCE(SUM(lots), 0) FROM trades WHERE market = ? AND client_id = ?",
            (market, client_id),
        ).fetchone()
        if order is None:
            return Fate(ABSENT, filled)
        state, ticks, open_lots = order
        return Fate(state, filled, ticks, filled + open_lots) if open_lots else Fate(state, filled)

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
        fee: Fee | None = None,
    ) -> None:
        """Book one report of the exchange, with what a fill cost where that is told."""
        sums = self._sums(market)
        self._begin()
        if kind == FILLED:
            self._db.execute(
                "INSERT INTO trades VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (market, trade_id, client_id, side, ticks, lots, code, venue_ns),
            )
            sums.take(side, ticks, lots, trade_id)
            if fee is not None:
                self._db.execute(
                    "INSERT INTO fees VALUES (?, ?, ?, ?)",
                    (market, trade_id, f"{fee.amount:f}", fee.currency),
                )
            self._db.execute(
                "UPDATE orders SET open_lots = MAX(0, open_lots - ?),"
                " state = CASE WHEN open_lots <= ? THEN ? ELSE state END"
                " WHERE market = ? AND client_id = ?",
                (lots, lots, FILLED, market, client_id),
            )
        elif kind in (ACCEPTED, REJECTED):
            sums.last_client_id = max(sums.last_client_id, client_id)
            self._db.execute(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET venue_ns = excluded.venue_ns",
                (market, client_id, side, ticks, lots, kind, venue_ns),
            )
        elif kind == AMENDED:
            self._amend(market, client_id, ticks, lots)
        elif kind in (CANCELLED, EXPIRED):
            self._db.execute(
                "UPDATE orders SET state = ?, open_lots = 0 WHERE market = ? AND client_id = ?",
                (kind, market, client_id),
            )

    def _amend(self, market: str, client_id: int, ticks: int, lots: int) -> None:
        """Book an order's new terms; one that has filled as much is over."""
        filled = self.order_fate(market, client_id).filled_lots
        state = ACCEPTED if lots > filled else FILLED
        self._db.execute(
            "UPDATE orders SET ticks = ?, open_lots = ?, state = ?"
            " WHERE market = ? AND client_id = ?",
            (ticks, lots - filled, state, market, client_id),
        )

    def _sums(self, market: str) -> Totals:
        """Return a market's totals; the file is added up once."""
        if market not in self._totals:
            position, cash, trade_id = self._db.execute(
                "SELECT COALESCE(SUM(CASE side WHEN ?1 THEN lots ELSE -lots END), 0),"
                " COALESCE(SUM(CASE side WHEN ?1 THEN -lots ELSE lots END * ticks), 0),"
                " COALESCE(MAX(trade_id), 0) FROM trades WHERE market = ?2",
                (BUY, market),
            ).fetchone()
            (client_id,) = self._db.execute(
                "SELECT COALESCE(MAX(client_id), 0) FROM orders WHERE market = ?", (market,)
            ).fetchone()
            self._totals[market] = Totals(position, cash, trade_id, client_id)
        return self._totals[market]

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


def _trade(columns: tuple[Any, ...]) -> Trade:
    """Return a trade from its columns, with the fee's amount and currency at the end."""
    *trade, amount, currency = columns
    fee = None if currency is None else Fee(Decimal(amount), currency)
    return replace(Trade(*trade), fee=fee)
