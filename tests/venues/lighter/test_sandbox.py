"""The sandbox: the product as a process, armed, against the stand-in as another one."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.venues.lighter import sandbox
from tests.venues.lighter.keys import ACCOUNT


@pytest.mark.slow
def test_an_armed_deploy_and_the_venue_agree_on_every_order_and_fill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MMRUNNER_HOME", str(tmp_path))
    words = ("duration_s=25", "watch=none", "strategy.tolerance_bps=1", "kappa=6")
    assert sandbox.main(words) == 0
    outputs = tmp_path / "outputs"
    told = (outputs / "sandbox" / "lighter.jsonl").read_text(encoding="utf-8")
    facts = [json.loads(line) for line in told.splitlines()]
    own = [fact for fact in facts if fact["account"] == ACCOUNT]
    accepted = {fact["client_id"] for fact in own if fact["fact"] == "Accepted"}
    traded = sorted(fact["trade_id"] for fact in own if fact["fact"] == "Traded")
    with closing(sqlite3.connect(outputs / "ledgers" / "lighter_sandbox.sqlite")) as db:
        orders = dict(db.execute("SELECT client_id, evidence FROM orders").fetchall())
        fills = [row[0] for row in db.execute("SELECT trade_id FROM fills ORDER BY trade_id")]
        (open_orders,) = db.execute("SELECT COUNT(*) FROM orders WHERE state < 6").fetchone()
        (adjusted,) = db.execute("SELECT COUNT(*) FROM adjustments").fetchone()
    assert len(accepted) > 10
    assert accepted == {i for i, end in orders.items() if end.startswith(("cancelled", "filled"))}
    assert fills == traded
    assert (open_orders, adjusted) == (0, 0)
