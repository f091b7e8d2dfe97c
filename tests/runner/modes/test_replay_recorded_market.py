"""A real recorded market replays: the book is right, and two runs are equal."""

import csv
import json
from pathlib import Path

import pytest

from runner.command import start
from tests.recordings import recorded


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    tape = recorded("l2/binance_raw_20240718")
    home = tmp_path_factory.mktemp("home")
    directories = []
    for name in ("a", "b"):
        directory = home / name
        words = [
            "mode=replay",
            "tape=binance_raw",
            f"tape.path={tape}",
            "market=[btc,eth]",
            "watch=none",
            "record.decisions=all",
            "strategy.adverse_bps=0",  # closer quotes: more fills to compare
            f"hydra.run.dir={directory}",
        ]
        assert start(words, {"MMRUNNER_HOME": str(home)}) == 0
        directories.append(directory)
    return directories


def test_the_rebuilt_top_of_book_is_the_recorded_one(twice: list[Path]) -> None:
    summary = json.loads((twice[0] / "summary.json").read_text())
    for market in ("btc", "eth"):
        check = summary["markets"][market]["book_check"]
        assert check["compared"] > 8900
        assert check["equal"] == check["compared"]
        assert summary["markets"][market]["fills"] > 5
        assert summary["markets"][market]["unknown_orders_end"] == 0


def test_two_runs_are_equal_in_decisions_fills_and_order_ids(twice: list[Path]) -> None:
    for name in ("fills.csv", "decisions.parquet"):
        a, b = ((directory / name).read_bytes() for directory in twice)
        assert a == b
    with open(twice[0] / "fills.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["client_id"] and row["trade_id"] for row in rows)


def test_everything_that_was_promised_is_there(twice: list[Path]) -> None:
    names = {path.name for path in twice[0].iterdir()}
    assert {
        ".hydra",
        "decisions.parquet",
        "fills.csv",
        "report.html",
        "summary.json",
    } <= names
