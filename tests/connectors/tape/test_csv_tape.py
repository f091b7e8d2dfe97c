"""A plain CSV gives one level a side and its trades, or names the line that cannot be meant."""

from pathlib import Path

import pytest

from connectors.model.errors import DataError, OffGrid, TornTape
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, TRADE_BUY, TRADE_SELL
from connectors.tape.csv_stamp import iso_to_ns
from connectors.tape.csv_tape import READER, read
from connectors.tape.source import find_files
from connectors.tape.tape import Tape
from tests.connectors.tape.made import BTC, T0_MS, rows_of, source, write_lines

HEADER = "ts_ms,bid,bid_size,ask,ask_size,trade_price,trade_size,trade_side"
CLEARS = [(CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0)]


def tape_of(tmp_path: Path, *lines: str, name: str = "btcusdt.csv", **options: object) -> Tape:
    path = write_lines(tmp_path / name, list(lines))
    return read((path,), BTC, source(path, "csv", **options))


@pytest.mark.parametrize("name", ["btcusdt.csv", "btcusdt.csv.gz"])
def test_quotes_and_trades_become_rows(tmp_path: Path, name: str) -> None:
    tape = tape_of(
        tmp_path,
        HEADER,
        f"{T0_MS},100.0,1.5,100.1,2,,,",
        f"{T0_MS + 1},100.0,1.5,100.1,1.750,100.1,0.25,buy",
        f"{T0_MS + 2},,,,,100.0,1.5,SELL",
        f"{T0_MS + 3},99.9,1,100.0,1,,,",
        f"{T0_MS + 4},99.9,0,100.0,1,,,",
        f"{T0_MS + 5},99.8,1,,,,,",
        name=name,
    )
    assert rows_of(tape.local) == [
        *CLEARS,
        (BID, 1000, 1500),
        (ASK, 1001, 2000),
        (TRADE_BUY, 1001, 250),
        (ASK, 1001, 1750),
        (TRADE_SELL, 1000, 1500),
        (BID, 1000, 0),
        (ASK, 1001, 0),
        (BID, 999, 1000),
        (ASK, 1000, 1000),
        (BID, 999, 0),
        (BID, 998, 1000),
    ]
    assert tape.local.venue_ns[0] == T0_MS * 1_000_000
    assert tape.venue is tape.local


def test_our_stamp_is_the_venue_s_plus_the_least_latency(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, HEADER, "5,100.0,1,100.1,1,,,", min_feed_latency_ns=1_000_000)
    assert tape.local.recv_ns.tolist() == [6_000_000] * 4


@pytest.mark.parametrize(
    ("column", "stamp"),
    [
        ("ts_ns", "1721347200123456789"),
        ("ts_us", "1721347200123456"),
        ("ts_ms", "1721347200123"),
        ("ts_iso", "2024-07-19T00:00:00.123456789Z"),
        ("ts_iso", "2024-07-19 02:00:00.123+02:00"),
    ],
)
def test_the_stamp_s_unit_is_its_column_s_name(tmp_path: Path, column: str, stamp: str) -> None:
    tape = tape_of(tmp_path, f"{column},ask,ask_size,bid,bid_size", f"{stamp},100.1,1,100.0,1")
    stamp_ns = int(tape.local.venue_ns[0])
    assert str(stamp_ns).startswith("1721347200123")
    assert rows_of(tape.local)[2:] == [(BID, 1000, 1000), (ASK, 1001, 1000)]


@pytest.mark.parametrize(
    ("text", "expected_ns"),
    [
        ("1970-01-01T00:00:01Z", 10**9),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T00:00:00.5+00:00", 5 * 10**8),
        ("1970-01-01T01:00:00+0100", 0),
    ],
)
def test_iso_times_are_exact(text: str, expected_ns: int) -> None:
    assert iso_to_ns(text) == expected_ns


@pytest.mark.parametrize("text", ["2024-07-19T00:00:00", "yesterday", "2024-13-01T00:00:00Z", ""])
def test_a_time_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no ISO time with a zone|month must be|Invalid"):
        iso_to_ns(text)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("time,bid,bid_size,ask,ask_size", "one of ts_ns, ts_us, ts_ms, ts_iso must be a column"),
        ("ts_ns,ts_ms,bid,bid_size,ask,ask_size", "one of ts_ns"),
        (
            "ts_ns,bid,ask",
            "the columns are ts_ns,bid,ask instead of ts_ns,bid,bid_size,ask,ask_size",
        ),
        ("ts_ns,bid,bid_size,ask,ask_size,trade_price", "trade_price,trade_size,trade_side"),
        ("ts_ns,bid,bid_size,ask,ask_size,extra", "extra instead of"),
        ("\x00garbage", "one of ts_ns"),
    ],
)
def test_a_header_that_is_not_understood_is_refused(
    tmp_path: Path, header: str, reason: str
) -> None:
    with pytest.raises(DataError, match=rf"btcusdt\.csv:1: expected a header: .*{reason}"):
        tape_of(tmp_path, header, "1,1,1,1,1")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,100.0,1,100.1,1,,", "7 cells instead of 8"),
        ("x,100.0,1,100.1,1,,,", "invalid literal for int"),
        ("1,100.0,,100.1,1,,,", "the price 100.0 has no size"),
        ("1,,1,100.1,1,,,", "could not convert string to float"),
        ("1,100.0,1,100.1,1,100.1,1,up", "trade_side is 'up' instead of buy or sell"),
        ("1,100.0,1,100.1,1,100.1,,buy", "could not convert string to float"),
    ],
)
def test_a_row_that_is_not_understood_is_refused(tmp_path: Path, row: str, reason: str) -> None:
    with pytest.raises(DataError, match=rf"btcusdt\.csv:3: expected a row .*: .*{reason}"):
        tape_of(tmp_path, HEADER, "1,100.0,1,100.1,1,,,", row, "9,100.0,1,100.1,1,,,")


@pytest.mark.parametrize(
    ("row", "error", "reason"),
    [
        ("1,nan,1,100.1,1,,,", DataError, "expected a finite price, was nan"),
        ("1,100.05,1,100.1,1,,,", OffGrid, "expected a price on the grid of 0.1, was 100.05"),
        ("1,100.0,-1,100.1,1,,,", DataError, "expected a size of zero or more, was -1"),
        ("1,100.0,nan,100.1,1,,,", DataError, "expected a finite size, was nan"),
    ],
)
def test_a_bad_number_is_named_with_its_line(
    tmp_path: Path, row: str, error: type[DataError], reason: str
) -> None:
    with pytest.raises(error, match=rf"btcusdt\.csv:2: {reason}"):
        tape_of(tmp_path, HEADER, row)


def test_our_clock_going_back_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"csv:3: expected our own clock to go on"):
        tape_of(tmp_path, HEADER, "5000,100.0,1,100.1,1,,,", "1000,100.0,2,100.1,1,,,")


def test_a_cut_line_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "btcusdt.csv"
    path.write_text(f"{HEADER}\n1,100.0,1,100.1,1,,,\n2,100.0,1,100.1,1,100.1,0.1,buy")
    with pytest.raises(TornTape, match=r"csv:3: the last line does not end.*; 4 good rows precede"):
        read((path,), BTC, source(path))
    tape = read((path,), BTC, source(path, allow_torn=True))
    assert len(tape) == 4
    assert tape.torn is not None


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected market rows of BTCUSDT, found none"):
        tape_of(tmp_path, HEADER)


def test_files_join_and_the_book_goes_on(tmp_path: Path) -> None:
    write_lines(tmp_path / "btcusdt-1.csv", [HEADER, "1,100.0,1,100.1,1,,,"])
    write_lines(tmp_path / "btcusdt-2.csv", [HEADER, "2,99.9,1,100.1,1,,,"])
    folder = source(tmp_path, "csv")
    tape = read(find_files(folder, "BTCUSDT", READER.pattern), BTC, folder)
    assert rows_of(tape.local)[4:] == [(BID, 1000, 0), (BID, 999, 1000)]
