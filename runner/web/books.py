"""Read a deploy's ledger for a page, read-only and a page at a time."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.web.ways import Refused

PAGE = 100
BUSY_S = 2.0
MOST_STEPS = 2_000_000
"""Steps of the database's machine that a question may take."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is shown of a table, newest first; `filters` are columns that a page may ask for."""

    columns: Sequence[str]
    order: str
    has_market: bool = True
    where: str = ""


ORDER = ("market", "client_id", "side", "ticks", "lots", "filled_lots", "state")
TRADE = ("market", "side", "ticks", "lots", "role", "fee", "fee_ccy", "fee_source", "kind")
TABLES: Mapping[str, Table] = {
    "orders": Table(
        (*ORDER, "evidence", "refused_code", "intent_ns", "sent_ns", "done_ns"),
        "intent_ns DESC, client_id DESC",
    ),
    "open_orders": Table(
        (*ORDER, "intent_ns", "sent_ns"),
        "intent_ns DESC, client_id DESC",
        where="state < 6",
    ),
    "fills": Table(
        ("recv_ns", *TRADE, "trade_id", "client_id"),
        "recv_ns DESC, trade_id DESC",
    ),
    "positions": Table(("account", "market", "lots"), "market"),
    "funding": Table(
        ("funding_ns", "market", "amount", "currency", "rate", "kind"), "funding_ns DESC"
    ),
    "adjustments": Table(("ns", "market", "lots", "cause"), "ns DESC"),
    "audit": Table(("ns", "who", "what", "market", "before", "after"), "ns DESC, rowid DESC"),
    "sessions": Table(
        ("number", "started", "ended", "exit", "config_hash", "code_version"),
        "number DESC",
        has_market=False,
    ),
    "latches": Table(
        ("since_ns", "kind", "by", "why", "lifted_ns", "lifted_by"), "since_ns DESC", False
    ),
}


def page_of(ledger: Path, name: str, market: str, number: int) -> dict[str, Any]:
    """Return the columns and rows of one page; raise Refused where it cannot be read."""
    table = TABLES.get(name)
    if table is None:
        raise Refused(404, f"expected one of {', '.join(TABLES)}")
    if not ledger.is_file():
        raise Refused(404, "expected a ledger, there is none")
    chosen = bool(market) and table.has_market
    clauses = [*filter(None, [table.where]), *(["market = ?"] if chosen else [])]
    where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
    question = (
        f"SELECT {', '.join(_quoted(c) for c in table.columns)} FROM"
        f" {'orders' if name == 'open_orders' else name}{where}"
        f" ORDER BY {table.order} LIMIT {PAGE + 1} OFFSET {number * PAGE}"
    )
    rows = _rows(ledger, question, (market,) if chosen else ())
    shown = [[_plain(c, v) for c, v in zip(table.columns, row, strict=True)] for row in rows]
    return {"columns": table.columns, "rows": shown[:PAGE], "more": len(rows) > PAGE}


def fills_since(ledger: Path, since_ns: int, most: int) -> list[tuple[Any, ...]]:
    """Return the last own fills since a moment, oldest first: what a chart needs of them."""
    question = (
        "SELECT recv_ns, market, side, ticks, lots, role, trade_id FROM fills"
        f" WHERE recv_ns >= ? ORDER BY recv_ns DESC LIMIT {most}"
    )
    return _rows(ledger, question, (since_ns,))[::-1]


def _rows(ledger: Path, question: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    try:
        with closing(
            sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)
        ) as db:
            db.execute("PRAGMA query_only = 1")
            left = iter(range(MOST_STEPS // 10_000))
            db.set_progress_handler(lambda: next(left, None) is None, 10_000)
            return db.execute(question, given).fetchall()
    except sqlite3.Error as error:
        raise Refused(503, f"expected a ledger that can be read: {error}") from None


def _plain(column: str, value: Any) -> Any:
    """Return a cell as JSON has it: integers that a browser would round are text."""
    is_large = isinstance(value, int) and abs(value) >= 1 << 53
    is_name = value is not None and column.endswith(("_ns", "_id"))
    return str(value) if is_large or is_name else value


def _quoted(column: str) -> str:
    return f'"{column}"'
