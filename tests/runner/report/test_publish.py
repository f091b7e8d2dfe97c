from dataclasses import replace
from pathlib import Path

import numpy as np

from runner.engine.history import DECISION_LAYOUT
from runner.report.publish import publish
from runner.results import DecisionRows
from tests.runner.report.fake_run import market, run


def test_everything_promised_is_written(tmp_path: Path) -> None:
    rows = np.zeros(3, np.dtype(list(DECISION_LAYOUT)))
    result = replace(run(market()), decisions=[DecisionRows("btc", DECISION_LAYOUT, rows)])
    publish(tmp_path / "all", result, "all")
    assert sorted(p.name for p in (tmp_path / "all").iterdir()) == [
        "decisions.parquet",
        "fills.csv",
        "report.html",
        "summary.json",
    ]


def test_no_decisions_are_written_unless_kept(tmp_path: Path) -> None:
    publish(tmp_path, run(market()), "none")
    assert not (tmp_path / "decisions.parquet").exists()


def test_the_same_run_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        publish(tmp_path / name, run(market()), "none")
    for file in ("fills.csv", "report.html", "summary.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
