"""Raw Lighter messages become market rows by the venue's rule, or one clear line."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.model.book import Book, apply_rows, clear, is_two_sided
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
from connectors.tape.lighter_raw import READER, read
from connectors.tape.source import find_files
from connectors.tape.tape import Tape
from tests.connectors.tape.made import BTC, MS, T0_MS, rows_of, source
from tests.connectors.tape.made_lighter import (
    lighter_book,
    lighter_snapshot,
    lighter_stats,
    lighter_trade,
    write_frames,
)
from tests.recordings import recorded

LIGHTER = replace(BTC, symbol="BTC", quote="USDC", lot_size_base=Decimal("0.00001"))
STATS = lighter_stats(0, "BTCUSDT")
OPENING = [(CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0), (BID, 1000, 1000), (ASK, 1001, 2000)]
"""Rows of the snapshot with one level a side."""


def tape_of(tmp_path: Path, *frames: dict[str, Any], cut: int = 0, **options: object) -> Tape:
    path = write_frames(tmp_path / "btc.json.gz", list(frames), cut)
    return read((path,), BTC, source(path, "lighter_raw", **options))


def test_updates_that_continue_the_nonce_are_applied(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        STATS,
        lighter_book(1, 99, bids=[("99.0", "9.000")]),
        lighter_snapshot(2, 100),
        lighter_book(3, 105, begin_nonce=100, bids=[("99.9", "3.000")]),
        lighter_book(4, 105, begin_nonce=100, bids=[("99.8", "3.000")]),
        lighter_book(5, 106, asks=[("100.1", "0.000"), ("100.2", "1.000")]),
    )
    assert rows_of(tape.local) == [*OPENING, (BID, 999, 3000), (ASK, 1001, 0), (ASK, 1002, 1000)]
    left_out = {"updates of an unknown book left out", "repeated updates left out"}
    assert left_out < dict(tape.notes).keys()
    assert tape.local.recv_ns[4] == (T0_MS + 3) * MS
    assert tape.local.venue_ns[4] == (T0_MS - 2) * MS


def test_a_break_leaves_the_book_unknown_until_a_snapshot(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        STATS,
        lighter_snapshot(0, 100),
        lighter_book(1, 110, begin_nonce=105, bids=[("99.9", "3.000")]),
        lighter_book(2, 111, bids=[("99.9", "4.000")]),
        lighter_snapshot(3, 120),
        lighter_book(4, 121, bids=[("99.9", "5.000")]),
    )
    assert rows_of(tape.local) == [*OPENING, (GAP, 0, 0), *OPENING, (BID, 999, 5000)]
    assert dict(tape.notes)["breaks in the updates"] == 1


def test_without_begin_nonces_the_offsets_count_by_one(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        STATS,
        lighter_snapshot(0, 100, offset=7),
        lighter_book(1, 130, begin_nonce=None, offset=8, bids=[("99.9", "1.000")]),
        lighter_book(2, 150, begin_nonce=None, offset=10, bids=[("99.9", "2.000")]),
    )
    assert rows_of(tape.local) == [*OPENING, (BID, 999, 1000), (GAP, 0, 0)]


def test_trades_count_once_and_only_when_they_took_what_rested(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        STATS,
        lighter_trade(0, 1),
        lighter_snapshot(0, 100),
        lighter_trade(1, 2),
        lighter_trade(2, 2),
        lighter_trade(3, 3, is_maker_ask=False),
        lighter_trade(4, 4, type="liquidation", list_name="liquidation_trades"),
        lighter_trade(5, 5, type="deleverage"),
        lighter_trade(6, 9, kind="subscribed/trade"),
    )
    traded = [(TRADE_BUY, 1001, 500), (TRADE_SELL, 1001, 500), (TRADE_BUY, 1001, 500)]
    assert rows_of(tape.local) == [*OPENING, *traded]
    assert dict(tape.notes) == {
        "trades before the first snapshot left out": 1,
        "repeated trades left out": 1,
        "deleverage trades left out": 1,
        "subscribed/trade messages left out": 1,
        "update/market_stats messages left out": 1,
    }


def test_the_statistics_say_which_market_a_symbol_is(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        lighter_stats(0, "ETH", 0),
        lighter_stats(0, "BTCUSDT", 7),
        lighter_snapshot(1, 50, market_id=0),
        lighter_snapshot(2, 100, market_id=7),
        lighter_book(3, 51, market_id=0, bids=[("98.0", "1.000")]),
        lighter_book(4, 101, market_id=7, bids=[("99.9", "1.000")]),
    )
    assert rows_of(tape.local) == [*OPENING, (BID, 999, 1000)]


@pytest.mark.parametrize(
    ("frames", "complaint"),
    [
        ([lighter_stats(0, "ETH", 0), lighter_snapshot(1, 1)], "BTCUSDT .*, found ETH; set"),
        ([STATS, lighter_book(1, 2)], r"expected a snapshot of BTCUSDT \(order_book:1\)"),
        ([STATS, {"ts": 1.0, "msg": "{}"}], "message 2: expected a message of Lighter"),
        ([STATS, {"ts": "x", "msg": "{}"}], "expected an array of stamps and messages"),
        ([STATS, lighter_trade(1, 1, price="abc")], "message 2: expected a message of Lighter"),
    ],
)
def test_what_is_no_recording_is_refused(
    tmp_path: Path, frames: list[dict[str, Any]], complaint: str
) -> None:
    with pytest.raises(DataError, match=complaint):
        tape_of(tmp_path, *frames)


def test_a_price_off_the_grid_names_its_message(tmp_path: Path) -> None:
    off = lighter_book(1, 101, bids=[("99.95", "1.000")])
    with pytest.raises(OffGrid, match=r"btc\.json\.gz: message 3"):
        tape_of(tmp_path, STATS, lighter_snapshot(0, 100), off)


@pytest.mark.parametrize("cut", [1, 2, 30, 90])
def test_a_cut_recording_is_used_only_when_asked(tmp_path: Path, cut: int) -> None:
    frames = (STATS, lighter_snapshot(0, 100), lighter_book(1, 101, bids=[("99.9", "1.000")]))
    with pytest.raises(TornTape, match=r"[23] good messages precede; set tape\.allow_torn"):
        tape_of(tmp_path, *frames, cut=cut)
    tape = tape_of(tmp_path, *frames, cut=cut, allow_torn=True)
    assert rows_of(tape.local)[:4] == OPENING
    assert tape.torn is not None


def test_the_recorded_market_is_whole_and_never_crossed() -> None:
    folder = recorded("l2/lighter_raw_20251210")
    paths = find_files(source(folder, "lighter_raw"), "BTC", READER.pattern)
    tape = read(paths, LIGHTER, source(folder, "lighter_raw"))
    assert not [note for note, _ in tape.notes if "break" in note]
    rows = tape.local
    kind, ticks, lots = rows.kind.tolist(), rows.ticks.tolist(), rows.lots.tolist()
    book = Book()
    clear(book)
    start = updates = 0
    for end in range(1, len(rows) + 1):
        if end < len(rows) and rows.recv_ns[end] == rows.recv_ns[start]:
            continue
        apply_rows(book, kind, ticks, lots, start, end)
        assert is_two_sided(book)
        start, updates = end, updates + 1
    assert updates > 1300
