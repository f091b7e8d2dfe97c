"""Raw Binance lines become market rows by the venue's rule, or one clear line."""

import gzip
import json
from pathlib import Path

import pytest

from connectors.model.errors import DataError, OffGrid, TornTape
from connectors.model.events import (
    ASK,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    GAP,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.tape.binance_raw import READER, read
from connectors.tape.source import find_files
from connectors.tape.tape import Tape
from tests.connectors.tape.made import (
    BTC,
    MS,
    T0_MS,
    depth,
    line,
    rows_of,
    snapshot,
    source,
    stream,
    ticker,
    trade,
    write_lines,
)

OPENING = [
    (CLEAR_BIDS, 0, 0),
    (CLEAR_ASKS, 0, 0),
    (BID, 1000, 1000),
    (ASK, 1001, 2000),
]
"""Rows of the snapshot with one level a side."""


def tape_of(tmp_path: Path, *lines: str, end: str = "\n", **options: object) -> Tape:
    path = write_lines(tmp_path / "usdm_btcusdt_1.gz", list(lines), end)
    return read((path,), BTC, source(path, **options))


def test_updates_that_came_before_their_snapshot_are_applied_after_it(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        depth(0, (80, 95, 79), [["99.9", "9.000"]], []),
        depth(10, (96, 104, 95), [["99.9", "3.000"]], [["100.2", "0.000"]]),
        snapshot(30, 100),
        depth(40, (108, 110, 104), [["100.0", "0.000"]], []),
    )
    assert rows_of(tape.local) == [*OPENING, (BID, 999, 3000), (ASK, 1002, 0), (BID, 1000, 0)]
    assert tape.local.recv_ns[4] == (T0_MS + 30) * MS
    assert tape.local.venue_ns[4] == (T0_MS + 25) * MS
    assert tape.depth_end.row.tolist() == [6, 7]
    assert tape.depth_end.update_id.tolist() == [104, 110]
    assert tape.notes == (("depth updates before their snapshot left out", 1),)


def test_a_break_is_one_gap_and_nothing_more_until_the_next_snapshot(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        snapshot(0, 100),
        depth(10, (101, 105, 100), [["99.9", "1.000"]], []),
        depth(20, (111, 115, 110), [["99.8", "1.000"]], []),
        depth(30, (116, 120, 115), [["99.7", "1.000"]], []),
        trade(35, 1),
        snapshot(40, 118, "99.9", "100.3"),
        depth(50, (121, 125, 120), [], [["100.3", "4.000"]]),
    )
    assert rows_of(tape.local) == [
        *OPENING,
        (BID, 999, 1000),
        (GAP, 0, 0),
        (TRADE_SELL, 1000, 500),
        (CLEAR_BIDS, 0, 0),
        (CLEAR_ASKS, 0, 0),
        (BID, 999, 1000),
        (ASK, 1003, 2000),
        (BID, 997, 1000),
        (ASK, 1003, 4000),
    ]
    assert dict(tape.notes)["breaks in the depth updates"] == 1


def test_a_book_that_stays_unknown_is_counted(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        snapshot(0, 100),
        depth(20, (111, 115, 110), [["99.8", "1.000"]], []),
        depth(30, (116, 120, 115), [["99.7", "1.000"]], []),
    )
    assert rows_of(tape.local) == [*OPENING, (GAP, 0, 0)]
    assert dict(tape.notes)["depth updates of an unknown book left out"] == 2


def test_a_snapshot_older_than_the_book_is_left_out(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        snapshot(0, 100),
        depth(10, (101, 105, 100), [["99.9", "1.000"]], []),
        snapshot(20, 103),
        depth(30, (106, 107, 105), [["99.8", "1.000"]], []),
    )
    assert rows_of(tape.local) == [*OPENING, (BID, 999, 1000), (BID, 998, 1000)]


def test_trades_say_who_took_and_only_the_market_s_count_once(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        trade(0, 6),
        snapshot(5, 100),
        trade(10, 7, m=True),
        trade(11, 8, "100.1", m=False),
        trade(12, 8, "100.1", m=False),
        trade(13, 9, "0", X="INSURANCE_FUND"),
        trade(14, 12, q="0.001"),
    )
    assert rows_of(tape.local) == [
        *OPENING,
        (TRADE_SELL, 1000, 500),
        (TRADE_BUY, 1001, 500),
        (TRADE_SELL, 1000, 1),
    ]
    assert dict(tape.notes) == {
        "trades before the first snapshot left out": 1,
        "repeated trades left out": 1,
        "INSURANCE_FUND trades left out": 1,
        "trades missing by their ids": 2,
    }


def test_files_join_and_other_messages_are_counted(tmp_path: Path) -> None:
    write_lines(tmp_path / "usdm_btcusdt_2", [depth(20, (106, 107, 105), [["99.8", "1.000"]], [])])
    write_lines(
        tmp_path / "usdm_btcusdt_1.gz",
        [
            snapshot(0, 100),
            line(5, stream("markPrice@1s", {"p": "1"})),
            line(6, {"code": -1003, "msg": "Too many requests"}),
            depth(10, (101, 105, 100), [["99.9", "1.000"]], []),
        ],
    )
    folder = source(tmp_path)
    tape = read(find_files(folder, BTC.symbol, READER.pattern), BTC, folder)
    assert rows_of(tape.local) == [*OPENING, (BID, 999, 1000), (BID, 998, 1000)]
    assert dict(tape.notes) == {"markPrice messages left out": 1, "REST error answers left out": 1}


def test_depth_keeps_the_order_of_its_ids_when_the_venue_s_clock_does_not(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        snapshot(0, 100),
        depth(20, (101, 105, 100), [["99.9", "1.000"]], [], late_ms=5),
        depth(15, (106, 107, 105), [["99.9", "0.000"]], [], late_ms=15),
        trade(10, 1, T=T0_MS + 10),
    )
    depth_rows = tape.venue.kind == BID
    assert tape.venue.lots[depth_rows].tolist() == [1000, 1000, 0]
    assert tape.local.venue_ns[4:6].tolist() == [(T0_MS + 20) * MS] * 2


@pytest.mark.parametrize(("unit", "factor"), [("ms", 1_000_000), ("us", 1_000), ("ns", 1)])
def test_our_stamp_is_read_in_its_own_unit(tmp_path: Path, unit: str, factor: int) -> None:
    stamp, body = snapshot(0, 100).split(" ", 1)
    tape = tape_of(tmp_path, f"{int(stamp) // factor} {body}")
    assert tape.local.recv_ns.tolist() == [T0_MS * MS] * 4


def test_the_top_of_book_is_kept_by_id(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        ticker(0, 120, "100.0", "100.1"),
        snapshot(0, 100),
        ticker(2, 90, "99.9", "0.0"),
    )
    assert tape.bbo.update_id.tolist() == [90, 120]
    assert tape.bbo.bid_ticks.tolist() == [999, 1000]
    assert tape.bbo.ask_ticks.tolist() == [0, 1001]


def test_spot_needs_no_previous_ids_and_its_snapshot_gets_the_next_stamp(tmp_path: Path) -> None:
    snapshot_line = line(
        8, {"lastUpdateId": 100, "bids": [["100.0", "1.000"]], "asks": [["100.1", "2.000"]]}
    )
    tape = tape_of(
        tmp_path,
        snapshot_line,
        depth(10, (99, 105, None), [["99.9", "1.000"]], []),
        depth(20, (107, 109, None), [["99.8", "1.000"]], []),
    )
    assert rows_of(tape.local) == [*OPENING, (BID, 999, 1000), (GAP, 0, 0)]
    assert tape.local.venue_ns.tolist() == [(T0_MS + 10) * MS] * 5 + [(T0_MS + 20) * MS]


def test_a_recording_without_a_snapshot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected a depth snapshot of BTCUSDT .* beside 1 depth"):
        tape_of(tmp_path, depth(0, (1, 2, 0), [], []), trade(1, 1))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("garbage", "no stamp before a space"),
        ("12 {}", "12 is no time in ms, us or ns"),
        (f"{T0_MS} {{}}", "it has neither a stream nor a snapshot's lastUpdateId"),
        (f"{T0_MS} {{", "Input data was truncated"),
        (
            line(0, stream("trade", {}, "ethusdt")),
            "the stream is ethusdt@trade, not one of btcusdt",
        ),
        (line(0, stream("trade", {"t": 1})), "missing required field `p`"),
        (trade(0, 1, p="x"), "Expected `float`"),
        (trade(0, 1, T=5), "5 is no time in ms, us or ns"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, bad: str, reason: str) -> None:
    with pytest.raises(DataError, match=rf"usdm_btcusdt_1\.gz:2: expected .*{reason}"):
        tape_of(tmp_path, snapshot(0, 100), bad, trade(9, 9))


@pytest.mark.parametrize(
    ("price", "error", "reason"),
    [
        ("nan", DataError, "a finite price, was nan"),
        ("100.05", OffGrid, "a price on the grid of 0.1, was 100.05"),
        ("-100.0", DataError, "a positive price, was -100"),
    ],
)
def test_a_bad_price_is_named_with_its_line(
    tmp_path: Path, price: str, error: type[DataError], reason: str
) -> None:
    good = depth(10, (101, 105, 100), [["99.9", "1.000"]], [["100.2", "0.000"]])
    bad = depth(20, (106, 107, 105), [["99.9", "1.000"], [price, "1.000"]], [])
    with pytest.raises(error, match=rf"usdm_btcusdt_1\.gz:4: expected {reason}"):
        tape_of(tmp_path, snapshot(0, 100), good, trade(11, 1), bad)


def test_a_bad_top_of_book_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(OffGrid, match=r"gz:2: .* was 100\.12"):
        tape_of(tmp_path, snapshot(0, 100), ticker(1, 101, "100.0", "100.12"))


def test_our_clock_going_back_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gz:2: expected our own clock to go on, it went back 2\."):
        tape_of(tmp_path, snapshot(2_000, 100), trade(-5, 1))


def test_a_cut_line_is_torn_and_used_only_when_asked(tmp_path: Path) -> None:
    lines = (snapshot(0, 100), trade(10, 1), trade(20, 2)[:-9])
    with pytest.raises(TornTape, match=r"gz:3: the file ends inside a line; 5 good rows precede;"):
        tape_of(tmp_path, *lines, end="")
    tape = tape_of(tmp_path, *lines, end="", allow_torn=True)
    assert rows_of(tape.local) == [*OPENING, (TRADE_SELL, 1000, 500)]
    assert tape.torn is not None
    assert tape.torn.endswith("the file ends inside a line; 5 good rows precede")


def test_a_last_line_without_its_newline_may_be_whole(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, snapshot(0, 100), trade(10, 1), end="")
    assert len(tape) == 5
    assert tape.torn is None


def test_a_cut_gzip_is_torn(tmp_path: Path) -> None:
    lines = [snapshot(0, 100), *(trade(k, k, q=f"{k % 977}.00{k % 7}") for k in range(1, 9_000))]
    path = write_lines(tmp_path / "usdm_btcusdt_1.gz", lines)
    path.write_bytes(path.read_bytes()[:-5_000])
    with pytest.raises(TornTape, match="gzip data ends or breaks after line"):
        read((path,), BTC, source(path))
    tape = read((path,), BTC, source(path, allow_torn=True))
    assert 4 < len(tape) < 9_003
    assert tape.torn is not None


def test_a_tear_between_two_files_becomes_a_gap(tmp_path: Path) -> None:
    first = write_lines(
        tmp_path / "1",
        [snapshot(0, 100), depth(10, (101, 105, 100), [["99.9", "1.000"]], [])[:-9]],
        end="",
    )
    second = write_lines(
        tmp_path / "2", [depth(20, (106, 109, 105), [["99.8", "1.000"]], []), trade(21, 1)]
    )
    tape = read((first, second), BTC, source(tmp_path, allow_torn=True))
    assert rows_of(tape.local) == [*OPENING, (GAP, 0, 0), (TRADE_SELL, 1000, 500)]


def test_spaces_in_the_json_do_not_matter(tmp_path: Path) -> None:
    stamp, body = snapshot(0, 100).split(" ", 1)
    dense = json.dumps(json.loads(body), separators=(",", ":"))
    path = tmp_path / "usdm_btcusdt_1"
    path.write_bytes(gzip.compress(f"{stamp} {dense}\n".encode()))
    assert rows_of(read((path,), BTC, source(path)).local) == OPENING
