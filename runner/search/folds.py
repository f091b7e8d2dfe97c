"""Cut a tape's time into folds: each searches in one part and is tested in the part after it."""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.tape.tape import Tape

Span = tuple[int | None, int | None]
"""From and to before which moment, in ns; None is the tape's own end."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Where one fold searches, and where it is tested. The test begins where the search ended."""

    number: int
    train: Span
    test: Span


def folds_of(span_ns: tuple[int, int], count: int, window: str, whole: Span) -> list[Fold]:
    """Return folds whose tests are of equal length and follow one another, after a first part.

    `whole` is what was asked for: its ends are kept as they are. `window` is `anchored`, where each
    search begins with the tape, or `rolling`, where it is as long as its test.
    """
    first_ns, last_ns = span_ns
    edges: list[int | None] = [
        first_ns + (last_ns - first_ns) * k // (count + 1) for k in range(count + 2)
    ]
    edges[0], edges[-1] = whole
    return [
        Fold(
            k,
            (edges[0] if window == "anchored" else edges[k - 1], edges[k]),
            (edges[k], edges[k + 1]),
        )
        for k in range(1, count + 1)
    ]


def span_of(tapes: Iterable[Tape]) -> tuple[int, int]:
    """Return the first and the last moment of our clock on any of the tapes."""
    rows = [tape.local.recv_ns for tape in tapes]
    return min(int(stamps[0]) for stamps in rows), max(int(stamps[-1]) for stamps in rows)


def words_of(span: Span) -> tuple[str, str]:
    """Return the words that restrict a replay to a span."""
    begin, end = ("null" if moment is None else str(moment) for moment in span)
    return f"replay.begin={begin}", f"replay.end={end}"
