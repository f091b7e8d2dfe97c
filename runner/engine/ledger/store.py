"""Write entries into the ledger file, and read what a start needs to know."""

import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from connectors.model.errors import MmrunnerError
from connectors.model.events import FILLED
from connectors.numbered import Bound
from runner.engine.failpoints import Point, reached
from runner.engine.ledger import lives
from runner.engine.ledger.books import (
    account_peak,
    budgets,
    claimed_slots,
    last_commands,
    last_day,
    pairs,
    paused_by,
    payments_since_ns,
    rates_of,
    write,
)
from runner.engine.ledger.entries import (
    Adjustment,
    AmendIntent,
    AmendSent,
    Cursor,
    Day,
    Entry,
    Fill,
    Intent,
    Note,
    Sent,
    SessionEnd,
    SessionStart,
    Terms,
    Word,
)
from runner.engine.ledger.fills import book, move
from runner.engine.ledger.kind import take
from runner.engine.ledger.schema import prepare
from runner.engine.ledger.soundness import (
    checkpoint,
    require_past,
    require_whole,
    require_writable,
)
from runner.engine.ledger.states import Life
from runner.engine.rates import Rates

BUSY_MS = 5_000
NO_RATES = Rates("", {})
"""With which nothing is converted."""


class Store:
    """The ledger's file, or one in memory when `path` is None. Nothing lasts until `commit`.

    Raises MmrunnerError for a file that is no ledger, cannot be written, is of a newer release, or
    holds books of another `kind` than the one that is named.
    """

    def __init__(
        self,
        path: Path | None,
        terms: Mapping[str, Terms],
        rates: Rates = NO_RATES,
        kind: str | None = None,
    ) -> None:
        self._terms = terms
        self._rates = rates
        try:
            self._db = _opened(path)
        except sqlite3.Error as error:
            raise MmrunnerError(
                f"ledger {path}: expected a ledger that can be written, but: {error}; move it away"
                " or choose another name with deploy=NAME"
            ) from None
        if kind is not None:
            take(self._db, path, kind)
        self._config_hash = ""
        self._code_version = ""
        self._session: int | None = None

    def apply(self, entry: Entry) -> None:
        """Write one entry; what the ledger already holds is not written again."""
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
        match entry:
            case Intent():
                self._intend(entry)
            case Sent():
                lives.send(self._db, entry, self._note)
            case AmendIntent() | AmendSent():
                lives.amend(self._db, entry, self._note)
            case Word():
                lives.move(self._db, entry, self._note)
            case Fill():
                self._fill(entry)
            case Adjustment():
                row = (entry.account, entry.market, entry.lots, entry.cause, entry.now_ns)
                self._db.execute("INSERT INTO adjustments VALUES (?, ?, ?, ?, ?)", row)
                move(self._db, entry.account, entry.market, entry.lots)
            case Cursor():
                self._db.execute(
                    "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)",
                    (entry.account, entry.market, entry.trade_id),
                )
            case SessionStart():
                self._begin_session(entry)
            case SessionEnd():
                self._db.execute(
                    "UPDATE sessions SET ended = ?, exit = ? WHERE number = ?",
                    (entry.ended_ns, entry.exit, self._session),
                )
            case Note():
                self._note(entry)
            case _:
                write(self._db, self._rates, entry, self._note)

    def commit(self) -> None:
        """Make everything applied so far survive a loss of power."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")
            reached(Point.ACK_COMMITTED)

    def require_past(self, now_ns: int) -> None:
        """Raise MmrunnerError when the ledger was written by a clock that is ahead of ours."""
        require_past(self._db, now_ns)

    def checkpoint(self, is_idle: bool) -> int:
        """Keep the write-ahead log short; return the pages left in it. Waits for nobody."""
        return checkpoint(self._db, is_idle, BUSY_MS)

    def rollback(self) -> None:
        """Forget what was applied since the last commit."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Commit and close the file."""
        self.commit()
        self._db.close()

    def open_orders(self, market: str) -> tuple[int, ...]:
        """Return the ids of the orders whose end is not proven."""
        found = self._db.execute(
            "SELECT client_id FROM orders WHERE market = ? AND state < 6 ORDER BY client_id",
            (market,),
        )
        return tuple(client_id for (client_id,) in found)

    def open_lives(self, market: str) -> tuple[tuple[int, int, Life], ...]:
        """Return id, side and life of the orders whose end is not proven."""
        return lives.open_lives(self._db, market)

    def bounds(self, market: str) -> dict[int, Bound]:
        """Return what was promised of the orders whose end is not proven."""
        return lives.bounds(self._db, market)

    def filled_lots(self, market: str, client_id: int) -> int:
        """Return what an order has traded."""
        (lots,) = self._db.execute(
            "SELECT filled_lots FROM orders WHERE market = ? AND client_id = ?",
            (market, client_id),
        ).fetchone()
        return int(lots)

    def last_client_id(self, market: str) -> int:
        """Return the highest id ever meant to be used (0: none)."""
        (found,) = self._db.execute(
            "SELECT COALESCE(MAX(client_id), 0) FROM orders WHERE market = ?", (market,)
        ).fetchone()
        return int(found)

    def cursor(self, market: str, account: str) -> int:
        """Return the trade up to which nothing is missing (0: none)."""
        found = self._db.execute(
            "SELECT trade_id FROM cursors WHERE account = ? AND market = ?", (account, market)
        ).fetchone()
        return 0 if found is None else int(found[0])

    def position_lots(self, market: str, account: str) -> int:
        """Return what an account's fills and adjustments add up to."""
        found = self._db.execute(
            "SELECT lots FROM positions WHERE account = ? AND market = ?", (account, market)
        ).fetchone()
        return 0 if found is None else int(found[0])

    def payments_since_ns(self, market: str, account: str, overlap_ns: int) -> int:
        """Return since when funding payments may be missing or changed."""
        return payments_since_ns(self._db, account, market, overlap_ns)

    def last_day(self, market: str, account: str) -> Day | None:
        """Return the latest daily figures of a market."""
        return last_day(self._db, account, market)

    def account_peak(self, day: int) -> Decimal:
        """Return the best result of all markets together on a UTC day."""
        return account_peak(self._db, day)

    def budgets(self) -> dict[tuple[str, str], str]:
        """Return what venues had counted of us, by venue and scope."""
        return budgets(self._db)

    def last_commands(self, most: int) -> list[tuple[str, bool, str]]:
        """Return identity, outcome and line of the last commands, oldest first."""
        return last_commands(self._db, most)

    def paused_by(self, market: str, others: str) -> str:
        """Return who has paused a market, empty where nobody has."""
        return paused_by(self._db, market, others)

    def claimed_slots(self) -> set[tuple[str, int]]:
        """Return the moments that scheduled jobs have taken."""
        return claimed_slots(self._db)

    def pairs(self) -> dict[str, str]:
        """Return what every pair holds and remembers."""
        return pairs(self._db)

    def rates(self, market: str, since_ns: int) -> list[tuple[int, float, int]]:
        """Return a market's settlements since a moment."""
        return rates_of(self._db, market, since_ns)

    def _intend(self, order: Intent) -> None:
        self._db.execute(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, 0, 0, ?, NULL, NULL, NULL, '', NULL, ?, ?,"
            " NULL, NULL, ?, ?)",
            (
                order.market,
                order.client_id,
                order.side,
                order.ticks,
                order.lots,
                order.now_ns,
                self._config_hash,
                self._code_version,
                None if order.bound is None else order.bound.key_index,
                None if order.bound is None else order.bound.nonce_below,
            ),
        )

    def _fill(self, fill: Fill) -> None:
        """Book a trade once, whichever way and however often it is told."""
        if book(self._db, self._terms[fill.market], self._rates, fill, self._note):
            reached(Point.FILL_HALF_TX)
            trade = fill.trade
            filled = (FILLED, 0, fill.recv_ns, 0, trade.lots)
            lives.move(self._db, Word(fill.market, trade.client_id, *filled), self._note)

    def _begin_session(self, start: SessionStart) -> None:
        self._config_hash = start.config_hash
        self._code_version = start.code_version
        self._session = self._db.execute(
            "INSERT INTO sessions (started, config_hash, code_version) VALUES (?, ?, ?)",
            (start.started_ns, start.config_hash, start.code_version),
        ).lastrowid

    def _note(self, note: Note) -> None:
        row = (note.now_ns, note.who, note.text, note.market, note.before, note.after)
        self._db.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", row)


def _opened(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
    try:
        db.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        require_whole(db)
        prepare(db, path)
        require_writable(db)
    except (sqlite3.Error, MmrunnerError):
        db.close()
        raise
    return db
