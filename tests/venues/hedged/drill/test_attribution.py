"""What a report tells of funding, and of a pair, is held against the ledger to the last digit."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runner.engine.ledger.tables import MONEY
from tests.venues.hedged.drill.attribution import misreported, unbalanced

S = 1_000_000_000
START_S = 1_700_000_000
STARTED, ENDED = "2023-11-14T22:13:20.000000Z", "2023-11-14T22:15:20.000000Z"
PAIR = {"funding": "4", "basis": "0.5", "slippage": "0.25", "fees": "0.75", "net": "3.5"}


def ledger_of(path: Path, *paid: tuple[float, float, str]) -> Path:
    """Return a ledger that has booked payments: when paid and when booked, since the start."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(MONEY)
        for k, (paid_s, booked_s, amount) in enumerate(paid):
            at, booked = (int((START_S + s) * S) for s in (paid_s, booked_s))
            row = ("1", "leg", str(k), at, amount, "USDC", None, None, "payment", booked)
            db.execute("INSERT INTO funding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return path


def run_of(path: Path, funding: str, **pair: str | None) -> Path:
    """Return the runs of which one has told this."""
    run = path / "runs" / "one"
    run.mkdir(parents=True)
    parts = dict.fromkeys(("spread", "adverse", "inventory", "hedge", "fees"), "0")
    parts["funding"] = funding
    market = {"parts": parts, "pnl": {"net": funding, "funding": funding}}
    summary = {
        "started": STARTED,
        "ended": ENDED,
        "markets": {"leg": market},
        "totals": {"tear": {"parts": parts}, "pnl": {"net": funding}},
        "pairs": {"doge": PAIR | pair},
    }
    (run / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return run.parent


@pytest.mark.parametrize(
    ("told", "is_right"), [("6.000001", True), ("4.000001", True), ("0.000001", False)]
)
def test_what_is_told_is_what_was_booked_but_for_the_moment_of_a_start(
    tmp_path: Path, told: str, is_right: bool
) -> None:
    before, at_start = (-10, -5, "100"), (10, 40, "2")
    later = ((60, 70, "4"), (70, 80, "0.000001"), (80, 130, "7"))
    ledger = ledger_of(tmp_path / "ledger", before, at_start, *later)
    found = misreported(run_of(tmp_path, told), ledger)
    assert (found == []) is is_right


@pytest.mark.parametrize(("net", "is_right"), [("3.5", True), ("3.4999999", False), (None, False)])
def test_a_pairs_parts_are_its_net(tmp_path: Path, net: str | None, is_right: bool) -> None:
    assert (unbalanced(run_of(tmp_path, "1", net=net)) == []) is is_right
