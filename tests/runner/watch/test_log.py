import os
from decimal import Decimal
from pathlib import Path

import pytest

from runner.watch.log import RunLog, value_text
from tests.runner.watch.views import NOW_NS

SECOND = 1_000_000_000
STAMP = "2026-07-01T12:00:31.123456789Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.log"


def test_a_line_has_stamp_kind_market_and_fields(path: Path) -> None:
    log = RunLog(path)
    log.line(NOW_NS, "FILL", "btc", side="buy", price=Decimal("100000.1"), sigma=0.1234567, n=3)
    log.line(NOW_NS, "STARTED")
    log.close(NOW_NS)
    assert path.read_text() == (
        f"{STAMP} FILL market=btc side=buy price=100000.1 sigma=0.123457 n=3\n{STAMP} STARTED\n"
    )
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain-1.5|x", "plain-1.5|x"),
        ("two words", '"two words"'),
        ("a=b", '"a=b"'),
        ('say "no"\n\x1b[31m', '"say \\"no\\"\\n\\u001b[31m"'),
        ("", '""'),
        ("\u2212", '"\\u2212"'),
        (None, "None"),
    ],
)
def test_a_value_is_one_word_on_one_line(value: object, text: str) -> None:
    assert value_text(value) == text


def test_a_long_value_is_cut() -> None:
    assert len(value_text("x" * 10**6)) < 400


def test_nothing_secret_is_written(path: Path) -> None:
    log = RunLog(path)
    log.line(NOW_NS, "LOGIN", api_key="abc", private_key="def", client_id=7)
    log.close(NOW_NS)
    assert path.read_text() == f"{STAMP} LOGIN api_key=*** private_key=*** client_id=7\n"


def test_quotes_are_limited_by_market_and_the_dropped_are_counted(path: Path) -> None:
    log = RunLog(path)
    for k in range(10):
        log.line(NOW_NS + k, "QUOTE", "btc", k=k)
    log.line(NOW_NS, "QUOTE", "eth")
    log.line(NOW_NS + SECOND, "QUOTE", "btc", k=10)
    log.line(NOW_NS + SECOND, "QUOTE", "btc", k=11)
    log.close(NOW_NS + 2 * SECOND)
    words = [line.split(" ", 1)[1] for line in path.read_text().splitlines()]
    assert words == [
        "QUOTE market=btc k=0",
        "QUOTE market=eth",
        "QUOTE market=btc k=10 dropped=9",
        "DROPPED market=btc kind=QUOTE lines=1",
    ]


def test_fills_are_never_dropped(path: Path) -> None:
    log = RunLog(path)
    for k in range(5_000):
        log.line(NOW_NS, "FILL", "btc", trade_id=k)
    log.close(NOW_NS)
    assert [int(line.rpartition("=")[2]) for line in path.read_text().splitlines()] == list(
        range(5_000)
    )


def test_lines_wait_for_a_flush(path: Path) -> None:
    log = RunLog(path)
    log.line(NOW_NS, "STARTED")
    assert path.read_text() == ""
    log.flush()
    assert path.read_text() == f"{STAMP} STARTED\n"
    log.close(NOW_NS)


def test_it_appends_to_what_is_there(path: Path) -> None:
    path.write_text("before\n")
    log = RunLog(path)
    log.line(NOW_NS, "STARTED")
    log.close(NOW_NS)
    assert path.read_text() == f"before\n{STAMP} STARTED\n"


def test_a_full_file_is_turned_over_and_few_are_kept(path: Path) -> None:
    log = RunLog(path, most_bytes=110, keep=2)
    for k in range(10):
        log.line(NOW_NS, "STEP", "btc", k=k)
        log.flush()
    log.close(NOW_NS)
    names = sorted(p.name for p in path.parent.iterdir())
    assert names == ["run.log", "run.log.1", "run.log.2"]
    kept = "".join((path.parent / n).read_text() for n in ("run.log.2", "run.log.1", "run.log"))
    assert [line[-1] for line in kept.splitlines()] == ["4", "5", "6", "7", "8", "9"]


def test_a_disk_that_refuses_costs_no_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = RunLog(path)
    write = os.write

    def half(descriptor: int, data: bytes) -> int:
        """Take a few bytes, then be full."""
        if len(data) > 20:
            return write(descriptor, bytes(data[:7]))
        raise OSError(28, "No space left on device")

    for k in range(3):
        log.line(NOW_NS, "STEP", k=k)
    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        log.flush()
    log.flush()
    log.close(NOW_NS)
    assert path.read_text() == "".join(f"{STAMP} STEP k={k}\n" for k in range(3))


def test_what_no_longer_fits_in_memory_is_counted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.watch.log.WAIT_AT_MOST_BYTES", 60)
    log = RunLog(path)
    for k in range(5):
        log.line(NOW_NS, "STEP", k=k)
    log.flush()
    log.line(NOW_NS, "STEP", k=5)
    log.close(NOW_NS)
    assert path.read_text().splitlines()[-1] == f"{STAMP} STEP k=5 lost=3"
