"""A market with a ledger, for tests."""

import sqlite3
from decimal import Decimal
from typing import Any

from connectors.model.account import Trade
from connectors.model.events import BUY, MAKER
from runner.engine.ledger.entries import Terms
from runner.engine.ledger.store import Store

MARKET = "btc"
ACCOUNT = "a1"
TERMS = Terms("sim", "BTC", Decimal("0.001"), "USDT", Decimal("0.001"), Decimal("-0.5"), Decimal(5))


def trade(trade_id: int, client_id: int, *, side: int = BUY, lots: int = 1) -> Trade:
    """Return a maker's trade at 100 ticks."""
    return Trade(trade_id, client_id, side, 100, lots, MAKER, trade_id)


def rows(store: Store, table: str) -> list[dict[str, Any]]:
    """Return a table's rows as they stand, committed or not."""
    db: sqlite3.Connection = store._db
    found = db.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def order_row(store: Store, client_id: int) -> dict[str, Any]:
    """Return one order's row."""
    (row,) = [row for row in rows(store, "orders") if row["client_id"] == client_id]
    return row
