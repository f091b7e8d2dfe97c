"""Read OHLCV bars as a coarse market, in which no fill is invented.

A bar is four moments, a quarter of it apart: open, the extreme against the bar's direction, the
other extreme, close. That is the shorter of the two ways through both extremes, so it turns back
least. The book has one level a side, a tick apart. On the way down it stops with its *bid* at each
price, on the way up with its *ask*, and never at or beyond the far extreme: an order fills only
where the bar traded beyond its price. A bar of one price has it between bid and ask.
Each moment shows a quarter of the bar's volume, rounded down, and never less than a lot; no trades
are told. Bars that are missing are a gap.

The header names ``timestamp`` (or ``open_time``, ``time``, ``date``), ``open``, ``high``, ``low``,
``close`` and ``volume`` in base units; other columns are passed over. Stamps are the bars' opening,
since 1970 in s, ms, us or ns, or ISO 8601, UTC where no zone is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from connectors.model.errors import DataError
from connectors.tape.archive import BOOK, Parser, Stream, cells_of, read_archive
from connectors.tape.binance_wire import as_ns
from connectors.tape.lines import read_lines
from connectors.tape.source import Reader, TapeSource

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from connectors.model.instrument import Instrument
    from connectors.tape.tape import Tape

STAMPS = ("timestamp", "open_time", "time", "date")
VALUES = ("open", "high", "low", "close", "volume")
LOOKED_AT = 1_000
"""Bars of a file's beginning from which the length of a bar is told."""
S_DIGITS = 10
SECOND_NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
    """Read the files of one symbol, joined in their order.

    Raises DataError for a bar that cannot be one, TornTape for a cut file unless `allow_torn`.
    """
    return read_archive(paths, instrument, source, _parser_of)


def _parser_of(path: Path, instrument: Instrument, notes: Counter[str]) -> Parser:
    return _Bars(instrument, _length_ns(path), notes)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where in a line the opening time and the five values stand."""

    stamp_at: int
    value_at: tuple[int, ...]

    @classmethod
    def of(cls, line: bytes) -> _Layout:
        names = [name.strip().lower() for name in cells_of(line)]
        stamps = [name for name in STAMPS if name in names]
        missing = [name for name in VALUES if name not in names]
        if len(stamps) != 1 or missing:
            raise ValueError(f"the columns lack {', '.join(missing) or 'one of ' + str(STAMPS)}")
        return cls(names.index(stamps[0]), tuple(names.index(name) for name in VALUES))


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar; its prices are within high and low."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal

    @classmethod
    def of(cls, *values: Decimal) -> _Bar:
        """Return the bar, or raise ValueError where it cannot be one."""
        bar = cls(*values)
        low, high = min(bar.open, bar.close), max(bar.open, bar.close)
        if not (0 < bar.low <= low and high <= bar.high and bar.volume >= 0):
            raise ValueError(
                f"open {bar.open}, high {bar.high}, low {bar.low}, close {bar.close} and volume"
                f" {bar.volume} are no bar"
            )
        return bar

    def way(self, tick: Decimal) -> list[tuple[Decimal, Decimal]]:
        """Return bid and ask at each of the four moments, neither at or beyond its extreme."""
        rises = self.close >= self.open
        first, second = (self.low, self.high) if rises else (self.high, self.low)
        stops = ((self.open, rises), (first, rises), (second, not rises), (self.close, rises))
        most_bid, least_ask = self.high - tick, self.low + tick
        least_bid = min(self.low, most_bid)
        bids = [price if is_bid else price - tick for price, is_bid in stops]
        bids = [max(least_bid, min(bid, most_bid)) for bid in bids]
        return [(bid, max(bid + tick, least_ask)) for bid in bids]


class _Bars:
    """Bars in order of time, each turned into four moments."""

    def __init__(self, instrument: Instrument, length_ns: int, notes: Counter[str]) -> None:
        self.stream = Stream(BOOK, notes)
        self._tick = instrument.tick_size
        self._lot = instrument.lot_size_base
        self._length_ns = length_ns
        self._layout: _Layout | None = None
        self._last_ns = -1

    def begin(self) -> None:
        """Wait for the header of the next file."""
        self._layout = None

    def take(self, line: bytes, number: int, place: int) -> None:
        """Take a bar, once."""
        if self._layout is None:
            self._layout = _Layout.of(line)
            return
        cells = cells_of(line)
        open_ns = stamp_ns(cells[self._layout.stamp_at])
        bar = _Bar.of(*(Decimal(cells[at]) for at in self._layout.value_at))
        if open_ns == self._last_ns:
            self.stream.notes["repeated bars left out"] += 1
            return
        if self._last_ns >= 0 and open_ns != self._last_ns + self._length_ns:
            self._miss(open_ns, place)
        self._last_ns = open_ns
        size = float(max(self._lot, bar.volume / 4 // self._lot * self._lot))
        for k, (bid, ask) in enumerate(bar.way(self._tick)):
            at_ns = open_ns + k * self._length_ns // 4
            self.stream.top.tell((float(bid), size), (float(ask), size), at_ns, at_ns, place)

    def lose(self, place: int) -> None:
        """Know nothing from the end of the last bar."""
        end_ns = self._last_ns + self._length_ns
        self.stream.top.lose(end_ns, end_ns, place)

    def _miss(self, open_ns: int, place: int) -> None:
        if open_ns < self._last_ns + self._length_ns:
            raise ValueError("the bar begins before the last one has ended; sort the file")
        self.stream.notes["bars missing"] += (open_ns - self._last_ns) // self._length_ns - 1
        self.lose(place)


def stamp_ns(text: str) -> int:
    """Return ns since 1970 of a stamp; raise ValueError for what is none."""
    if text.isdigit():
        return int(text) * SECOND_NS if len(text) == S_DIGITS else as_ns(int(text))
    moment = datetime.fromisoformat(text)
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND_NS + since.microseconds * 1_000


def _length_ns(path: Path) -> int:
    """Return the time between two bars: the least between neighbours at the file's beginning."""
    stamps: list[int] = []
    layout: _Layout | None = None
    for number, line in read_lines(path):
        try:
            if layout is None:
                layout = _Layout.of(line)
                continue
            stamps.append(stamp_ns(cells_of(line)[layout.stamp_at]))
        except (ValueError, IndexError) as error:
            if layout is None:
                raise DataError(f"{path}:{number}: expected a header: {error}") from error
        if len(stamps) >= LOOKED_AT:
            break
    steps = [after - before for before, after in pairwise(stamps) if after > before]
    if not steps:
        raise DataError(f"{path}: expected at least two bars, to know how long one is")
    return min(steps)


READER = Reader("candles", 1, "*{symbol}[!a-z0-9]*csv*", read)
