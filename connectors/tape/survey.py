"""Look over a tape: what it holds, where it is silent or crossed, and how its two clocks stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.model.book import Book, apply_rows, clear
from connectors.model.events import GAP, TRADE_BUY, TRADE_SELL
from connectors.tape.hear import without_heard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from connectors.tape.tape import Columns, Tape

    Int64 = NDArray[np.int64]

DRIFT_PARTS = 20
"""Into so many parts a tape is cut; in each the quickest message tells how the clocks stand."""
LEAST_DRIFT_NS = 60_000_000_000
"""A shorter tape says nothing of drift: network noise is larger."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without a book: from the loss to the row after it that is none, or the tape's end."""

    from_ns: int
    until_ns: int


@dataclass(frozen=True, slots=True)
class Latency:
    """From the venue's stamp to ours as recorded, before any correction.

    `drift_ppm` is how much faster our clock ran than the venue's (None: too short to tell).
    """

    least_ns: int
    median_ns: int
    most_ns: int
    negative: int
    drift_ppm: float | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What a tape holds. A message is a run of rows with equal stamps; times are our clock."""

    rows: int
    messages: int
    trades: int
    first_ns: int
    last_ns: int
    gaps: tuple[Gap, ...]
    crossed: int
    first_crossed_ns: int
    silence_ns: int
    silent_from_ns: int
    latency: Latency


def survey(tape: Tape) -> Survey:
    """Look over a tape with at least one row of its own market."""
    import numpy as np

    rows = without_heard(tape).local
    ends = _message_ends(rows)
    crossed, first_crossed_ns = _crossed(rows, ends)
    waits_ns = np.diff(rows.recv_ns, append=rows.recv_ns[-1])
    silent = int(waits_ns.argmax())
    return Survey(
        rows=len(rows),
        messages=len(ends),
        trades=int(np.isin(rows.kind, (TRADE_BUY, TRADE_SELL)).sum()),
        first_ns=int(rows.recv_ns[0]),
        last_ns=int(rows.recv_ns[-1]),
        gaps=tuple(_gaps(rows)),
        crossed=crossed,
        first_crossed_ns=first_crossed_ns,
        silence_ns=int(waits_ns[silent]),
        silent_from_ns=int(rows.recv_ns[silent]),
        latency=_latency(rows, tape.clock_shift_ns),
    )


def _message_ends(rows: Columns) -> Int64:
    """Return where each run of rows with equal stamps ends."""
    import numpy as np

    is_last = np.ones(len(rows), bool)
    is_last[:-1] = (rows.venue_ns[1:] != rows.venue_ns[:-1]) | (
        rows.recv_ns[1:] != rows.recv_ns[:-1]
    )
    return np.flatnonzero(is_last) + 1


def _crossed(rows: Columns, ends: Int64) -> tuple[int, int]:
    """Count the messages after which the best bid is at or above the best ask, and date the first.

    Where both sides change in messages of their own the book may be crossed for a moment.
    """
    book = Book()
    clear(book)
    kind, ticks, lots = rows.kind.tolist(), rows.ticks.tolist(), rows.lots.tolist()
    crossed, first_ns, start = 0, 0, 0
    for end in ends.tolist():
        apply_rows(book, kind, ticks, lots, start, end)
        start = end
        if book.bid_levels and book.ask_levels and book.best_bid_ticks >= book.best_ask_ticks:
            first_ns = first_ns or int(rows.recv_ns[end - 1])
            crossed += 1
    return crossed, first_ns


def _gaps(rows: Columns) -> list[Gap]:
    import numpy as np

    is_gap = np.concatenate(([False], rows.kind == GAP, [False]))
    edges = np.flatnonzero(is_gap[1:] != is_gap[:-1])
    last = len(rows) - 1
    return [
        Gap(int(rows.recv_ns[start]), int(rows.recv_ns[min(end, last)]))
        for start, end in edges.reshape(-1, 2).tolist()
    ]


def _latency(rows: Columns, shift_ns: int) -> Latency:
    import numpy as np

    latency_ns = rows.recv_ns - rows.venue_ns - shift_ns
    return Latency(
        least_ns=int(latency_ns.min()),
        median_ns=int(np.median(latency_ns)),
        most_ns=int(latency_ns.max()),
        negative=int((latency_ns < 0).sum()),
        drift_ppm=_drift_ppm(rows.recv_ns, latency_ns),
    )


def _drift_ppm(recv_ns: Int64, latency_ns: Int64) -> float | None:
    """Fit a line through the quickest message of each part of the tape; its slope is the drift."""
    import numpy as np

    since_ns = recv_ns - recv_ns[0]
    span_ns = int(since_ns[-1])
    if span_ns < LEAST_DRIFT_NS:
        return None
    edges = np.searchsorted(since_ns, np.arange(1, DRIFT_PARTS) * (span_ns // DRIFT_PARTS))
    parts = [k for k in np.split(np.arange(len(since_ns)), edges) if len(k)]
    quickest = np.array([k[latency_ns[k].argmin()] for k in parts])
    if len(quickest) < 2:
        return None
    slope = np.polyfit(since_ns[quickest] / span_ns, latency_ns[quickest] / span_ns, 1)[0]
    return float(slope) * 1e6
