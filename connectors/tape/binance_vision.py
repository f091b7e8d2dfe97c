"""Read Binance's public archive: trades or aggTrades, and bookTicker.

Files are CSV in zip, with or without a header, futures' with stamps in ms, spot's since 2025 in us.
Their names say what they hold: ``BTCUSDT-aggTrades-2024-01-31.zip``. The stamp of both is the
transaction's. bookDepth holds sums by distance, from which no book can be made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connectors.model.errors import DataError
from connectors.model.events import TRADE_BUY, TRADE_SELL
from connectors.tape.archive import BOOK, TRADES, Parser, Stream, cells_of, read_archive
from connectors.tape.binance_wire import as_ns
from connectors.tape.source import Reader, TapeSource

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from connectors.model.instrument import Instrument
    from connectors.tape.tape import Tape

_KIND = re.compile(r"-(trades|aggTrades|bookTicker|bookDepth)-\d{4}-\d\d")
_SIDES = {"true": TRADE_SELL, "false": TRADE_BUY}


def read(paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
    """Read the files of one symbol; raises what `read_archive` raises."""
    return read_archive(paths, instrument, source, _parser_of)


def _parser_of(path: Path, instrument: Instrument, notes: Counter[str]) -> Parser:
    match = _KIND.search(path.name)
    if match is None:
        raise DataError(
            f"{path}: expected the archive's name, such as BTCUSDT-trades-2024-01-31.zip"
        )
    match match[1]:
        case "trades":
            return _Trades(notes)
        case "aggTrades":
            return _AggTrades(notes)
        case "bookTicker":
            return _BookTicker(notes)
        case _:
            raise DataError(
                f"{path}: expected trades, aggTrades or bookTicker, was bookDepth, which holds sums"
                " by distance and no levels; take bookTicker and set tape.pattern"
            )


class _Trades:
    """``id,price,qty,quote_qty,time,is_buyer_maker``."""

    columns: tuple[tuple[int, str], ...] = ((0, "id"), (1, "price"), (4, "time"))
    stamp_at = 4
    maker_at = 5

    def __init__(self, notes: Counter[str]) -> None:
        self.stream = Stream(TRADES, notes)

    def begin(self) -> None:
        """Go on: ids tell whether a file repeats another."""

    def take(self, line: bytes, number: int, place: int) -> None:
        """Take a trade, once."""
        cells = cells_of(line)
        if number == 1 and not cells[0].isdigit():
            _check_header(cells, self.columns)
            return
        stamp_ns, kind = as_ns(int(cells[self.stamp_at])), _SIDES[cells[self.maker_at].lower()]
        level = (float(cells[1]), float(cells[2]))
        if self.stream.is_new(int(cells[0])):
            self.stream.rows.add(kind, (level,), stamp_ns, stamp_ns, place)

    def lose(self, place: int) -> None:
        """Go on: a trade that is missing costs no book."""


class _AggTrades(_Trades):
    """``agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker``."""

    columns = ((0, "agg_trade_id"), (1, "price"), (5, "transact_time"))
    stamp_at = 5
    maker_at = 6


class _BookTicker:
    """``update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,...``."""

    columns = ((0, "update_id"), (1, "best_bid_price"), (3, "best_ask_price"))

    def __init__(self, notes: Counter[str]) -> None:
        self.stream = Stream(BOOK, notes)
        self._stamp_ns = 0

    def begin(self) -> None:
        """Go on: ids tell whether a file repeats another."""

    def take(self, line: bytes, number: int, place: int) -> None:
        """Take a top of book, once; ids only grow, and skip what did not move it."""
        cells = cells_of(line)
        if number == 1 and not cells[0].isdigit():
            _check_header(cells, self.columns)
            return
        update_id, stamp_ns = int(cells[0]), as_ns(int(cells[5]))
        if update_id <= self.stream.last_id:
            self.stream.notes["repeated tops of book left out"] += 1
            return
        bid, ask = (float(cells[1]), float(cells[2])), (float(cells[3]), float(cells[4]))
        self.stream.last_id = update_id
        self._stamp_ns = stamp_ns
        self.stream.top.tell(bid, ask, stamp_ns, stamp_ns, place)

    def lose(self, place: int) -> None:
        """Know nothing until the next line."""
        self.stream.top.lose(self._stamp_ns, self._stamp_ns, place)


def _check_header(cells: list[str], columns: tuple[tuple[int, str], ...]) -> None:
    for at, name in columns:
        if cells[at].strip() != name:
            raise ValueError(f"column {at + 1} is {cells[at]!r} instead of {name!r}")


READER = Reader("binance_vision", 1, "{symbol}-*-[0-9]*[pvz]", read)
