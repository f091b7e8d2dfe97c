"""A recording in segments reads as one without, and what a kill cuts off is its end alone."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.model.errors import TornTape
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, TRADE_BUY, MarketRows
from connectors.tape.chunks import read_header
from connectors.tape.levels import Levels
from connectors.tape.mmrunner import READER, read
from connectors.tape.segments import Rotation, SegmentedTape
from connectors.tape.source import find_files
from connectors.tape.tape import Tape
from connectors.tape.writer import MAGIC, TapeHeader
from tests.connectors.tape.made import BTC, source

START_NS = 1_000_000_000
Batch = list[tuple[int, int, int]]
SNAPSHOT: Batch = [(CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0), (BID, 100, 5), (ASK, 101, 5)]
ROWS = st.one_of(
    st.tuples(st.just(BID), st.integers(1, 100), st.integers(0, 3)),
    st.tuples(st.just(ASK), st.integers(101, 90_000), st.integers(0, 3)),
    st.tuples(st.just(TRADE_BUY), st.integers(100, 105), st.integers(1, 3)),
)
BATCHES = st.lists(
    st.one_of(st.lists(ROWS, min_size=1, max_size=5), st.just(SNAPSHOT), st.just([(GAP, 0, 0)])),
    min_size=1,
    max_size=12,
)


def rows_of(batch: Batch, now_ns: int) -> MarketRows:
    rows = MarketRows()
    for kind, ticks, lots in batch:
        rows.add(kind, ticks, lots, now_ns - 5, now_ns)
    return rows


def recorded(folder: Path, batches: list[Batch], most_ns: int, flush: bool = False) -> list[Path]:
    """Record batches a nanosecond apart, each flushed or not; return the segments."""
    tape = SegmentedTape(
        lambda number: folder / f"BTCUSDT.btc@{number:05d}.tape",
        TapeHeader.of(BTC, "sim", START_NS),
        Rotation(most_ns, 1 << 30),
    )
    for k, batch in enumerate(batches):
        tape.append(rows_of(batch, START_NS + k), START_NS + k)
        if flush:
            tape.flush()
    tape.close()
    return sorted(folder.iterdir())


def tape_of(folder: Path, **options: object) -> Tape:
    options_ = source(folder, "mmrunner", **options)
    return read(find_files(options_, BTC.symbol, READER.pattern), BTC, options_)


def as_rows(tape: Tape) -> list[tuple[int, ...]]:
    local = tape.local
    columns = (local.kind, local.ticks, local.lots, local.venue_ns, local.recv_ns)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@settings(deadline=None)
@given(BATCHES, st.integers(1, 5))
def test_segments_join_without_a_seam(
    tmp_path_factory: pytest.TempPathFactory, batches: list[Batch], most_ns: int
) -> None:
    whole, rotated = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("rotated")
    recorded(whole, batches, 1 << 62)
    assert len(recorded(rotated, batches, most_ns)) == -(-len(batches) // most_ns)
    assert as_rows(tape_of(rotated)) == as_rows(tape_of(whole))


@settings(deadline=None)
@given(BATCHES)
def test_each_segment_stands_on_its_own(
    tmp_path_factory: pytest.TempPathFactory, batches: list[Batch]
) -> None:
    whole, rotated = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("rotated")
    recorded(whole, batches, 1 << 62)
    last = recorded(rotated, batches, 1)[-1]
    assert book_of(tape_of(last)) == book_of(tape_of(whole))


def book_of(tape: Tape) -> Batch:
    levels = Levels()
    rows = tape.local
    told = MarketRows(
        rows.kind.tolist(),
        rows.ticks.tolist(),
        rows.lots.tolist(),
        rows.venue_ns.tolist(),
        rows.recv_ns.tolist(),
    )
    levels.take(told)
    book = levels.snapshot()
    return list(zip(book.kind, book.ticks, book.lots, strict=True))


def test_a_missing_segment_is_a_gap(tmp_path: Path) -> None:
    segments = recorded(tmp_path, [SNAPSHOT, [(BID, 99, 1)], [(BID, 98, 1)]], 1)
    segments[1].unlink()
    rows = as_rows(tape_of(tmp_path))
    assert rows[len(SNAPSHOT)] == (GAP, 0, 0, START_NS - 5, START_NS)
    assert rows[len(SNAPSHOT) + 1][0] == CLEAR_BIDS
    assert rows[-1][:3] == (BID, 98, 1)


def test_a_cut_at_any_byte_costs_the_last_block_at_most(tmp_path: Path) -> None:
    batches: list[Batch] = [SNAPSHOT, *([(BID, 90 + k, 1), (ASK, 110 + k, 1)] for k in range(4))]
    (path,) = recorded(tmp_path, batches, 1 << 62, flush=True)
    data = path.read_bytes()
    everything = as_rows(tape_of(path))
    ends, sizes = block_ends(path), [len(batch) for batch in batches]
    for cut in range(ends[0], len(data)):
        path.write_bytes(data[:cut])
        blocks = sum(end <= cut for end in ends[1:])
        kept = sum(sizes[:blocks])
        if cut not in ends:
            with pytest.raises(TornTape):
                tape_of(path)
        if kept:
            assert as_rows(tape_of(path, allow_torn=True)) == everything[:kept]


def block_ends(path: Path) -> list[int]:
    """Return where the header and each block end: 20 bytes and the header, 12 and the payload."""
    data = path.read_bytes()
    at = 20 + int.from_bytes(data[12:16], "little")
    ends = [at]
    while at < len(data):
        at += 12 + int.from_bytes(data[at + 4 : at + 8], "little")
        ends.append(at)
    return ends


def test_a_segment_says_what_it_repeats(tmp_path: Path) -> None:
    segments = recorded(tmp_path, [SNAPSHOT, [(BID, 99, 1)]], 1)
    header = read_header(segments[1], MAGIC, "a tape")
    assert header["segment"] == {"number": 2, "follows_rows": 4, "repeats_rows": 4}
    assert header["recording_ns"] == START_NS
    assert header["started_ns"] == START_NS + 1


def test_a_full_file_ends_a_segment_too(tmp_path: Path) -> None:
    tape = SegmentedTape(
        lambda number: tmp_path / f"{number}.tape",
        TapeHeader.of(BTC, "sim", START_NS),
        Rotation(1 << 62, 600),
    )
    while tape.segments < 3:
        tape.append(rows_of(SNAPSHOT, START_NS), START_NS)
        tape.flush()
    tape.close()
    assert all(path.stat().st_size >= 600 for path in sorted(tmp_path.iterdir())[:2])
    assert tape.written_bytes == sum(path.stat().st_size for path in tmp_path.iterdir())
