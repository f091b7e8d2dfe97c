"""Read the files of public archives: trades and a book in files of their own, made one tape.

Rows of all files are put in the order in which they came, trades before the book that they left.
Where an archive has no receive stamp, ours is the venue's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

import msgspec

from connectors.model.errors import DataError, TornTape
from connectors.tape.lines import Torn, read_lines
from connectors.tape.ordering import assemble, join, never_back, take
from connectors.tape.row_runs import RowRuns
from connectors.tape.top_rows import Fit, TopRows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from connectors.model.instrument import Instrument
    from connectors.tape.source import TapeSource
    from connectors.tape.tape import Columns, Tape

LINE_BITS = 40
"""A place is the file's number above this many bits and the line's number below."""
BAD_LINES = "lines that cannot be read left out"
PACKED = (".gz", ".zip")
"""Ends of files whose packing tells by itself whether they are whole."""
TRADES = "trades"
BOOK = "book"


@dataclass(slots=True)
class Stream:
    """One kind of file: its rows so far, of all files of that kind."""

    what: str
    notes: Counter[str]
    rows: RowRuns = field(default_factory=RowRuns)
    ids: set[str] = field(default_factory=set)
    last_id: int = -1
    top: TopRows = field(init=False)

    def __post_init__(self) -> None:
        self.top = TopRows(self.rows)

    def is_new(self, number: int) -> bool:
        """Tell whether an id is above all before it; count what it skips or repeats."""
        if number <= self.last_id:
            self.notes[f"repeated {self.what} left out"] += 1
            return False
        if self.last_id >= 0 and number > self.last_id + 1:
            self.notes[f"{self.what} missing by their ids"] += number - self.last_id - 1
        self.last_id = number
        return True

    def is_unseen(self, name: str) -> bool:
        """Tell whether an id without order was not there before; count it where it was."""
        if name in self.ids:
            self.notes[f"repeated {self.what} left out"] += 1
            return False
        self.ids.add(name)
        return True


class Parser(Protocol):
    """Reads the lines of one kind of file. `what` is TRADES or BOOK."""

    @property
    def stream(self) -> Stream: ...

    def begin(self) -> None:
        """Hear that another file begins."""

    def take(self, line: bytes, number: int, place: int) -> None:
        """Take a line; raise ValueError, IndexError or MsgspecError for one that is none."""

    def lose(self, place: int) -> None:
        """Hear that a line could not be read, and was left out."""


def read_archive(
    paths: tuple[Path, ...],
    instrument: Instrument,
    source: TapeSource,
    parser_of: Callable[[Path, Instrument, Counter[str]], Parser],
) -> Tape:
    """Read files of trades and of one kind of book.

    Raises DataError for a line that cannot be read, two kinds of the same thing, or no book;
    TornTape for a file that was cut, unless `allow_torn`.
    """
    notes: Counter[str] = Counter()
    parsers: dict[type[Parser], Parser] = {}
    torn: list[str] = []
    for number, path in enumerate(paths):
        try:
            parser = _parser(parser_of(path, instrument, notes), parsers, instrument, source)
            _read_file(parser, path, number << LINE_BITS, source.repair)
        except Torn as error:
            if not source.takes_torn:
                raise TornTape(f"{error}; set tape.allow_torn=true to use what precedes") from error
            torn.append(str(error))
    streams = [parser.stream for parser in parsers.values()]
    _require_book(source, instrument, streams)

    def text(place: int) -> str:
        return f"{paths[place >> LINE_BITS]}:{place & ((1 << LINE_BITS) - 1)}"

    rows, places = _merged(streams, instrument, text, source.repair)
    return assemble(
        instrument,
        source,
        rows,
        lambda row: text(places[row]),
        torn="; ".join(torn) or None,
        notes=notes,
    )


def _parser(
    fresh: Parser,
    parsers: dict[type[Parser], Parser],
    instrument: Instrument,
    source: TapeSource,
) -> Parser:
    """Return the parser that has read other files of this kind, or this one."""
    parser = parsers.setdefault(type(fresh), fresh)
    if source.repair:
        parser.stream.top.fit = Fit(instrument.tick_size, instrument.lot_size_base)
    return parser


def _read_file(parser: Parser, path: Path, base: int, repair: bool) -> None:
    parser.begin()
    for number, line in read_lines(path):
        if not line.endswith(b"\n") and path.suffix not in PACKED:
            raise Torn(f"{path}:{number}: the last line does not end, so it may be cut")
        try:
            parser.take(line, number, base + number)
        except (ValueError, ArithmeticError, LookupError, msgspec.MsgspecError) as error:
            if not repair:
                raise DataError(f"{path}:{number}: expected an archive's row: {error}") from error
            parser.stream.notes[BAD_LINES] += 1
            parser.lose(base + number)


def _require_book(source: TapeSource, instrument: Instrument, streams: list[Stream]) -> None:
    """Raise DataError unless there is one kind of book, and of trades one kind at most."""
    for what in (TRADES, BOOK):
        kinds = [stream for stream in streams if stream.what == what and stream.rows.rows]
        if len(kinds) > 1:
            raise DataError(
                f"{source.path}: expected one kind of {what}, found {len(kinds)}, which say the"
                " same twice; choose one with tape.pattern"
            )
        if not kinds and what == BOOK:
            raise DataError(
                f"{source.path}: expected a book of {instrument.symbol}, found"
                f" {'trades alone' if streams else 'nothing'}; add its book or best prices"
            )


def _merged(
    streams: list[Stream], instrument: Instrument, text: Callable[[int], str], repair: bool
) -> tuple[Columns, list[int]]:
    """Return all rows in order of arrival, and their places."""
    import numpy as np

    parts: list[Columns] = []
    places = []
    for stream in sorted(streams, key=lambda s: s.what == BOOK):
        rows = stream.rows.columns(instrument, text, stream.notes if repair else None)
        own = stream.rows.places()
        recv_ns, _ = never_back(rows.recv_ns, partial(_place_at, own, text), repair)
        parts.append(replace(rows, recv_ns=recv_ns))
        places.append(own)
    joined = join(parts)
    order = np.argsort(joined.recv_ns, kind="stable")
    return take(joined, order), np.concatenate(places)[order].tolist()


def _place_at(places: NDArray[np.int64], text: Callable[[int], str], row: int) -> str:
    return text(int(places[row]))


def cells_of(line: bytes) -> list[str]:
    """Return the cells of a line of plain CSV."""
    return line.decode("utf-8-sig").strip().split(",")
