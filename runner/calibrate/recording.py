"""Turn a tape into what fits need: the top of book over time, and who traded through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from connectors.model.book import Book, apply_rows, ask_lots_at, bid_lots_at, clear, is_two_sided
from connectors.model.errors import DataError
from connectors.model.events import GAP, TRADE_BUY, TRADE_SELL

if TYPE_CHECKING:
    from decimal import Decimal

    from numpy.typing import NDArray

    from connectors.tape.tape import Columns, Tape

    Int64 = NDArray[np.int64]
    Floats = NDArray[np.float64]

SWEEP_NS = 20_000_000
"""Trades of one side that follow one another so closely are one order."""


@dataclass(frozen=True, slots=True)
class Tops:
    """The top of book whenever it changed; prices are 0 while the book is not to be relied on."""

    ns: Int64
    bid_ticks: Int64
    ask_ticks: Int64
    bid_lots: Int64
    ask_lots: Int64

    def at(self, ns: Int64) -> Int64:
        """Return the index of the last change at or before each moment; -1 before the first."""

        return np.searchsorted(self.ns, ns, side="right") - 1

    def half_ticks(self, ns: Int64) -> Int64:
        """Return bid + ask at each moment, twice the mid; 0 where there was none."""

        index = self.at(ns)
        both = self.bid_ticks + self.ask_ticks
        return np.where(index >= 0, both[np.maximum(index, 0)], 0)


@dataclass(frozen=True, slots=True)
class Trades:
    """Trades by the venue's clock; `sign` is +1 where a buyer took, -1 where a seller did."""

    ns: Int64
    sign: Int64
    ticks: Int64
    lots: Int64


@dataclass(frozen=True, slots=True)
class TakerOrders:
    """Trades put together to the orders that made them, and how far each reached beyond mid."""

    ns: Int64
    sign: Int64
    depth_bps: Floats


@dataclass(frozen=True, slots=True)
class Recording:
    """One market's tape as series. `seen` is by our clock, everything else by the venue's."""

    tick_size: Decimal
    seen: Tops
    happened: Tops
    trades: Trades
    orders: TakerOrders
    gaps: int
    start_ns: int
    end_ns: int

    @property
    def seconds(self) -> float:
        """How long the book was known from its first to its last moment."""
        return (self.end_ns - self.start_ns) * 1e-9


def recording_of(tape: Tape) -> Recording:
    """Return the series of a tape; raise DataError for one whose book is never two-sided."""
    happened = _tops(tape.venue, tape.venue.venue_ns)
    seen = _tops(tape.local, tape.local.recv_ns)
    if not (happened.bid_ticks > 0).any():
        raise DataError(
            f"tape of {tape.symbol}: expected a two-sided book somewhere, there is none"
        )
    trades = _trades(tape.venue)
    return Recording(
        tick_size=tape.tick_size,
        seen=seen,
        happened=happened,
        trades=trades,
        orders=_orders(trades, happened),
        gaps=int(np.count_nonzero(tape.local.kind == GAP)),
        start_ns=int(happened.ns[np.argmax(happened.bid_ticks > 0)]),
        end_ns=int(tape.venue.venue_ns[-1]),
    )


def _tops(rows: Columns, stamps: Int64) -> Tops:
    """Rebuild the book message by message and keep each change of its top."""
    ends = np.append(np.flatnonzero(np.diff(stamps)) + 1, len(stamps)).tolist()
    kind, ticks, lots = rows.kind.tolist(), rows.ticks.tolist(), rows.lots.tolist()
    book = Book()
    clear(book)
    found = []
    before = (0, 0, 0, 0)
    start = 0
    for end in ends:
        apply_rows(book, kind, ticks, lots, start, end)
        top = _top(book)
        if top != before:
            found.append((start, *top))
            before = top
        start = end
    table = np.array(found, np.int64).reshape(-1, 5)
    return Tops(stamps[table[:, 0]], table[:, 1], table[:, 2], table[:, 3], table[:, 4])


def _top(book: Book) -> tuple[int, int, int, int]:
    if not is_two_sided(book):
        return (0, 0, 0, 0)
    bid, ask = book.best_bid_ticks, book.best_ask_ticks
    return (bid, ask, bid_lots_at(book, bid), ask_lots_at(book, ask))


def _trades(rows: Columns) -> Trades:
    is_trade = (rows.kind == TRADE_BUY) | (rows.kind == TRADE_SELL)
    sign = np.where(rows.kind[is_trade] == TRADE_BUY, 1, -1)
    return Trades(
        rows.venue_ns[is_trade],
        sign.astype(np.int64),
        rows.ticks[is_trade].astype(np.int64),
        rows.lots[is_trade],
    )


def _orders(trades: Trades, happened: Tops) -> TakerOrders:
    """Cluster trades of one side; depth is from the mid before the first to the worst price."""
    if not len(trades.ns):
        return TakerOrders(trades.ns, trades.sign, np.empty(0))
    is_new = (np.diff(trades.ns) > SWEEP_NS) | (np.diff(trades.sign) != 0)
    first = np.concatenate(([0], np.flatnonzero(is_new) + 1))
    ns, sign = trades.ns[first], trades.sign[first]
    worst = sign * np.maximum.reduceat(trades.sign * trades.ticks, first)
    mid = 0.5 * happened.half_ticks(ns - 1)
    known = mid > 0
    depth = sign[known] * (worst[known] - mid[known]) / mid[known] * 1e4
    return TakerOrders(ns[known], sign[known], depth)
