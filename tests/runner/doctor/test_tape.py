"""The doctor has one clear line for each thing that a tape may have, and the exit code says what
a replay would do with it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.command import start
from tests.connectors.tape import made
from tests.sample_tape import DIRECTORY

Doctor = Callable[..., tuple[int, list[str]]]
HEADER = "ts_ms,bid,bid_size,ask,ask_size,trade_price,trade_size,trade_side\n"
SAMPLE = "BTCUSDT.btc.tape"
T0 = made.T0_MS


def quote(at_ms: int, bid: str = "63943.9", ask: str = "63944.0") -> str:
    return f"{T0 + at_ms},{bid},1,{ask},1,,,\n"


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Ask the doctor; return the exit code and what was printed."""

    def run(*words: str) -> tuple[int, list[str]]:
        home = tmp_path / "home"
        code = start(["mode=doctor", "market=btc", *words], {"MMRUNNER_HOME": str(home)})
        printed = capsys.readouterr()
        assert printed.err == ""
        assert not home.exists()
        return code, printed.out.splitlines()

    return run


@pytest.fixture
def csv(doctor: Doctor, tmp_path: Path) -> Doctor:
    """Ask about a CSV of some lines."""

    def run(text: str, *words: str) -> tuple[int, list[str]]:
        path = tmp_path / "BTCUSDT.csv"
        path.write_text(text)
        return doctor("tape=csv", f"tape.path={path}", *words)

    return run


def raw(tmp_path: Path, *lines: str) -> list[str]:
    path = made.write_lines(tmp_path / "usdm_btcusdt_1", list(lines))
    return ["tape=binance_raw", f"tape.path={path}"]


def has(printed: list[str], *parts: str) -> bool:
    return any(all(part in line for part in parts) for line in printed)


def test_the_tape_of_the_project_is_good(doctor: Doctor) -> None:
    code, printed = doctor()
    assert code == 0
    assert has(printed, "btc: BTCUSDT", "(5 min 00 s)", "rows in", "messages", "trades")
    assert has(printed, "a replay adds nothing")
    assert printed[-1] == "tape: good"


def test_a_torn_tape_is_usable_when_asked(doctor: Doctor, tmp_path: Path) -> None:
    whole = (DIRECTORY / SAMPLE).read_bytes()
    (tmp_path / SAMPLE).write_bytes(whole[: len(whole) // 2])
    code, printed = doctor("tape=mmrunner", f"tape.path={tmp_path / SAMPLE}")
    assert code == 4
    assert has(printed, "btc: torn:", "the file ends inside the chunk")
    assert has(printed, "usable only when asked, with tape.allow_torn=true")
    assert doctor("tape=mmrunner", f"tape.path={tmp_path}", "tape.allow_torn=true")[0] == 0


def test_a_gap_is_told_with_its_length(doctor: Doctor, tmp_path: Path) -> None:
    level = [["100.0", "1"]]
    words = raw(
        tmp_path,
        made.snapshot(0, 10),
        made.depth(10, (9, 11, 8), level, []),
        made.depth(20, (15, 16, 14), level, []),
        made.snapshot(1_020, 20),
        made.depth(1_030, (20, 21, 19), level, []),
    )
    code, printed = doctor(*words)
    assert code == 0
    assert has(printed, "gap: no book for 995 ms from", "nothing is quoted then")
    assert has(printed, "breaks in the depth updates: 1")


def test_unsorted_stamps_are_refused_and_held_when_asked(csv: Doctor) -> None:
    code, printed = csv(HEADER + quote(5_000) + quote(1_000, bid="63943.8") + quote(6_000))
    assert code == 4
    assert has(printed, "it went back 4.000 s")
    assert has(printed, "stamps of ours before the one that precedes them, held: ")
    assert has(printed, "usable only when asked, with tape.repair=true")
    assert csv(HEADER + quote(5_000) + quote(1_000, bid="63943.8"), "tape.repair=true")[0] == 0


def test_duplicate_ids_are_left_out_and_counted(doctor: Doctor, tmp_path: Path) -> None:
    code, printed = doctor(
        *raw(tmp_path, made.snapshot(0, 10), made.trade(10, 7), made.trade(11, 7))
    )
    assert code == 0
    assert has(printed, "repeated trades left out: 1")


@pytest.mark.parametrize("bad", ["nan", "63943.95", "-1", "what", "inf"])
def test_a_price_that_is_none_or_off_the_grid_is_a_gap_when_asked(csv: Doctor, bad: str) -> None:
    code, printed = csv(HEADER + quote(0) + quote(1_000, bid=bad) + quote(2_000))
    assert code == 4
    assert has(printed, "refused:", "BTCUSDT.csv:3: expected", bad)
    assert has(printed, "lines that are no row left out, a gap instead: 1")
    assert has(printed, "gap: no book for 2.0 s")


def test_an_empty_file_is_unusable(csv: Doctor) -> None:
    code, printed = csv("")
    assert code == 2
    assert has(printed, "unusable:", "the file is empty")
    assert printed[-1] == "tape: unusable"


def test_the_worst_market_counts(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / SAMPLE).write_bytes((DIRECTORY / SAMPLE).read_bytes())
    (tmp_path / "ETHUSDT.eth.tape").write_bytes(b"")
    code, printed = doctor("tape=mmrunner", f"tape.path={tmp_path}", "market=[btc,eth]")
    assert code == 2
    assert has(printed, "btc: BTCUSDT")
    assert has(printed, "eth: unusable")


def test_a_replay_of_a_repaired_tape_quotes_nothing_in_its_gap_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [quote(100 * k, bid="nan" if k == 100 else "63943.9") for k in range(100 + 1)]
    lines += [f"{T0 + 10_000 + 100 * k},,,,,63943.0,0.001,sell\n" for k in range(1, 100)]
    lines += [quote(20_000 + 100 * k) for k in range(100)]
    path = tmp_path / "BTCUSDT.csv"
    path.write_text(HEADER + "".join(lines))
    run = tmp_path / "run"
    words = ["mode=replay", "market=btc", "tape=csv", f"tape.path={path}", "watch=none"]
    words += ["replay.tier=parity", "record.decisions=all", f"hydra.run.dir={run}"]
    home = {"MMRUNNER_HOME": str(tmp_path / "home")}
    assert start(words, home) == 2
    assert start([*words, "tape.repair=true"], home) == 0
    capsys.readouterr()
    market = json.loads((run / "summary.json").read_text())["markets"]["btc"]
    assert market["tape"]["gaps"] == 1
    assert market["tape"]["notes"] == {"lines that are no row left out, a gap instead": 1}
    held_s = market["reasons"]["bid"]["no_book"]
    assert 9.0 < held_s < 11.5
    page = (run / "report.html").read_text()
    assert "btc: the tape has 1 gap: nothing was quoted until the next snapshot" in page
