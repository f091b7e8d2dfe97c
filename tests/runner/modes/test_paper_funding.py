"""Funding on paper: each settlement is paid once, of what was held at its stamp."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.wiring.sim import paper_venue
from tests.deploys import settings_for
from tests.sessions import Finished, run_session
from tests.virtual import START_NS, SetClock

EVERY_NS = 9_000_000_000
WORDS = (
    "market=btc",
    "duration_s=40",
    "kappa=8",
    "venue.funding_rate_bps=10",
    "venue.funding_interval_h=0.0025",
)


def ran(path: Path, *words: str, start_ns: int = START_NS) -> Finished:
    return run_session(
        settings_for(*WORDS, *words),
        path / str(start_ns),
        account=path / "account.sqlite",
        ledger=path / "ledger.sqlite",
        start_ns=start_ns,
    )


def paid(path: Path) -> list[tuple[int, Decimal, str]]:
    with closing(sqlite3.connect(path / "ledger.sqlite")) as db:
        rows = db.execute("SELECT funding_ns, amount, kind FROM funding ORDER BY funding_ns")
        return [(int(ns), Decimal(amount), kind) for ns, amount, kind in rows]


def held_before(path: Path, at_ns: int) -> Decimal:
    with closing(sqlite3.connect(path / "account.sqlite")) as db:
        rows = db.execute("SELECT side, lots FROM trades WHERE venue_ns < ?", (at_ns,))
        return sum((Decimal(lots if side == 0 else -lots) for side, lots in rows), Decimal(0))


def test_longs_pay_at_each_multiple_of_the_interval_and_shorts_get(tmp_path: Path) -> None:
    ran(tmp_path)
    ran(tmp_path, start_ns=START_NS + 80_000_000_000)
    found = paid(tmp_path)
    assert found
    for at_ns, amount, kind in found:
        held = held_before(tmp_path, at_ns)
        assert at_ns % EVERY_NS == 0
        assert kind == "payment"
        assert held
        assert (amount < 0) == (held > 0)


def test_a_venue_announces_its_next_settlement(tmp_path: Path) -> None:
    settings = settings_for(*WORDS)
    venue = paper_venue(settings, ["btc"], SetClock(START_NS), None)
    told = venue.announced("btc")
    assert told is not None
    assert (told.rate, told.interval_ns) == (Decimal("0.001"), EVERY_NS)
    assert told.next_ns == (START_NS // EVERY_NS + 1) * EVERY_NS


def test_a_rate_too_fine_to_be_exact_with_margin_is_refused() -> None:
    settings = settings_for(*WORDS, "venue.margin.mode=isolated", "venue.funding_rate_bps=0.123456")
    with pytest.raises(ConfigError, match="at most 5 decimals with margin"):
        paper_venue(settings, ["btc"], SetClock(START_NS), None)
