"""The check counts every comparison, finds the first difference, and compiles to the same."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from connectors.model.book import Book
from connectors.model.kernel import kernels
from connectors.model.record import dtype_of
from connectors.tape.binance_raw import read
from connectors.tape.check import BookCheck, Difference, TopCheck, book_check, check_rows
from connectors.tape.tape import Tape
from tests.connectors.tape.made import BTC, depth, snapshot, source, ticker, write_lines


def tape_of(tmp_path: Path, *lines: str) -> Tape:
    path = write_lines(tmp_path / "usdm_btcusdt_1", list(lines))
    return read((path,), BTC, source(path))


def test_each_update_is_compared_with_the_last_top_not_after_it(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        snapshot(0, 100),
        depth(10, (101, 105, 100), [["99.9", "1.000"]], []),
        ticker(11, 106, "99.9", "100.1"),
        ticker(12, 102, "100.0", "100.1"),
        depth(20, (106, 109, 105), [["100.0", "0.000"]], []),
        ticker(31, 110, "50.0", "51.0"),
    )
    assert book_check(tape) == BookCheck(2, 2, None)


def test_the_first_difference_is_told(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        snapshot(0, 100),
        ticker(1, 90, "100.0", "100.1"),
        depth(10, (101, 105, 100), [["99.9", "1.000"]], []),
        depth(20, (106, 109, 105), [["100.0", "0.000"]], []),
        depth(30, (110, 111, 109), [["99.9", "0.000"]], []),
    )
    first = Difference(6, 109, 1000, 1001, 999, 1001)
    assert book_check(tape) == BookCheck(3, 1, first)


def test_an_update_before_every_top_is_not_compared(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        snapshot(0, 100),
        depth(10, (101, 105, 100), [["99.9", "1.000"]], []),
        depth(20, (106, 109, 105), [["99.9", "2.000"]], []),
        ticker(21, 107, "100.0", "100.1"),
    )
    assert book_check(tape) == BookCheck(1, 1, None)


@pytest.mark.parametrize("ask", ["100.0", "99.9"])
def test_a_locked_or_crossed_book_is_never_equal(tmp_path: Path, ask: str) -> None:
    tape = tape_of(
        tmp_path,
        snapshot(0, 100),
        ticker(1, 101, "100.0", ask),
        depth(10, (101, 105, 100), [], [[ask, "1.000"]]),
    )
    check = book_check(tape)
    assert check is not None
    assert (check.compared, check.equal) == (1, 0)


def test_an_empty_side_equals_a_top_without_it(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        snapshot(0, 100),
        ticker(1, 101, "0.0", "100.1"),
        depth(10, (101, 105, 100), [["100.0", "0.000"]], []),
    )
    assert book_check(tape) == BookCheck(1, 1, None)


def test_a_book_is_unknown_across_a_gap(tmp_path: Path) -> None:
    tape = tape_of(
        tmp_path,
        ticker(0, 90, "100.0", "100.1"),
        snapshot(0, 100),
        depth(10, (101, 105, 100), [["99.9", "1.000"]], []),
        depth(20, (111, 115, 110), [["99.8", "1.000"]], []),
        ticker(21, 118, "99.9", "100.3"),
        snapshot(40, 118, "99.9", "100.3"),
        depth(50, (119, 125, 118), [["99.8", "1.000"]], []),
    )
    assert book_check(tape) == BookCheck(2, 2, None)


def test_a_tape_without_a_top_of_book_is_not_checked(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, snapshot(0, 100), depth(10, (101, 105, 100), [], []))
    assert book_check(tape) is None


def test_the_compiled_check_gives_the_same(tmp_path: Path) -> None:
    numba = pytest.importorskip("numba")
    from numba.extending import register_jitable

    lines = [snapshot(0, 100)]
    for k in range(60):
        levels = [[f"{100 - k % 7 / 10:.1f}", f"{k % 3}.000"]]
        update = (101 + 2 * k, 102 + 2 * k, 100 + 2 * k)
        lines.append(depth(10 + k, update, levels, []))
        lines.append(ticker(10 + k, update[1], "100.0", "100.1"))
    tape = tape_of(tmp_path, *lines)
    expected = book_check(tape)
    assert expected is not None
    assert 0 < expected.equal < expected.compared

    for function in kernels():
        register_jitable(function)

    def outer(books: Any, checks: Any, columns: Any, ends: Any) -> None:
        check_rows(books[0], checks[0], *columns, *ends)

    books, checks = np.zeros(1, dtype_of(Book)), np.zeros(1, dtype_of(TopCheck))
    rows = tape.local
    ends = (tape.depth_end.row, tape.bbo.bid_ticks, tape.bbo.ask_ticks)
    numba.njit(outer)(books, checks, (rows.kind, rows.ticks, rows.lots), ends)
    found = checks[0]
    assert (found["compared"], found["equal"]) == (expected.compared, expected.equal)
    assert expected.first is not None
    assert found["first_bid_ticks"] == expected.first.our_bid_ticks
