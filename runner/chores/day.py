"""Read one UTC day out of a ledger: what each market traded, paid, got and won."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from connectors.model.errors import DataError
from connectors.model.events import MAKER
from connectors.model.instrument import Instrument
from runner.report.exact import exact_sum

DAY_NS = 86_400_000_000_000
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class MarketDay:
    """One market's day. Money is in its quote currency, but for fees told in another one.

    `net` is what the day's brakes looked at: positions at the last mid, fees of makers as
    configured; None where no mark was kept. `fees` are by currency, positive is paid.
    """

    market: str
    quote: str
    orders: int
    refused: int
    fills: int
    makers: int
    volume: Decimal
    fees: Mapping[str, Decimal]
    funding: Decimal
    net: Decimal | None
    adjustments: int


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """A day of a deploy: its markets, its processes, and what its ledger noted."""

    day: int
    markets: tuple[MarketDay, ...]
    sessions: int
    crashed: int
    notes: tuple[tuple[int, str, str], ...]
    """Moment in ns, market (empty: all), text."""


def read_day(path: Path, instruments: Mapping[str, Instrument], day: int) -> LedgerDay:
    """Return a day, counted from the epoch, of a ledger that may be in use.

    Raises:
        DataError: the ledger cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            db.execute("BEGIN")
            return _read(db, instruments, day)
    except sqlite3.Error as error:
        raise DataError(f"ledger {path}: expected one that can be read: {error}") from None


def _read(db: sqlite3.Connection, instruments: Mapping[str, Instrument], day: int) -> LedgerDay:
    span = (day * DAY_NS, (day + 1) * DAY_NS)
    sessions, crashed = db.execute(
        "SELECT COUNT(*), COALESCE(SUM(exit IS NULL AND ended IS NOT NULL OR exit = 1), 0)"
        " FROM sessions WHERE started < ? AND COALESCE(ended, started) >= ?",
        (span[1], span[0]),
    ).fetchone()
    notes = db.execute(
        "SELECT ns, market, what FROM audit WHERE ns >= ? AND ns < ? ORDER BY ns", span
    ).fetchall()
    markets = tuple(_market(db, name, of, day, span) for name, of in instruments.items())
    return LedgerDay(day, markets, sessions, crashed, tuple(notes))


def _market(
    db: sqlite3.Connection, name: str, of: Instrument, day: int, span: tuple[int, int]
) -> MarketDay:
    here = (name, *span)
    orders, refused = db.execute(
        "SELECT COUNT(*), COUNT(refused_code) FROM orders"
        " WHERE market = ? AND intent_ns >= ? AND intent_ns < ?",
        here,
    ).fetchone()
    fills = db.execute(
        "SELECT ticks * lots, role, fee, fee_ccy FROM fills"
        " WHERE market = ? AND venue_ns >= ? AND venue_ns < ?",
        here,
    ).fetchall()
    paid = db.execute(
        "SELECT amount FROM funding WHERE market = ? AND funding_ns >= ? AND funding_ns < ?", here
    ).fetchall()
    (adjustments,) = db.execute(
        "SELECT COUNT(*) FROM adjustments WHERE market = ? AND ns >= ? AND ns < ?", here
    ).fetchone()
    tick_lot = of.tick_size * of.lot_size_base
    return MarketDay(
        market=name,
        quote=of.quote,
        orders=orders,
        refused=refused,
        fills=len(fills),
        makers=sum(role == MAKER for _, role, _, _ in fills),
        volume=sum(tick_lots for tick_lots, _, _, _ in fills) * tick_lot,
        fees=dict(_by_currency((fee, currency) for _, _, fee, currency in fills)),
        funding=exact_sum(*(Decimal(amount) for (amount,) in paid)),
        net=_net(db, name, day, tick_lot),
        adjustments=adjustments,
    )


def _by_currency(fees: Iterator[tuple[str, str]]) -> Iterator[tuple[str, Decimal]]:
    told = sorted(fees, key=lambda fee: fee[1])
    for currency in dict.fromkeys(currency for _, currency in told):
        yield currency, exact_sum(*(Decimal(fee) for fee, other in told if other == currency))


def _net(db: sqlite3.Connection, name: str, day: int, tick_lot: Decimal) -> Decimal | None:
    rows = db.execute(
        "SELECT equity_half_tick_lots - opening_half_tick_lots FROM days"
        " WHERE market = ? AND day = ?",
        (name, day),
    ).fetchall()
    return exact_sum(*(Decimal(won) * tick_lot / 2 for (won,) in rows)) if rows else None
