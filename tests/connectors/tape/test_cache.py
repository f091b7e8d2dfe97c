"""A cached tape equals the one that was read, and is used for nothing else."""

import os
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from connectors.model.errors import DataError
from connectors.model.instrument import Instrument
from connectors.tape import binance_raw
from connectors.tape.cache import open_tape
from connectors.tape.source import Reader, TapeSource
from connectors.tape.tape import Tape
from tests.connectors.tape.made import (
    BTC,
    depth,
    snapshot,
    source,
    ticker,
    trade,
    write_lines,
)

LINES = [
    snapshot(0, 100),
    ticker(1, 101, "100.0", "100.1"),
    depth(10, (101, 105, 100), [["99.9", "1.000"]], []),
    trade(9, 1),
    trade(12, 2, X="INSURANCE_FUND"),
]


class CountedReader:
    """A reader that counts how often it reads."""

    def __init__(self, version: int = 1) -> None:
        self.reads = 0
        self.reader = Reader("counted", version, "*", self._read)

    def _read(self, paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
        self.reads += 1
        return binance_raw.read(paths, instrument, source)


@pytest.fixture
def recording(tmp_path: Path) -> TapeSource:
    return source(write_lines(tmp_path / "usdm_btcusdt_1.gz", LINES))


def assert_equal(one: Tape, other: Tape) -> None:
    for group in ("local", "venue", "bbo", "depth_end"):
        mine, others = getattr(one, group), getattr(other, group)
        for field in fields(mine):
            a, b = getattr(mine, field.name), getattr(others, field.name)
            assert a.dtype == b.dtype
            assert (a == b).all()
    for name in ("symbol", "tick_size", "clock_shift_ns", "torn", "notes"):
        assert getattr(one, name) == getattr(other, name)
    assert (one.venue is one.local) == (other.venue is other.local)


@pytest.mark.parametrize("lines", [LINES, LINES[:1]])
def test_a_cached_tape_equals_the_read_one(tmp_path: Path, lines: list[str]) -> None:
    recording = source(write_lines(tmp_path / "usdm_btcusdt_1", lines), min_feed_latency_ns=10**9)
    counted = CountedReader()
    plain = open_tape(recording, BTC, counted.reader, None)
    for _ in range(3):
        assert_equal(open_tape(recording, BTC, counted.reader, tmp_path / "cache"), plain)
    assert counted.reads == 2


def test_cached_columns_are_plain_read_only_arrays(tmp_path: Path, recording: TapeSource) -> None:
    tape = open_tape(recording, BTC, CountedReader().reader, tmp_path / "cache")
    for group in (tape.local, tape.venue, tape.bbo, tape.depth_end):
        for field in fields(group):
            column = getattr(group, field.name)
            assert type(column) is np.ndarray
            assert not column.flags.writeable


def test_whatever_may_change_the_tape_is_read_anew(tmp_path: Path, recording: TapeSource) -> None:
    counted = CountedReader()
    cache = tmp_path / "cache"

    def reads(source: TapeSource = recording, instrument: Instrument = BTC) -> int:
        open_tape(source, instrument, counted.reader, cache)
        return counted.reads

    assert (reads(), reads()) == (1, 1)
    assert reads(replace(recording, allow_torn=True)) == 2
    assert reads(replace(recording, min_feed_latency_ns=5)) == 3
    assert reads(instrument=replace(BTC, tick_size=Decimal("0.05"))) == 4
    assert reads(instrument=replace(BTC, lot_size_base=Decimal("0.0005"))) == 5
    stat = recording.path.stat()
    os.utime(recording.path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert (reads(), reads()) == (6, 6)
    newer = CountedReader(version=2)
    open_tape(recording, BTC, newer.reader, cache)
    assert newer.reads == 1


@pytest.mark.parametrize("name", ["meta.json", "local.ticks.npy", "venue.kind.npy"])
@pytest.mark.parametrize("damage", ["remove", "cut", "empty", "garbage"])
def test_a_damaged_cache_is_made_anew(
    tmp_path: Path, recording: TapeSource, name: str, damage: str
) -> None:
    counted = CountedReader()
    cache = tmp_path / "cache"
    open_tape(recording, BTC, counted.reader, cache)
    (damaged,) = cache.glob(f"*/{name}")
    content = damaged.read_bytes()
    match damage:
        case "remove":
            damaged.unlink()
        case "cut":
            damaged.write_bytes(content[:-1])
        case "empty":
            damaged.write_bytes(b"")
        case _:
            damaged.write_bytes(b"garbage")
    plain = open_tape(recording, BTC, counted.reader, None)
    assert_equal(open_tape(recording, BTC, counted.reader, cache), plain)
    assert counted.reads == 3
    assert_equal(open_tape(recording, BTC, counted.reader, cache), plain)
    assert counted.reads == 3


def test_nothing_is_left_behind_beside_the_tapes(tmp_path: Path, recording: TapeSource) -> None:
    cache = tmp_path / "cache"
    open_tape(recording, BTC, CountedReader().reader, cache)
    assert len(list(cache.iterdir())) == 1


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, recording: TapeSource) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"tape\.cache_dir: cannot write .*set it to null"):
        open_tape(recording, BTC, CountedReader().reader, tmp_path / "file")


def test_a_tape_that_cannot_be_read_leaves_no_cache(tmp_path: Path) -> None:
    recording = source(write_lines(tmp_path / "usdm_btcusdt_1", ["garbage"]))
    with pytest.raises(DataError):
        open_tape(recording, BTC, CountedReader().reader, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
