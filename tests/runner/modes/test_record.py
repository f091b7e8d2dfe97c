"""A recording of a venue is a tape like any other: doctor and replay take it."""

import json
from pathlib import Path

import pytest

from connectors.tape.mmrunner import read_events
from connectors.tape.writer import TapeHeader
from runner.command import start

COMMON = ("watch=lines", "market=[btc,eth]")


def test_a_recording_in_segments_is_good_and_replays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = {"MMRUNNER_HOME": str(tmp_path)}
    assert start(["mode=record", "duration_s=2.5", "record.segment_s=1", *COMMON], home) == 0
    printed = capsys.readouterr().out
    assert "btc: " in printed
    (folder,) = (tmp_path / "outputs" / "tapes").iterdir()
    for market in ("BTCUSDT.btc", "ETHUSDT.eth"):
        names = sorted(path.name for path in folder.glob(f"{market}*"))
        assert names == [f"{market}@{k:05d}.tape" for k in range(1, len(names) + 1)]
        assert len(names) > 1
    recorded = rows_in(folder, "BTCUSDT")
    words = ["tape=mmrunner", f"tape.path={folder}", *COMMON]
    assert start(["mode=doctor", *words], home) == 0
    assert "gap" not in capsys.readouterr().out
    run = tmp_path / "run"
    replay = ["mode=replay", "replay.tier=parity", f"hydra.run.dir={run}", *words]
    assert start(replay, home) == 0
    market = json.loads((run / "summary.json").read_text())["markets"]["btc"]
    assert market["events"] == recorded
    assert market["tape"]["gaps"] == 0


def rows_in(folder: Path, symbol: str) -> int:
    """Return how many rows the segments of a market hold that none has said before."""

    def own(header: TapeHeader, rows: int) -> int:
        return rows - header.segment.repeats_rows

    files = (read_events(path, False) for path in sorted(folder.glob(f"{symbol}*")))
    return sum(own(header, len(events)) for header, events, _ in files)


def test_no_ledger_and_no_account_are_written(tmp_path: Path) -> None:
    words = ["mode=record", "duration_s=0.1", "market=btc", "watch=none"]
    assert start(words, {"MMRUNNER_HOME": str(tmp_path)}) == 0
    assert not (tmp_path / "outputs" / "ledgers").exists()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("record.segment_s=10", "record.segment_s: expected mode=record"),
        ("record.segment_mb=10", "record.segment_mb: expected mode=record"),
    ],
)
def test_segments_are_of_a_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str, said: str
) -> None:
    assert start([word, "duration_s=0.1"], {"MMRUNNER_HOME": str(tmp_path)}) == 2
    assert said in capsys.readouterr().err


def test_the_disk_needs_room_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["mode=record", "duration_s=0.1", "risk.min_free_mb=1000000000"]
    assert start(words, {"MMRUNNER_HOME": str(tmp_path)}) == 1
    assert "expected risk.min_free_mb=1000000000 of disk" in capsys.readouterr().err
