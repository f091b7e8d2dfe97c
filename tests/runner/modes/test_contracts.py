"""Whatever a contract's size: ledger, simulated account and margin agree to the last digit."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from connectors.model.events import BUY
from connectors.sim.account import PaperAccount
from connectors.sim.margin import BILLION
from tests import judges
from tests.deploys import settings_for
from tests.sessions import run_session

SIZES = {
    "a thousandth": ("0.1", "0.001"),
    "a hundredth": ("0.5", "0.01"),
    "an odd multiplier": ("0.3", "0.0037"),
}


@pytest.mark.parametrize(("tick", "lot"), SIZES.values(), ids=SIZES)
def test_linear_contracts_settle_exactly(tmp_path: Path, tick: str, lot: str) -> None:
    settings = settings_for(
        "market=btc",
        "kappa=6",
        "duration_s=60",
        "strategy.fill_lockout_ms=0",
        f"markets.btc.instrument.tick_size={tick}",
        f"markets.btc.instrument.lot_size_base={lot}",
        "markets.btc.order_size_quote=2500",
        "markets.btc.max_position_quote=10000",
        "venue.margin.mode=isolated",
        "venue.maker_fee_bps=-0.12345",
        "venue.taker_fee_bps=3.3",
    )
    ledger, account = tmp_path / "ledger.sqlite", tmp_path / "account.sqlite"
    finished = run_session(settings, tmp_path, account=account, ledger=ledger)
    assert (finished.code, judges.told(ledger, account)) == (0, [])
    with closing(sqlite3.connect(ledger)) as db:
        fills = db.execute("SELECT side, ticks, lots, fee FROM fills").fetchall()
    assert len(fills) > 5
    step = Fraction(tick) * Fraction(lot)
    traded = sum((-1 if side == BUY else 1) * ticks * lots for side, ticks, lots, _ in fills)
    fees = sum(Fraction(Decimal(fee)) for *_, fee in fills)
    x = finished.built.venues["sim"].exchange("btc")  # type: ignore[attr-defined]
    cash = x.margin.cash_half_tick_lots - Fraction(x.margin.fee_rest_ppb, BILLION)
    assert cash * step / 2 == traded * step - fees
    books = PaperAccount(account)
    assert books.standing("btc").cash_tick_lots == traded
    assert books.standing("btc").position_lots == x.position_lots
    books.close()
