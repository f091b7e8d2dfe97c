"""On real recordings our book equals the venue's own top of book at every update."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from connectors.model.errors import DataError
from connectors.model.events import GAP, TRADE_BUY, TRADE_SELL
from connectors.model.instrument import Instrument
from connectors.tape.check import book_check
from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from connectors.tape.span import cut
from connectors.tape.tape import Tape
from tests.connectors.tape.made import BTC, ETH, MS, recordings

NEW = "binance_raw_20240718"
OLD = "binance_raw_20230404"


def folder_of(name: str) -> Path:
    folder = recordings() / "l2" / name
    if not folder.is_dir():
        pytest.skip(f"no recording at {folder}: set MMRUNNER_DATA to where recorded markets lie")
    return folder


@cache
def tape_of(name: str, instrument: Instrument) -> Tape:
    return read_tape(TapeSource("binance_raw", folder_of(name)), instrument)


@pytest.mark.parametrize(
    ("name", "instrument", "compared", "trades"),
    [(NEW, BTC, 9_017, 10_701), (NEW, ETH, 8_923, 13_654), (OLD, BTC, 16_110, 12_928)],
)
def test_every_comparison_is_equal(
    name: str, instrument: Instrument, compared: int, trades: int
) -> None:
    tape = tape_of(name, instrument)
    check = book_check(tape)
    assert check is not None
    assert (check.compared, check.equal, check.first) == (compared, compared, None)
    kind = tape.local.kind.tolist()
    assert kind.count(TRADE_BUY) + kind.count(TRADE_SELL) == trades
    assert GAP not in kind
    assert tape.torn is None


@pytest.mark.parametrize(("name", "instrument"), [(NEW, BTC), (NEW, ETH), (OLD, BTC)])
def test_both_orders_hold_the_same_rows_on_clocks_that_never_fall(
    name: str, instrument: Instrument
) -> None:
    tape = tape_of(name, instrument)
    assert all(a <= b for a, b in pairwise(tape.local.recv_ns.tolist()))
    assert all(a <= b for a, b in pairwise(tape.venue.venue_ns.tolist()))
    assert int((tape.local.recv_ns - tape.local.venue_ns).min()) == MS
    assert sorted(tape.local.ticks.tolist()) == sorted(tape.venue.ticks.tolist())


def test_a_clock_1_5_s_behind_the_venue_is_corrected() -> None:
    assert 1_500 * MS < tape_of(NEW, BTC).clock_shift_ns < 1_550 * MS


def test_lost_levels_are_found_by_the_check() -> None:
    tape = tape_of(NEW, BTC)
    lots = tape.local.lots.copy()
    lots[100_000:100_500] = 0
    check = book_check(replace(tape, local=replace(tape.local, lots=lots)))
    assert check is not None
    assert check.equal < check.compared
    assert check.first is not None
    assert check.first.row > 100_000


def test_spot_without_its_snapshot_is_refused() -> None:
    source = TapeSource("binance_raw", folder_of(OLD), pattern="spot_{symbol}_*")
    with pytest.raises(
        DataError, match=r"expected a depth snapshot of BTCUSDT .* beside 3929 depth"
    ):
        read_tape(source, BTC)


def test_the_book_of_a_part_is_the_venues_too() -> None:
    tape = tape_of(NEW, BTC)
    first_ns, last_ns = int(tape.local.recv_ns[0]), int(tape.local.recv_ns[-1])
    middle_ns = (first_ns + last_ns) // 2
    before, after = (
        book_check(cut(tape, *span)) for span in ((None, middle_ns), (middle_ns, None))
    )
    whole = book_check(tape)
    assert before is not None
    assert after is not None
    assert whole is not None
    assert (before.equal, after.equal) == (before.compared, after.compared)
    assert before.compared > 1_000 < after.compared
    assert abs(before.compared + after.compared - whole.compared) <= 1
