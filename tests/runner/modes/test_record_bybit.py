"""Bybit's market data are recorded without a key, and replay as any other tape."""

import json
from pathlib import Path

import pytest

from runner.command import start
from tests.connectors.ccxt.loopback import served
from tests.venues.bybit.sandbox import addresses
from tests.venues.bybit.venue import Setup

RECORD = ("experiment=record_bybit", "market=[btc,eth]", "watch=lines")


@pytest.mark.slow
def test_what_is_recorded_is_whole_and_replays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = {"MMRUNNER_HOME": str(tmp_path)}
    stand_in = ("venue=bybit_testnet", "duration_s=3")
    with served(Setup()) as port:
        assert start([*RECORD, *stand_in, *addresses(port)], home) == 0
    (folder,) = (tmp_path / "outputs" / "tapes").iterdir()
    assert len(list(folder.iterdir())) == 2
    replayed = ["experiment=record_bybit", "mode=replay", "tape=mmrunner", f"tape.path={folder}"]
    run = tmp_path / "run"
    words = ["venue=sim", "replay.tier=parity", "watch=none", f"hydra.run.dir={run}"]
    assert start([*replayed, *words], home) == 0
    market = json.loads((run / "summary.json").read_text())["markets"]["btc"]
    assert market["events"] > 20
    assert market["tape"]["gaps"] == 0
