"""Hold a ledger against the simulated venue's own books, from outside: both files opened to read.

Each judge returns what is wrong, a line a finding; nothing is nothing wrong.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from connectors.model.events import ACCEPTED, BUY
from connectors.model.orders import SLOTS
from runner.engine.ledger.states import State

Judge = Callable[[sqlite3.Connection], list[str]]


def opened(ledger: Path, account: Path) -> sqlite3.Connection:
    """Return a connection that reads both files: the ledger, and the venue's as `venue`."""
    db = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    db.execute("ATTACH DATABASE ? AS venue", (f"file:{account}?mode=ro",))
    return db


def told(ledger: Path, account: Path, *judges: Judge) -> list[str]:
    """Return the findings of some judges, of all when none is named."""
    with closing(opened(ledger, account)) as db:
        return [line for judge in judges or ALL for line in judge(db)]


def invented_fills(db: sqlite3.Connection) -> list[str]:
    """I4: the ledger holds no fill that the venue does not know, and none twice."""
    return [f"I4 invented {fill} x{n}" for fill, n in (_ours(db) - _theirs(db)).items()]


def lost_fills(db: sqlite3.Connection) -> list[str]:
    """I4: every trade of the venue is in the ledger."""
    return [f"I4 lost {fill} x{n}" for fill, n in (_theirs(db) - _ours(db)).items()]


def positions(db: sqlite3.Connection) -> list[str]:
    """I5: fills and adjustments sum up to the venue's position, and nothing had to be adjusted."""
    found = [f"I5 adjusted {row}" for row in db.execute("SELECT market, lots FROM adjustments")]
    ours, theirs = (
        dict(
            db.execute(
                f"SELECT market, SUM(CASE side WHEN {BUY} THEN lots ELSE -lots END)"
                f" FROM {table} GROUP BY market"
            )
        )
        for table in (
            "(SELECT * FROM fills WHERE account = (SELECT account FROM venue.identity))",
            "venue.trades",
        )
    )
    if ours != theirs:
        found.append(f"I5 positions: ledger {ours}, venue {theirs}")
    return found


def sums(db: sqlite3.Connection) -> list[str]:
    """I18: the position kept is what fills and adjustments add up to; cash is the venue's."""
    kept = dict(_by_market(db, "SELECT account, market, lots FROM positions WHERE lots <> 0"))
    signed = f"CASE side WHEN {BUY} THEN lots ELSE -lots END"
    added = dict(
        _by_market(
            db,
            f"SELECT account, market, SUM(lots) AS s FROM (SELECT account, market, {signed} AS lots"
            " FROM fills UNION ALL SELECT account, market, lots FROM adjustments)"
            " GROUP BY account, market HAVING s <> 0",
        )
    )
    found = [] if kept == added else [f"I18 positions: kept {kept}, added up {added}"]
    ours, theirs = (
        db.execute(
            f"SELECT market, SUM(-ticks * {signed}) FROM {table} GROUP BY market ORDER BY market"
        ).fetchall()
        for table in (
            "(SELECT * FROM fills WHERE account = (SELECT account FROM venue.identity))",
            "venue.trades",
        )
    )
    return found if ours == theirs else [*found, f"I18 cash: ledger {ours}, venue {theirs}"]


def _by_market(db: sqlite3.Connection, query: str) -> list[tuple[tuple[str, str], int]]:
    return [((account, market), lots) for account, market, lots in db.execute(query)]


def unwritten_orders(db: sqlite3.Connection) -> list[str]:
    """I1: whatever reached the venue had been written, and committed before it was sent."""
    strangers = db.execute(
        "SELECT market, client_id FROM venue.orders EXCEPT SELECT market, client_id FROM orders"
    )
    late = db.execute(
        "SELECT market, client_id FROM orders WHERE sent_ns IS NOT NULL"
        " AND (intent_committed_ns IS NULL OR intent_committed_ns > sent_ns)"
    )
    return [f"I1 unwritten {row}" for row in strangers] + [f"I1 sent early {row}" for row in late]


def orphans(db: sqlite3.Connection) -> list[str]:
    """I2: nothing rests at the venue that the ledger believes to be over."""
    rows = db.execute(
        "SELECT market, client_id FROM venue.orders WHERE state = ?"
        " EXCEPT SELECT market, client_id FROM orders WHERE state < ?",
        (ACCEPTED, State.DONE),
    )
    return [f"I2 orphan {row}" for row in rows]


def unproven_ends(db: sqlite3.Connection) -> list[str]:
    """I3: an order that is over says why."""
    rows = db.execute(
        "SELECT market, client_id FROM orders WHERE state = ? AND evidence = ''", (State.DONE,)
    )
    return [f"I3 no evidence {row}" for row in rows]


def arithmetic(db: sqlite3.Connection) -> list[str]:
    """I6: what an order has filled is the sum of its fills, and no more than its size."""
    rows = db.execute(
        "SELECT o.market, o.client_id, o.lots, o.filled_lots, COALESCE(SUM(f.lots), 0) AS s"
        " FROM orders o LEFT JOIN fills f USING (market, client_id)"
        " GROUP BY o.market, o.client_id HAVING s <> o.filled_lots OR s > o.lots"
    )
    return [f"I6 {row}" for row in rows]


def doubles(db: sqlite3.Connection) -> list[str]:
    """I8: a slot's next order is meant only after the former one has ended."""
    found = []
    former: dict[tuple[str, int], tuple[int, int | None]] = {}
    for market, client_id, intent_ns, done_ns in db.execute(
        "SELECT market, client_id, intent_ns, done_ns FROM orders ORDER BY client_id"
    ):
        slot = (market, client_id % SLOTS)
        if slot in former:
            before, ended_ns = former[slot]
            if ended_ns is None or ended_ns > intent_ns:
                found.append(f"I8 {market}: {client_id} beside {before}")
        former[slot] = (client_id, done_ns)
    return found


def open_orders(db: sqlite3.Connection) -> list[str]:
    """At rest: no order of ours is open."""
    rows = db.execute("SELECT market, client_id FROM orders WHERE state < ?", (State.DONE,))
    return [f"open {row}" for row in rows]


ALWAYS: tuple[Judge, ...] = (
    invented_fills,
    unwritten_orders,
    orphans,
    unproven_ends,
    arithmetic,
    doubles,
)
"""What holds at every moment, also just after a kill."""
ALL: tuple[Judge, ...] = (*ALWAYS, lost_fills, positions, sums, open_orders)
"""What holds after a session that ended cleanly."""


def _ours(db: sqlite3.Connection) -> Counter[tuple[object, ...]]:
    return Counter(
        db.execute(
            "SELECT market, trade_id, client_id, side, ticks, lots, role, venue_ns FROM fills"
            " WHERE account = (SELECT account FROM venue.identity)"
        ).fetchall()
    )


def _theirs(db: sqlite3.Connection) -> Counter[tuple[object, ...]]:
    return Counter(
        db.execute(
            "SELECT market, trade_id, client_id, side, ticks, lots, role, venue_ns"
            " FROM venue.trades"
        ).fetchall()
    )
