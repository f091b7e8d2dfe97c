"""Read raw Lighter recordings: a JSON array of ``{"ts": seconds, "msg": text}``, plain or gzipped.

One file may hold several markets; the market_stats channel says which id stands for the symbol. The
book follows the venue's rule of continuity, trades are those that came as updates: the answer to a
subscription repeats old ones.
"""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from connectors.model.errors import DataError, TornTape
from connectors.model.events import TRADE_BUY, TRADE_SELL
from connectors.tape import lighter_wire as wire
from connectors.tape.binance_wire import as_ns
from connectors.tape.lighter_book import BookRows
from connectors.tape.lines import open_bytes
from connectors.tape.ordering import assemble
from connectors.tape.row_runs import RowRuns
from connectors.tape.source import Reader, TapeSource

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.model.instrument import Instrument
    from connectors.tape.tape import Tape

PLACE_BITS = 40
"""A place is the file's number above this many bits and the message's number below."""
BACKSLASH = ord("\\")
"""Before a quote inside a message's text; a message ends at one without."""
ON_THE_BOOK = ("trade", "liquidation")
"""Kinds of trades that took what rested; a deleveraging or a settlement did not."""


def read(paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
    """Read the files, joined in their order.

    Raises DataError for what is no such recording, has no snapshot of the symbol's book or prices
    off the grid; TornTape for a file that was cut, unless `allow_torn`, which drops the cut end.
    """
    torn: list[str] = []
    files = [_frames(path, source.takes_torn, torn) for path in paths]
    market_id = _market_id(files, paths, instrument.symbol)
    recording = _Recording(market_id)
    for number, frames in enumerate(files):
        for k, frame in enumerate(frames):
            try:
                recording.take(frame, number << PLACE_BITS | k)
            except (ValueError, OverflowError, msgspec.MsgspecError) as error:
                where = f"{paths[number]}: message {k + 1}"
                raise DataError(f"{where}: expected a message of Lighter: {error}") from error
    if not recording.book.snapshots:
        raise DataError(
            f"{source.path}: expected a snapshot of {instrument.symbol} (order_book:{market_id})"
            " among the messages, found none; record one at the start"
        )

    def text(place: int) -> str:
        return f"{paths[place >> PLACE_BITS]}: message {(place & ((1 << PLACE_BITS) - 1)) + 1}"

    rows = recording.rows
    return assemble(
        instrument,
        source,
        rows.columns(instrument, text, recording.notes if source.repair else None),
        lambda row: text(rows.place_of(row)),
        torn="; ".join(torn) or None,
        notes=recording.notes,
    )


class _Recording:
    """What has been read so far of one market."""

    def __init__(self, market_id: int) -> None:
        self.rows = RowRuns()
        self.notes: Counter[str] = Counter()
        self.book = BookRows(self.rows, self.notes)
        self._ends = f":{market_id}"
        self._trade_id = 0

    def take(self, frame: wire.Frame, place: int) -> None:
        """Take one message; raise ValueError or MsgspecError when it is not what it says it is."""
        head = wire.decode_envelope(frame.msg)
        if not head.channel.endswith(self._ends):
            return
        match head.type:
            case "subscribed/order_book":
                self.book.take_snapshot(wire.decode_book(frame.msg), frame.recv_ns(), place)
            case "update/order_book":
                self.book.take_update(wire.decode_book(frame.msg), frame.recv_ns(), place)
            case "update/trade":
                for trade in wire.decode_trades(frame.msg).in_order():
                    self._take_trade(trade, frame.recv_ns(), place)
            case other:
                self.notes[f"{other} messages left out"] += 1

    def _take_trade(self, trade: wire.Trade, recv_ns: int, place: int) -> None:
        """Keep a trade that took from the book, once, and only when a book has been known."""
        if trade.trade_id <= self._trade_id:
            self.notes["repeated trades left out"] += 1
            return
        self._trade_id = trade.trade_id
        if trade.type not in ON_THE_BOOK:
            self.notes[f"{trade.type} trades left out"] += 1
        elif not self.book.snapshots:
            self.notes["trades before the first snapshot left out"] += 1
        else:
            kind = TRADE_BUY if trade.is_maker_ask else TRADE_SELL
            levels = ((trade.price, trade.size),)
            self.rows.add(kind, levels, as_ns(trade.timestamp), recv_ns, place)


def _frames(path: Path, allow_torn: bool, torn: list[str]) -> list[wire.Frame]:
    """Return the messages of a file; say in `torn` what was cut off."""
    data, is_whole = _bytes(path)
    try:
        if is_whole:
            return wire.decode_frames(data)
    except (msgspec.ValidationError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: expected an array of stamps and messages: {error}") from error
    except msgspec.DecodeError:
        pass
    good = _cut_back(data)
    if good is None:
        raise DataError(f'{path}: expected a JSON array of {{"ts": seconds, "msg": text}}')
    cut = f"{path}: the file ends inside a message; {len(good)} good messages precede"
    if not allow_torn:
        raise TornTape(f"{cut}; set tape.allow_torn=true to use them")
    torn.append(cut)
    return good


def _bytes(path: Path) -> tuple[bytes, bool]:
    """Return what can be read of a file, and whether that is all of it."""
    parts = []
    with open_bytes(path) as stream:
        try:
            while part := stream.read(1 << 20):
                parts.append(part)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return b"".join(parts), False
        except OSError as error:
            raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    return b"".join(parts), True


def _cut_back(data: bytes) -> list[wire.Frame] | None:
    """Return the whole messages before a cut, or None when there are none."""
    end = data.rfind(b'"}')
    while end > 0 and data[end - 1] == BACKSLASH:
        end = data.rfind(b'"}', 0, end)
    try:
        return wire.decode_frames(data[: end + 2] + b"]") or None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _market_id(files: list[list[wire.Frame]], paths: tuple[Path, ...], symbol: str) -> int:
    """Return the id that the recorded statistics give a symbol, or raise DataError."""
    known: dict[str, int] = {}
    for frames, path in zip(files, paths, strict=True):
        for k, frame in enumerate(frames):
            try:
                if "/market_stats" in wire.decode_envelope(frame.msg).type:
                    stats = wire.decode_stats(frame.msg).market_stats
                    known[stats.symbol.upper()] = stats.market_id
            except msgspec.MsgspecError as error:
                raise DataError(
                    f"{path}: message {k + 1}: expected a message of Lighter: {error}"
                ) from error
    if symbol.upper() not in known:
        raise DataError(
            f"expected statistics of {symbol} in the recording, found"
            f" {', '.join(sorted(known)) or 'none'}; set markets.NAME.instrument.symbol to one of"
            " them"
        )
    return known[symbol.upper()]


READER = Reader("lighter_raw", 1, "*.json*", read)
