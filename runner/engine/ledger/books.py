"""Write what is neither an order nor a fill: money, days, slots and latches."""

import sqlite3
from collections.abc import Callable
from dataclasses import astuple
from decimal import Decimal

from runner.engine.ledger.entries import (
    AccountDay,
    Balance,
    Book,
    Counted,
    Day,
    DayKept,
    Funding,
    Latched,
    Lifted,
    Note,
    PairKept,
    RateKept,
    Slot,
    Steered,
)
from runner.engine.rates import Rates

PAYMENT = "payment"
EXTRA = "extra"
CORRECTION = "correction"
"""What a row of funding is: the first of its time, another one, or a change to one already told."""

SLOTS_KEPT_NS = 40 * 86_400_000_000_000
"""How long a claimed slot is remembered: longer than the longest month."""


def write(db: sqlite3.Connection, rates: Rates, entry: Book, note: Callable[[Note], None]) -> None:
    """Write one entry; what is there already is not written again."""
    match entry:
        case Balance():
            db.execute(
                "INSERT OR IGNORE INTO balances VALUES (?, ?, ?, ?, ?)",
                (entry.account, entry.currency, f"{entry.amount:f}", entry.now_ns, entry.source),
            )
        case Funding():
            _fund(db, rates, entry, note)
        case Slot():
            _claim(db, entry)
        case Counted():
            db.execute(
                "INSERT OR REPLACE INTO budgets VALUES (?, ?, ?, ?)",
                (entry.venue, entry.scope, entry.state, entry.now_ns),
            )
        case Latched():
            db.execute(
                "INSERT INTO latches VALUES (?, ?, ?, ?, NULL, NULL)",
                (entry.kind, entry.since_ns, entry.by, entry.why),
            )
        case Lifted():
            db.execute(
                "UPDATE latches SET lifted_ns = ?, lifted_by = ?"
                " WHERE kind = ? AND lifted_ns IS NULL",
                (entry.now_ns, entry.by, entry.kind),
            )
        case DayKept():
            _keep_day(db, entry)
        case Steered():
            row = (*astuple(entry)[:-2], int(entry.done), entry.line)
            db.execute("INSERT OR IGNORE INTO commands VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", row)
        case AccountDay():
            db.execute(
                "INSERT OR REPLACE INTO account_days VALUES (?, ?, ?)",
                (entry.day, f"{entry.peak:f}", entry.now_ns),
            )
        case PairKept():
            db.execute(
                "INSERT OR REPLACE INTO pairs VALUES (?, ?, ?)",
                (entry.pair, entry.state, entry.now_ns),
            )
        case RateKept():
            db.execute(
                "INSERT OR REPLACE INTO rates VALUES (?, ?, ?, ?)",
                (entry.market, entry.settled_ns, entry.rate, entry.interval_ns),
            )


def _fund(
    db: sqlite3.Connection, rates: Rates, told: Funding, note: Callable[[Note], None]
) -> None:
    """Book a payment once; another amount under its id is booked as the difference."""
    paid = told.payment
    (booked,) = db.execute(
        "SELECT group_concat(amount, ' ') FROM funding WHERE account = ? AND market = ?"
        " AND (payment_id = ? OR payment_id LIKE ? || '#%')",
        (told.account, told.market, paid.payment_id, paid.payment_id),
    ).fetchone()
    if booked is None:
        (others,) = db.execute(
            "SELECT COUNT(*) FROM funding WHERE account = ? AND market = ? AND funding_ns = ?",
            (told.account, told.market, paid.paid_ns),
        ).fetchone()
        _insert(db, rates, told, paid.payment_id, paid.amount, EXTRA if others else PAYMENT)
        return
    amounts = [Decimal(amount) for amount in booked.split()]
    change = paid.amount - sum(amounts)
    if change == 0:
        return
    _insert(db, rates, told, f"{paid.payment_id}#{len(amounts)}", change, CORRECTION)
    text = f"the funding payment {paid.payment_id} has changed"
    before, after = f"{sum(amounts):f}", f"{paid.amount:f}"
    note(Note(told.recv_ns, told.market, text, before=before, after=after))


def _insert(
    db: sqlite3.Connection,
    rates: Rates,
    told: Funding,
    payment_id: str,
    amount: Decimal,
    kind: str,
) -> None:
    paid = told.payment
    rate = rates.of(paid.currency)
    db.execute(
        "INSERT INTO funding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            told.account,
            told.market,
            payment_id,
            paid.paid_ns,
            f"{amount:f}",
            paid.currency,
            None if paid.rate is None else f"{paid.rate:f}",
            None if rate is None else f"{amount * rate:f}",
            kind,
            told.recv_ns,
        ),
    )


def _claim(db: sqlite3.Connection, slot: Slot) -> None:
    row = (slot.job, slot.slot_ns, slot.now_ns)
    db.execute("INSERT OR IGNORE INTO slots VALUES (?, ?, ?)", row)
    oldest_ns = slot.now_ns - SLOTS_KEPT_NS
    db.execute("DELETE FROM slots WHERE job = ? AND slot_ns < ?", (slot.job, oldest_ns))


def _keep_day(db: sqlite3.Connection, kept: DayKept) -> None:
    day = kept.figures
    db.execute(
        "INSERT OR REPLACE INTO days VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            day.account,
            day.market,
            day.day,
            day.opening_half_tick_lots,
            day.equity_half_tick_lots,
            day.peak_half_tick_lots,
            day.day_notional_tick_lots,
            day.notional_tick_lots,
            day.losing,
            kept.now_ns,
        ),
    )


def payments_since_ns(db: sqlite3.Connection, account: str, market: str, overlap_ns: int) -> int:
    """Return since when payments may be missing or changed, never before the first session."""
    (last_ns,) = db.execute(
        "SELECT COALESCE(MAX(funding_ns), 0) FROM funding WHERE account = ? AND market = ?",
        (account, market),
    ).fetchone()
    (born_ns,) = db.execute("SELECT COALESCE(MIN(started), 0) FROM sessions").fetchone()
    return max(int(last_ns) - overlap_ns, int(born_ns))


def last_day(db: sqlite3.Connection, account: str, market: str) -> Day | None:
    """Return the latest figures of a market."""
    row = db.execute(
        "SELECT account, market, day, opening_half_tick_lots, equity_half_tick_lots,"
        " peak_half_tick_lots, day_notional_tick_lots, notional_tick_lots, losing FROM days"
        " WHERE account = ? AND market = ? ORDER BY day DESC LIMIT 1",
        (account, market),
    ).fetchone()
    return None if row is None else Day(*row)


def account_peak(db: sqlite3.Connection, day: int) -> Decimal:
    """Return the best result of all markets together on a UTC day (0: none is kept)."""
    found = db.execute("SELECT peak_reporting FROM account_days WHERE day = ?", (day,)).fetchone()
    return Decimal(0) if found is None else Decimal(found[0])


def budgets(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return what venues had counted, by venue and scope."""
    return {row[:2]: row[2] for row in db.execute("SELECT venue, scope, state FROM budgets")}


def pairs(db: sqlite3.Connection) -> dict[str, str]:
    """Return what every pair holds and remembers, by its name."""
    return dict(db.execute("SELECT pair, state FROM pairs").fetchall())


def rates_of(db: sqlite3.Connection, market: str, since_ns: int) -> list[tuple[int, float, int]]:
    """Return a market's settlements since a moment, rising: when, rate, interval."""
    found = db.execute(
        "SELECT settled_ns, rate, interval_ns FROM rates WHERE market = ? AND settled_ns >= ?"
        " ORDER BY settled_ns",
        (market, since_ns),
    )
    return [(int(at_ns), float(rate), int(interval_ns)) for at_ns, rate, interval_ns in found]


def last_commands(db: sqlite3.Connection, most: int) -> list[tuple[str, bool, str]]:
    """Return identity, outcome and line of the last commands, oldest first."""
    rows = db.execute(
        "SELECT identity, done, line FROM commands ORDER BY rowid DESC LIMIT ?", (most,)
    ).fetchall()
    return [(identity, bool(done), line) for identity, done, line in reversed(rows)]


def paused_by(db: sqlite3.Connection, market: str, others: str) -> str:
    """Return who has paused a market that nobody has resumed since; empty where nobody has.

    `others` is the word for many markets that means this one too.
    """
    row = db.execute(
        "SELECT what, who FROM commands WHERE done = 1 AND what IN"
        " ('pause', 'pull', 'flatten', 'resume') AND market IN (?, ?) ORDER BY rowid DESC LIMIT 1",
        (market, others),
    ).fetchone()
    return "" if row is None or row[0] == "resume" else str(row[1])


def claimed_slots(db: sqlite3.Connection) -> set[tuple[str, int]]:
    """Return every slot that is remembered as taken."""
    return set(db.execute("SELECT job, slot_ns FROM slots"))
