"""With fee tiers each fill costs what its tier says: at the venue, in the ledger and the report."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from connectors.model.events import MAKER
from runner.modes.outcome import market_result
from runner.report.pnl import account_of
from runner.wiring.fees import fill_fees, opening_fees
from runner.wiring.sim import require_possible
from tests import judges
from tests.deploys import settings_for
from tests.sessions import START_NS, run_session

TIERS = (
    "[{volume_quote: 3000, maker_fee_bps: -0.25, taker_fee_bps: 2},"
    " {volume_quote: 9000, maker_fee_bps: -1, taker_fee_bps: 1}]"
)
FEES = (f"venue.fee_tiers={TIERS}", "venue.maker_fee_bps=0.1", "venue.taker_fee_bps=4")
BUSY = ("duration_s=60", "kappa=6", "strategy.fill_lockout_ms=0", "market=btc")


def expected_bps(traded_quote: Decimal, role: int) -> Decimal:
    """Return the rate of a fill by what traded before it."""
    maker, taker = "0.1", "4"
    if traded_quote >= 3000:
        maker, taker = "-0.25", "2"
    if traded_quote >= 9000:
        maker, taker = "-1", "1"
    return Decimal(maker if role == MAKER else taker)


def test_venue_ledger_and_report_say_the_same_fee_of_each_fill(tmp_path: Path) -> None:
    settings = settings_for(*BUSY, *FEES)
    ledger, account = tmp_path / "ledger.sqlite", tmp_path / "account.sqlite"
    traded = Decimal(0)
    for start_ns in (START_NS, START_NS + 60 * 10**9):
        finished = run_session(
            settings, tmp_path / str(start_ns), account=account, ledger=ledger, start_ns=start_ns
        )
        assert (finished.code, judges.told(ledger, account)) == (0, [])
        (worker,) = finished.built.workers
        of, fills = worker.market.instrument, worker.history.fills
        rates = set()
        for k, trade_id in enumerate(fills["trade_id"]):
            notional = of.notional_quote(fills["ticks"][k], fills["lots"][k])
            rate = expected_bps(traded, fills["role"][k])
            rates.add(rate)
            assert worker.history.fees_quote[trade_id] == notional * rate / 10_000
            traded += notional
        result = market_result(
            worker.market,
            settings,
            worker.history,
            opening_position_lots=0,
            opening_mark_half_ticks=worker.opening_mark_half_ticks,
            first_ns=START_NS,
            last_ns=START_NS,
        )
        assert account_of(result).pnl.fees == sum(worker.history.fees_quote.values())
        if start_ns == START_NS:
            assert fill_fees(settings, "btc", of, fills) == worker.history.fees_quote
            assert len(rates) > 1
    with closing(sqlite3.connect(ledger)) as db:
        told = db.execute("SELECT trade_id, fee, fee_source FROM fills").fetchall()
    last = {i: Decimal(fee) for i, fee, _ in told if i in worker.history.fees_quote}
    assert last == worker.history.fees_quote
    assert {source for _, _, source in told} == {"venue"}


def test_a_run_begins_with_the_fees_of_its_opening_volume() -> None:
    for volume, fees in ((0, ("0.1", "4")), (2999, ("0.1", "4")), (9000, ("-1", "1"))):
        venue = settings_for(*BUSY, *FEES, f"venue.fee_volume_quote={volume}").markets["btc"].venue
        assert opening_fees(venue) == tuple(map(Decimal, fees))


@pytest.mark.parametrize(
    "tiers",
    [
        "[{volume_quote: 5, maker_fee_bps: 1}]",
        "[{volume_quote: 5, maker_fee_bps: 1, taker_fee_bps: 200}]",
        "[{volume_quote: 5, maker_fee_bps: 1, taker_fee_bps: 2},"
        " {volume_quote: 5, maker_fee_bps: 1, taker_fee_bps: 2}]",
        "3",
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(tiers: str) -> None:
    with pytest.raises(ConfigError, match="fee_tiers: expected at most 16 rows"):
        settings_for(*BUSY, f"venue.fee_tiers={tiers}")


def test_a_rate_too_fine_to_be_exact_is_refused() -> None:
    settings = settings_for(*BUSY, *FEES, "venue.maker_fee_bps=0.123456")
    with pytest.raises(ConfigError, match="at most 5 decimals"):
        require_possible(settings, "btc")
