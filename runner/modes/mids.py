"""Read a tape's mid at given moments."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from connectors.model.book import Book, apply_rows, clear, is_two_sided
from connectors.model.record import record_of
from connectors.tape.tape import Tape
from runner.modes.compiled import compile_loop
from runner.results import UNKNOWN_MID


def mids_at(tape: Tape, moments_ns: Sequence[int], cache_dir: Path | None) -> list[int]:
    """Return the mid in half ticks at ascending moments; -1 where the book is not two-sided."""
    import numpy as np

    rows = tape.local
    book = Book()
    clear(book)
    half_ticks = np.full(len(moments_ns), UNKNOWN_MID, np.int64)
    walk = compile_loop(_walk, cache_dir)
    moments = np.array(moments_ns, np.int64)
    walk(record_of(book), rows.kind, rows.ticks, rows.lots, rows.recv_ns, moments, half_ticks)
    mids: list[int] = half_ticks.tolist()
    return mids


def _walk(
    book: Book, kind: Any, ticks: Any, lots: Any, recv_ns: Any, moments: Any, half_ticks: Any
) -> None:
    """Be what replay compiles: the book after every row up to each moment."""
    row = 0
    for k in range(len(moments)):
        first = row
        while row < len(recv_ns) and recv_ns[row] <= moments[k]:
            row += 1
        apply_rows(book, kind, ticks, lots, first, row)
        if is_two_sided(book):
            half_ticks[k] = book.best_bid_ticks + book.best_ask_ticks
