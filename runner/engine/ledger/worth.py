"""Say what a market's fills, fees and funding have come to, as the ledger has them."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

ZERO = Decimal(0)

CASH = (
    "SELECT COALESCE(SUM(CASE side WHEN 0 THEN -ticks * lots ELSE ticks * lots END), 0)"
    " FROM fills WHERE account = ? AND market = ?"
)
FEES = (
    "SELECT fee, fee_ccy, COUNT(*) FROM fills WHERE account = ? AND market = ?"
    " GROUP BY fee, fee_ccy"
)
FUNDING = "SELECT amount, currency FROM funding WHERE account = ? AND market = ?"
LOTS = "SELECT lots FROM positions WHERE account = ? AND market = ?"
LAST = (
    "SELECT amount FROM balances WHERE account = ? AND currency = ? AND source = ?"
    " ORDER BY ns DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Made:
    """What one market has paid and received: `money` is fees and funding, by currency."""

    cash_tick_lots: int
    position_lots: int
    money: Mapping[str, Decimal]


def read_made(path: Path, accounts: Mapping[str, str]) -> dict[str, Made]:
    """Return what every market has made, given its account, from the committed ledger."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return {market: _made(db, account, market) for market, account in accounts.items()}


def read_last(path: Path, account: str, currency: str, source: str) -> Decimal | None:
    """Return the last balance that a source told; None where it never has."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        found = db.execute(LAST, (account, currency, source)).fetchone()
    return None if found is None else Decimal(found[0])


def _made(db: sqlite3.Connection, account: str, market: str) -> Made:
    key = (account, market)
    (cash,) = db.execute(CASH, key).fetchone()
    held = db.execute(LOTS, key).fetchone()
    money: dict[str, Decimal] = {}
    for fee, currency, count in db.execute(FEES, key):
        money[currency] = money.get(currency, ZERO) - Decimal(fee) * count
    for amount, currency in db.execute(FUNDING, key):
        money[currency] = money.get(currency, ZERO) + Decimal(amount)
    return Made(int(cash), 0 if held is None else int(held[0]), money)
