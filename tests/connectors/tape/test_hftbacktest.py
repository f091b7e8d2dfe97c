"""hftbacktest's files give the book that hftbacktest would hold, in both orders."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from connectors.model.errors import DataError, OffGrid
from connectors.model.events import (
    ASK,
    BEST_BID,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.tape import hft_events as hft
from connectors.tape.hftbacktest import READER, read
from connectors.tape.source import find_files
from connectors.tape.tape import Tape
from tests.connectors.tape.made import BTC, rows_of, source

BOTH = hft.EXCH | hft.LOCAL
NAN = float("nan")

Event = tuple[int, int, int, float, float]
"""ev, exch_ts, local_ts, px, qty."""


def events_of(events: Iterable[Event]) -> np.ndarray[Any, Any]:
    rows = [(*event, 0, 0, 0.0) for event in events]
    # hftbacktest declares its type aligned; the layout is the same.
    return np.array(rows, np.dtype(list(hft.FIELDS), align=True))


def tape_of(tmp_path: Path, *events: Event) -> Tape:
    path = tmp_path / "btcusdt.npz"
    np.savez_compressed(path, data=events_of(events))
    return read((path,), BTC, source(path, "hftbacktest"))


def bid(px: float, qty: float, at: int = 1) -> Event:
    return (hft.DEPTH | hft.BUY | BOTH, at, at + 5, px, qty)


def ask(px: float, qty: float, at: int = 1) -> Event:
    return (hft.DEPTH | hft.SELL | BOTH, at, at + 5, px, qty)


def clear(side: int, px: float) -> Event:
    return (hft.CLEAR | side | BOTH, 1, 6, px, 0.0)


def test_an_event_is_64_bytes() -> None:
    assert hft.EVENT.size == hft.event_dtype().itemsize == 64


def test_each_kind_has_its_row(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        (hft.SNAPSHOT | hft.BUY | BOTH, 1, 6, 100.0, 1.0),
        (hft.SNAPSHOT | hft.SELL | BOTH, 1, 6, 100.1, 2.0),
        bid(99.9, 0.5),
        ask(100.2, 0.0),
        (hft.TRADE | hft.BUY | BOTH, 2, 7, 100.1, 0.25),
        (hft.TRADE | hft.SELL | BOTH, 2, 7, 100.0, 0.75),
        (hft.BBO | hft.BUY | BOTH, 3, 8, 100.0, 1.0),
    )
    assert rows_of(tape.local) == [
        (BID, 1000, 1000),
        (ASK, 1001, 2000),
        (BID, 999, 500),
        (ASK, 1002, 0),
        (TRADE_BUY, 1001, 250),
        (TRADE_SELL, 1000, 750),
        (BEST_BID, 1000, 1000),
    ]
    assert tape.local.venue_ns.tolist() == [1, 1, 1, 1, 2, 2, 3]
    assert tape.local.recv_ns.tolist() == [6, 6, 6, 6, 7, 7, 8]
    assert tape.venue is tape.local


def test_rows_of_one_order_appear_there_only(tmp_path: Path) -> None:
    late = hft.DEPTH | hft.BUY
    tape = tape_of(
        tmp_path,
        (late | hft.EXCH, 1, 20, 99.9, 1.0),
        bid(100.0, 1.0, at=2),
        (late | hft.LOCAL, 1, 20, 99.9, 1.0),
    )
    assert rows_of(tape.venue) == [(BID, 999, 1000), (BID, 1000, 1000)]
    assert rows_of(tape.local) == [(BID, 1000, 1000), (BID, 999, 1000)]


def test_a_shift_moves_both_orders_alike(tmp_path: Path) -> None:
    path = tmp_path / "btcusdt.npy"
    flagged = hft.DEPTH | hft.BUY
    np.save(
        path,
        events_of(
            [(flagged | hft.EXCH, 50, 40, 99.9, 1.0), (flagged | hft.LOCAL, 50, 40, 99.9, 1.0)]
        ),
    )
    tape = read((path,), BTC, source(path, "hftbacktest", min_feed_latency_ns=7))
    assert tape.clock_shift_ns == 17
    assert tape.local.recv_ns.tolist() == tape.venue.recv_ns.tolist() == [57]


@pytest.mark.parametrize("px", [NAN, float("inf"), 99.8, 1.0])
def test_a_clear_of_the_whole_side_stays_one_row(tmp_path: Path, px: float) -> None:
    tape = tape_of(tmp_path, bid(100.0, 1.0), bid(99.8, 1.0), ask(100.1, 1.0), clear(hft.BUY, px))
    assert rows_of(tape.local)[3:] == [(CLEAR_BIDS, 0, 0)]


def test_a_clear_up_to_a_price_leaves_the_levels_beyond(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        *(bid(px, 1.0) for px in (100.0, 99.9, 99.8)),
        *(ask(px, 1.0) for px in (100.1, 100.2, 100.3)),
        bid(100.0, 0.0),
        clear(hft.BUY, 99.9),
        bid(100.0, 2.0),
        clear(hft.SELL, 100.2),
        clear(hft.SELL, 100.3),
    )
    assert rows_of(tape.local)[6:] == [
        (BID, 1000, 0),
        (BID, 999, 0),
        (BID, 1000, 2000),
        (ASK, 1001, 0),
        (ASK, 1002, 0),
        (CLEAR_ASKS, 0, 0),
    ]
    assert tape.local.recv_ns.tolist() == [6] * 12


def test_a_clear_that_reaches_no_level_leaves_no_row(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, bid(99.8, 1.0), clear(hft.BUY, 99.9), ask(100.1, 1.0))
    assert rows_of(tape.local) == [(BID, 998, 1000), (ASK, 1001, 1000)]


def test_a_clear_without_a_side_is_of_both(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, bid(99.9, 1.0), ask(100.1, 1.0), clear(0, 50.0), bid(99.9, 1.0))
    assert rows_of(tape.local)[2:] == [(CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0), (BID, 999, 1000)]


def test_levels_are_followed_across_files(tmp_path: Path) -> None:
    np.save(tmp_path / "btcusdt_1.npy", events_of([bid(100.0, 1.0), bid(99.8, 1.0)]))
    np.savez(tmp_path / "btcusdt_2.npz", events_of([clear(hft.BUY, 99.9), bid(99.9, 3.0)]))
    folder = source(tmp_path, "hftbacktest")
    tape = read(find_files(folder, "BTCUSDT", READER.pattern), BTC, folder)
    assert rows_of(tape.local) == [
        (BID, 1000, 1000),
        (BID, 998, 1000),
        (BID, 1000, 0),
        (BID, 999, 3000),
    ]


def test_the_own_pattern_never_takes_a_longer_symbol(tmp_path: Path) -> None:
    for name in ("btcusdt.npz", "btcusdt_1.npy", "1000btcusdt.npz", "btcusdt2.npz", "btcusdc.npz"):
        (tmp_path / name).touch()
    found = find_files(source(tmp_path), "BTCUSDT", READER.pattern)
    assert [path.name for path in found] == ["btcusdt.npz", "btcusdt_1.npy"]


def test_events_without_a_meaning_are_counted(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        bid(99.9, 1.0),
        (103 | BOTH, 1, 6, 12.345, 0.0),
        (hft.TRADE | BOTH, 1, 6, 99.9, 1.0),
    )
    assert rows_of(tape.local) == [(BID, 999, 1000)]
    assert tape.notes == (
        ("events of kind 103 without a meaning for a book left out", 1),
        ("events of kind 2 without a meaning for a book left out", 1),
    )


def test_orders_one_by_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"btcusdt\.npz: row 1: expected depth by price level"):
        tape_of(tmp_path, bid(99.9, 1.0), (10 | hft.BUY | BOTH, 1, 6, 99.9, 1.0))


def test_rows_without_flags_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="one flag is missing"):
        tape_of(tmp_path, (hft.DEPTH | hft.BUY, 1, 6, 99.9, 1.0))


@pytest.mark.parametrize(
    ("px", "error", "reason"),
    [(NAN, DataError, "a finite price"), (99.95, OffGrid, "a price on the grid of 0.1")],
)
def test_a_bad_price_is_named_with_its_row(
    tmp_path: Path, px: float, error: type[DataError], reason: str
) -> None:
    with pytest.raises(error, match=rf"btcusdt\.npz: row 2: expected {reason}"):
        tape_of(tmp_path, clear(0, NAN), bid(99.9, 1.0), bid(px, 1.0))


def test_our_clock_going_back_is_named_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="row 3: expected our own clock to go on"):
        tape_of(
            tmp_path,
            bid(99.8, 1.0, at=3 * 10**9),
            bid(99.9, 1.0, at=3 * 10**9),
            clear(hft.BUY, 99.9)[:1] + bid(99.9, 0.0, at=3 * 10**9)[1:],
            bid(99.9, 1.0, at=1),
        )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("garbage.npz", b"garbage" * 99, "expected hftbacktest's .npz or .npy: "),
        ("empty.npy", b"", "expected hftbacktest's .npz or .npy: No data left in file"),
        ("gone.npz", None, "No such file"),
    ],
)
def test_what_is_no_array_is_refused(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=reason) as raised:
        read((path,), BTC, source(path))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["cut.npy", "cut.npz"])
def test_a_cut_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    events = events_of([bid(99.9, 1.0)] * 1000)
    if name.endswith("npy"):
        np.save(path, events)
    else:
        np.savez(path, data=events)
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(DataError, match=r"expected hftbacktest's \.npz or \.npy"):
        read((path,), BTC, source(path))


def test_the_older_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.npz"
    np.savez(path, data=np.zeros((3, 6)))
    with pytest.raises(DataError, match="was 2-dimensional of float64; convert older files"):
        read((path,), BTC, source(path))


def test_two_arrays_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "two.npz"
    np.savez(path, a=np.zeros(1), b=np.zeros(1))
    with pytest.raises(DataError, match="expected one array called data, found a, b"):
        read((path,), BTC, source(path))
