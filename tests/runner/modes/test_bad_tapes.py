"""A tape that is not what it should be ends a replay in one line, and nothing is written."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.command import start
from tests.recordings import recorded
from tests.sample_tape import DIRECTORY

SAMPLE = "BTCUSDT.btc.tape"


@pytest.fixture
def replay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Replay with some words; return the exit code and what was complained, once it is one line."""

    def run(*words: str) -> tuple[int, str]:
        home = tmp_path / "home"
        home.mkdir()
        code = start(
            ["mode=replay", "market=btc", "watch=none", *words], {"MMRUNNER_HOME": str(home)}
        )
        complaint = capsys.readouterr().err
        if code == 2:
            assert complaint.count("\n") == 1
            assert list(home.iterdir()) == []
        return code, complaint

    return run


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """Return a folder with a tape whose last third is missing."""
    whole = (DIRECTORY / SAMPLE).read_bytes()
    folder = tmp_path / "torn"
    folder.mkdir()
    (folder / SAMPLE).write_bytes(whole[: 2 * len(whole) // 3])
    return folder


def test_a_torn_tape_is_refused(replay: Callable[..., tuple[int, str]], torn: Path) -> None:
    code, complaint = replay("tape=mmrunner", f"tape.path={torn}")
    assert code == 2
    assert SAMPLE in complaint
    assert "tape.allow_torn=true" in complaint


def test_a_torn_tapes_good_part_is_taken_when_asked(
    replay: Callable[..., tuple[int, str]], torn: Path
) -> None:
    code, _ = replay("tape=mmrunner", f"tape.path={torn}", "tape.allow_torn=true")
    assert code == 0


def test_a_missing_tape_is_refused(replay: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    code, complaint = replay("tape=binance_raw", f"tape.path={tmp_path / 'nowhere'}")
    assert code == 2
    assert "nowhere" in complaint


def test_a_folder_without_the_market_says_what_is_there(
    replay: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(DIRECTORY / "SOLUSDT.sol.tape", folder)
    code, complaint = replay("tape=mmrunner", f"tape.path={folder}")
    assert code == 2
    assert "SOLUSDT.sol.tape" in complaint


@pytest.mark.parametrize("content", [b"", b"not a tape at all\n" * 40])
def test_an_empty_or_foreign_file_is_refused(
    replay: Callable[..., tuple[int, str]], tmp_path: Path, content: bytes
) -> None:
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / SAMPLE).write_bytes(content)
    code, complaint = replay("tape=mmrunner", f"tape.path={folder}")
    assert code == 2
    assert SAMPLE in complaint


def test_a_torn_recording_is_refused_and_taken_when_asked(
    replay: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    source = recorded("l2/binance_raw_20240718") / "usdm_btcusdt_20240718.gz"
    folder = tmp_path / "raw"
    folder.mkdir()
    lines = gzip.decompress(source.read_bytes())
    cut = lines[: len(lines) // 2]
    (folder / source.name).write_bytes(gzip.compress(cut[: cut.rindex(b"\n") + 200]))
    code, complaint = replay("tape=binance_raw", f"tape.path={folder}")
    assert code == 2
    assert source.name in complaint
