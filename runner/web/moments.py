"""Keep what was seen of one market, in bounded memory: the last minutes closely, a day coarsely."""

from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan

COLUMNS = (
    "stamp_s",
    "mid",
    "bid",
    "ask",
    "clips",
    "net",
    "spread",
    "adverse",
    "inventory",
    "fees",
    "funding",
    "half_spread_bps",
    "sigma_bps",
    "reservation_bps",
)
"""What is kept of a moment; nothing known is NaN."""
LEVELS = ((0.25, 1200), (2.0, 1800), (30.0, 2880))
"""Seconds between two moments, and how many are kept: five minutes, an hour, a day."""
MOST_CHANGES = 5000

Row = Sequence[float]


class Ring:
    """The last so many rows, at least so far apart."""

    def __init__(self, every_s: float, most: int) -> None:
        self._every_s = every_s
        self._most = most
        self._cells = array("d")
        self._next = 0

    def put(self, row: Row) -> None:
        """Keep a row, unless it follows the last one too soon or is older."""
        if self._cells and row[0] < self._last_s() + self._every_s * 0.8:
            return
        if len(self._cells) < self._most * len(COLUMNS):
            self._cells.extend(row)
        else:
            at = self._next * len(COLUMNS)
            self._cells[at : at + len(COLUMNS)] = array("d", row)
        self._next = (self._next + 1) % self._most

    def rows(self) -> Iterator[Row]:
        """Yield the rows, the oldest first."""
        count = len(self._cells) // len(COLUMNS)
        first = self._next if count == self._most else 0
        for k in range(count):
            at = (first + k) % count * len(COLUMNS)
            yield self._cells[at : at + len(COLUMNS)]

    def _last_s(self) -> float:
        return self._cells[(self._next - 1) % self._most * len(COLUMNS)]


@dataclass(frozen=True, slots=True)
class Change:
    """From a moment on, what held: the state, why in sentences, and each side's reasons."""

    stamp_s: float
    state: str
    why: tuple[str, ...]
    bid_reasons: tuple[str, ...]
    ask_reasons: tuple[str, ...]

    def says(self, other: "Change") -> bool:
        """Tell whether another one says the same."""
        return (self.state, self.why, self.bid_reasons, self.ask_reasons) == (
            other.state,
            other.why,
            other.bid_reasons,
            other.ask_reasons,
        )


class Moments:
    """One market's past."""

    def __init__(self, levels: Iterable[tuple[float, int]] = LEVELS) -> None:
        self._rings = [Ring(*level) for level in levels]
        self.changes: deque[Change] = deque(maxlen=MOST_CHANGES)

    def put(self, row: Row, change: Change) -> None:
        """Keep a moment: a row of `COLUMNS`, and what held then."""
        for ring in self._rings:
            ring.put(row)
        if not self.changes or not self.changes[-1].says(change):
            self.changes.append(change)

    def columns(self) -> dict[str, list[float | None]]:
        """Return every row by column, coarse ones only of before the close ones."""
        rows: list[Row] = []
        for ring in self._rings:
            first_s = rows[0][0] if rows else float("inf")
            rows = [row for row in ring.rows() if row[0] < first_s] + rows
        return {name: [_known(row[k]) for row in rows] for k, name in enumerate(COLUMNS)}

    def at(self, stamp_s: float) -> tuple[dict[str, float | None], Change] | None:
        """Return the moment that held then: its figures, and what was said; None before all."""
        change = next((c for c in reversed(self.changes) if c.stamp_s <= stamp_s), None)
        if change is None:
            return None
        row = max(
            (r for ring in self._rings for r in ring.rows() if r[0] <= stamp_s),
            key=lambda r: r[0],
            default=None,
        )
        figures = {} if row is None else dict(zip(COLUMNS, map(_known, row), strict=True))
        return figures, change


def _known(value: float) -> float | None:
    return None if isnan(value) else float(f"{value:.10g}")
