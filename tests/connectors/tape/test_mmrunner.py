"""What a worker records comes back row for row, and only for its own market."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.errors import DataError, TornTape
from connectors.model.events import (
    ASK,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    GAP,
    LEAD,
    SCHEDULED,
    TRADE_BUY,
    MarketRows,
)
from connectors.model.instrument import Instrument
from connectors.tape.mmrunner import READER, read, read_events
from connectors.tape.source import find_files
from connectors.tape.tape import Tape
from connectors.tape.writer import CHUNK_ROWS, TapeHeader, TapeWriter, read_tape_header
from tests.connectors.tape.made import BTC, source

PRICED = [BID, ASK, TRADE_BUY, 3, 6, 7]
UNPRICED = [CLEAR_BIDS, CLEAR_ASKS, GAP]
Row = tuple[int, int, int, int, int]


def rows_from(rows: list[Row]) -> MarketRows:
    columns = MarketRows()
    for row in rows:
        columns.add(*row)
    return columns


def record(path: Path, rows: list[Row], instrument: Instrument = BTC, venue: str = "sim") -> Path:
    writer = TapeWriter(path, TapeHeader.of(instrument, venue, 123))
    writer.append(rows_from(rows), 0, len(rows))
    writer.close()
    return path


def tape_of(path: Path, instrument: Instrument = BTC, **options: object) -> Tape:
    return read((path,), instrument, source(path, "mmrunner", **options))


def as_rows(tape: Tape) -> list[Row]:
    c = tape.local
    columns = (c.kind, c.ticks, c.lots, c.venue_ns, c.recv_ns)
    return list(zip(*(column.tolist() for column in columns), strict=True))


STEPS = st.sampled_from([Decimal(t) for t in ("0.1", "0.00001", "2.5", "0.3", "10")])
A_ROW = st.one_of(
    st.tuples(st.sampled_from(PRICED), st.integers(1, 2**31 - 1), st.integers(0, 2**48)),
    st.tuples(st.sampled_from(UNPRICED), st.just(0), st.just(0)),
    st.tuples(st.just(LEAD), st.integers(0, 2**31 - 1), st.just(0)),
    st.tuples(st.just(SCHEDULED), st.integers(0, 99), st.integers(-(2**53), 2**53)),
)


@given(st.lists(A_ROW, min_size=1, max_size=30), STEPS, STEPS)
def test_every_row_comes_back_exactly(
    rows: list[tuple[int, int, int]], tick: Decimal, lot: Decimal
) -> None:
    instrument = replace(BTC, tick_size=tick, lot_size_base=lot)
    stamped = [(*row, 10**18 + k, 10**18 + k + 5) for k, row in enumerate(rows)]
    with TemporaryDirectory() as folder:
        path = record(Path(folder) / "btcusdt.tape", stamped, instrument)
        assert as_rows(tape_of(path, instrument)) == stamped


def bids(start: int, stop: int) -> list[Row]:
    return [(BID, 1 + k, k, 1 + k, 1 + k) for k in range(start, stop)]


def test_a_chunk_closes_at_4096_rows_or_when_flushed(tmp_path: Path) -> None:
    path = tmp_path / "btcusdt.tape"
    writer = TapeWriter(path, TapeHeader.of(BTC, "sim", 0))
    rows = bids(0, 2 * CHUNK_ROWS + 10)
    columns = rows_from(rows)
    writer.append(columns, 0, CHUNK_ROWS - 1)
    with pytest.raises(DataError, match="found none"):
        tape_of(path)
    writer.append(columns, CHUNK_ROWS - 1, len(rows))
    assert as_rows(tape_of(path)) == rows[: 2 * CHUNK_ROWS]
    writer.flush()
    assert as_rows(tape_of(path)) == rows
    writer.flush()
    writer.close()
    assert as_rows(tape_of(path)) == rows


def test_a_slice_of_the_columns_is_written(tmp_path: Path) -> None:
    writer = TapeWriter(tmp_path / "a.tape", TapeHeader.of(BTC, "sim", 0))
    writer.append(rows_from(bids(0, 9)), 2, 5)
    writer.close()
    assert as_rows(tape_of(tmp_path / "a.tape")) == bids(2, 5)


def test_the_header_says_what_the_tape_is_of(tmp_path: Path) -> None:
    path = record(tmp_path / "a.tape", bids(0, 1))
    assert read_tape_header(path) == TapeHeader.of(BTC, "sim", 123)


def test_a_gap_of_the_live_feed_may_lack_a_venue_stamp(tmp_path: Path) -> None:
    rows: list[Row] = [(BID, 1, 1, 50, 60), (GAP, 0, 0, 0, 61), (CLEAR_BIDS, 0, 0, 70, 71)]
    tape = tape_of(record(tmp_path / "a.tape", rows))
    assert tape.venue is tape.local
    assert tape.local.venue_ns.tolist() == [50, 70, 70]


@pytest.mark.parametrize("cut", [1, 30])
def test_a_torn_tape_is_used_only_when_asked(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "btcusdt.tape"
    writer = TapeWriter(path, TapeHeader.of(BTC, "sim", 0))
    for start in range(0, 100, 10):
        writer.append(rows_from(bids(start, start + 10)), 0, 10)
        writer.flush()
    writer.close()
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(TornTape, match=r"90 good rows precede; set tape\.allow_torn=true"):
        tape_of(path)
    tape = tape_of(path, allow_torn=True)
    assert as_rows(tape) == bids(0, 90)
    assert tape.torn is not None


@pytest.mark.parametrize(
    "other",
    [
        replace(BTC, symbol="ETHUSDT"),
        replace(BTC, tick_size=Decimal("0.01")),
        replace(BTC, lot_size_base=Decimal("0.01")),
    ],
)
def test_another_market_or_other_steps_are_refused(tmp_path: Path, other: Instrument) -> None:
    path = record(tmp_path / "a.tape", bids(0, 1))
    with pytest.raises(
        DataError, match=r"a\.tape: expected .*, was BTCUSDT with tick 0\.1 and lot"
    ):
        tape_of(path, other)


def test_steps_written_with_trailing_zeros_are_the_same(tmp_path: Path) -> None:
    path = record(tmp_path / "a.tape", bids(0, 1))
    assert len(tape_of(path, replace(BTC, tick_size=Decimal("0.10")))) == 1


def test_joined_sessions_have_a_gap_between_until_the_book_is_given_anew(tmp_path: Path) -> None:
    record(tmp_path / "btcusdt.1.tape", bids(0, 2))
    record(tmp_path / "btcusdt.2.tape", bids(2, 3))
    record(tmp_path / "btcusdt.3.tape", [(CLEAR_BIDS, 0, 0, 9, 9)])
    record(tmp_path / "btcusdt.4.tape", [])
    record(tmp_path / "btcusdtx.tape", bids(5, 6))
    folder = source(tmp_path, "mmrunner")
    tape = read(find_files(folder, BTC.symbol, READER.pattern), BTC, folder)
    gaps = [(GAP, 0, 0, 2, 2), (GAP, 0, 0, 3, 3), (GAP, 0, 0, 3, 3)]
    assert as_rows(tape) == [*bids(0, 2), *gaps, (CLEAR_BIDS, 0, 0, 9, 9)]


def test_tapes_of_two_venues_do_not_join(tmp_path: Path) -> None:
    paths = (
        record(tmp_path / "1", bids(0, 1), venue="one"),
        record(tmp_path / "2", bids(1, 2), venue="two"),
    )
    with pytest.raises(DataError, match="expected tapes of one venue, found one, two"):
        read(paths, BTC, source(tmp_path))


def test_a_header_that_was_changed_is_found(tmp_path: Path) -> None:
    path = record(tmp_path / "a.tape", bids(0, 3))
    path.write_bytes(path.read_bytes().replace(b'"0.1"', b'"0.2"'))
    with pytest.raises(TornTape, match="the header is cut off or damaged"):
        tape_of(path, allow_torn=True)


def test_the_recorder_needs_no_numpy() -> None:
    imports = "import sys, connectors.tape.writer, connectors.tape.journal"
    code = f"{imports}; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_prices_are_the_floats_of_their_decimals(tmp_path: Path) -> None:
    path = record(tmp_path / "a.tape", [(BID, 639_439, 7, 1, 1), (BID, 3, 3, 1, 1)])
    _, events, _ = read_events(path, False)
    assert events["px"].tolist() == [63943.9, 0.3]
    assert events["qty"].tolist() == [0.007, 0.003]
