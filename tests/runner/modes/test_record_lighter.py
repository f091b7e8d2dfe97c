"""Lighter's market data are recorded read-only, and replay as any other tape."""

import json
from pathlib import Path

import pytest

from runner.command import start
from tests.connectors.lighter.loopback import served
from tests.venues.lighter.venue import Setup

RECORD = ("experiment=record_lighter", "market=[btc,eth]", "watch=lines")


def addresses(port: int) -> list[str]:
    """Return what sends a run to the house on loopback."""
    return [
        f"venue.rest_url=http://127.0.0.1:{port}",
        f"venue.ws_url=ws://127.0.0.1:{port}/stream",
    ]


def test_what_is_recorded_is_whole_and_replays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = {"MMRUNNER_HOME": str(tmp_path)}
    with served(Setup()) as port:
        assert start([*RECORD, "duration_s=1.5", *addresses(port)], home) == 0
    (folder,) = (tmp_path / "outputs" / "tapes").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "BTC.btc@00001.tape",
        "ETH.eth@00001.tape",
    ]
    replayed = ["experiment=recorded_lighter", "tape=mmrunner", f"tape.path={folder}"]
    capsys.readouterr()
    assert start([*replayed, "mode=doctor"], home) == 0
    assert "gap" not in capsys.readouterr().out
    run = tmp_path / "run"
    words = ["replay.tier=parity", "watch=none", f"hydra.run.dir={run}"]
    assert start([*replayed, *words], home) == 0
    market = json.loads((run / "summary.json").read_text())["markets"]["btc"]
    assert market["events"] > 20
    assert market["tape"]["gaps"] == 0
    assert not (tmp_path / "outputs" / "ledgers").exists()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("venue.chain_id=300", "expected 304, that of mainnet, was 300"),
        (
            "venue.rest_url=https://testnet.zklighter.elliot.ai",
            "expected a host of mainnet, was testnet's",
        ),
        ("venue.ws_url=ws://example.com/stream", "expected TLS but to this machine itself"),
        ("venue.reads_have_weight=true", "expected at least 1200 where reads_have_weight"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str, said: str
) -> None:
    assert start([*RECORD, "duration_s=0.1", word], {"MMRUNNER_HOME": str(tmp_path)}) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "outputs").exists()
