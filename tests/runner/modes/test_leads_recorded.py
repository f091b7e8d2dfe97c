"""Two recorded markets of one recorder: one leads the other, and the book stays right.

No two venues of one coin are among the recordings; bitcoin stands in for the leading venue.
"""

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
            "markets.btc.role=lead",
            "markets.eth.underlying=BTC",
            "reference@markets.eth.reference=lead",
            "markets.eth.reference.lead=btc",
            "watch=none",
            "record.decisions=all",
            "strategy.adverse_bps=0",  # closer quotes: more fills to compare
            f"hydra.run.dir={directory}",
        ]
        assert start(words, {"MMRUNNER_HOME": str(home)}) == 0
        directories.append(directory)
    return directories


def test_the_follower_hears_its_lead_and_its_book_is_the_recorded_one(twice: list[Path]) -> None:
    markets = json.loads((twice[0] / "summary.json").read_text())["markets"]
    for market in ("btc", "eth"):
        check = markets[market]["book_check"]
        assert check["equal"] == check["compared"] > 8900
    held = markets["eth"]["reasons"]["bid"]
    length_s = markets["btc"]["reasons"]["bid"]["only_leads"]
    assert held["lead_warming"] < 70.0 < length_s
    assert held.get("lead_stale", 0.0) < 0.01 * length_s
    assert (markets["btc"]["orders"], markets["btc"]["fills"]) == (0, 0)
    assert markets["eth"]["fills"] > 5


def test_two_runs_are_equal_in_decisions_and_fills(twice: list[Path]) -> None:
    for name in ("fills.csv", "decisions.parquet"):
        a, b = ((directory / name).read_bytes() for directory in twice)
        assert a == b
