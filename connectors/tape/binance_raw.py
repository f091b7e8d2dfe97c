"""Read raw Binance WebSocket recordings, of one symbol a file.

Lines are ``local_stamp {"stream": ..., "data": ...}`` with the streams depth, bookTicker and trade,
and the REST depth snapshot inline. Nothing is known before the first snapshot; a break in the depth
updates becomes a GAP row, and the book stays unknown until the next snapshot. Trades go on then.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from connectors.model.errors import DataError, TornTape
from connectors.model.events import TRADE_BUY, TRADE_SELL
from connectors.tape import binance_wire as wire
from connectors.tape.binance_book import BookRows
from connectors.tape.binance_top import TopLog
from connectors.tape.lines import Torn, read_lines
from connectors.tape.ordering import assemble, with_venue_stamps
from connectors.tape.row_runs import RowRuns
from connectors.tape.source import Reader, TapeSource
from connectors.tape.tape import Tape

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.model.instrument import Instrument

BAD_LINES = "lines that are no message left out"
LINE_BITS = 40
"""A place is the file's number above this many bits and the line's number below."""


def read(paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
    """Read the files of one symbol, joined in their order.

    Raises DataError for a line that is no message of this symbol, for a recording without a
    snapshot and for prices off the grid; TornTape for a file that was cut, unless `allow_torn`.
    """
    recording = _Recording(instrument.symbol.lower())
    torn: list[str] = []
    for number, path in enumerate(paths):
        try:
            _read_file(recording, path, number << LINE_BITS, source.repair)
        except Torn as error:
            cut = f"{error}; {recording.rows.rows} good rows precede"
            if not source.takes_torn:
                raise TornTape(f"{cut}; set tape.allow_torn=true to use them") from error
            torn.append(cut)
    return _tape(recording, paths, instrument, source, "; ".join(torn) or None)


def _read_file(recording: _Recording, path: Path, base: int, repair: bool) -> None:
    """Take every line; a last line that is cut and cannot be decoded raises Torn."""
    for number, line in read_lines(path):
        try:
            recording.take(line, base + number)
        except (ValueError, OverflowError, msgspec.MsgspecError) as error:
            if not line.endswith(b"\n") and number > 1:
                raise Torn(f"{path}:{number}: the file ends inside a line") from error
            if repair:
                recording.notes[BAD_LINES] += 1
                continue
            raise DataError(f"{path}:{number}: expected a stamp and a message: {error}") from error


class _Recording:
    """What has been read so far of one symbol."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.rows = RowRuns()
        self.notes: Counter[str] = Counter()
        self.book = BookRows(self.rows, self.notes)
        self.top = TopLog()
        self._trade_id: int | None = None

    def take(self, line: bytes, place: int) -> None:
        """Take one line; raise ValueError or MsgspecError when it is no message of this symbol."""
        recv_ns, body = wire.split_line(line)
        envelope = wire.decode_envelope(body)
        if envelope.stream is None:
            self._take_answer(envelope, body, recv_ns, place)
            return
        symbol, _, stream = envelope.stream.partition("@")
        if symbol != self.symbol:
            raise ValueError(f"the stream is {envelope.stream}, not one of {self.symbol}")
        match stream.partition("@")[0]:
            case "depth":
                self.book.take_update(wire.decode_depth(envelope.data), recv_ns, place)
            case "trade":
                self._take_trade(wire.decode_trade(envelope.data), recv_ns, place)
            case "bookTicker":
                self.top.take(wire.decode_book_ticker(envelope.data), place)
            case other:
                self.notes[f"{other} messages left out"] += 1

    def _take_answer(self, envelope: wire.Envelope, body: bytes, recv_ns: int, place: int) -> None:
        if envelope.last_id is not None:
            self.book.take_snapshot(wire.decode_snapshot(body), recv_ns, place)
        elif envelope.code is not None:
            self.notes["REST error answers left out"] += 1
        else:
            raise ValueError("it has neither a stream nor a snapshot's lastUpdateId")

    def _take_trade(self, trade: wire.Trade, recv_ns: int, place: int) -> None:
        """Keep a trade of the market, once, and only when a book has been known."""
        if self._trade_id is not None:
            if trade.trade_id <= self._trade_id:
                self.notes["repeated trades left out"] += 1
                return
            if missing := trade.trade_id - self._trade_id - 1:
                self.notes["trades missing by their ids"] += missing
        self._trade_id = trade.trade_id
        if trade.origin != "MARKET":
            self.notes[f"{trade.origin} trades left out"] += 1
        elif not self.book.snapshots:
            self.notes["trades before the first snapshot left out"] += 1
        else:
            kind = TRADE_SELL if trade.buyer_is_maker else TRADE_BUY
            levels = ((trade.price, trade.size_base),)
            self.rows.add(kind, levels, wire.as_ns(trade.transaction_time), recv_ns, place)


def _tape(
    recording: _Recording,
    paths: tuple[Path, ...],
    instrument: Instrument,
    source: TapeSource,
    torn: str | None,
) -> Tape:
    """Turn everything that was read into a tape."""
    if not recording.book.snapshots:
        raise DataError(
            f"{source.path}: expected a depth snapshot of {instrument.symbol} among the messages, "
            f"found none beside {recording.book.updates} depth updates; record one at the start"
        )

    def text(place: int) -> str:
        return f"{paths[place >> LINE_BITS]}:{place & ((1 << LINE_BITS) - 1)}"

    rows = recording.rows
    return assemble(
        instrument,
        source,
        with_venue_stamps(
            rows.columns(instrument, text, recording.notes if source.repair else None)
        ),
        lambda row: text(rows.place_of(row)),
        bbo=recording.top.close(instrument.tick_size, text),
        depth_end=recording.book.close(),
        torn=torn,
        notes=recording.notes,
    )


READER = Reader("binance_raw", 1, "usdm_{symbol}_*", read)
