"""Generate long stretches of synthetic flow compiled, and rebuild the market from its rows alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from connectors.model.book import Book, ask_lots_at, bid_lots_at, clear, set_ask, set_bid
from connectors.model.events import ASK, BID, TRADE_BUY, TRADE_SELL
from connectors.sim.flow import next_message, snapshot, start
from connectors.sim.flow_market import FlowMarket, fill
from connectors.sim.flow_state import LEVELS, MESSAGE_ROWS, Flow
from runner.modes.compiled import compile_loop, record_of
from tests.connectors.sim.market_facts import Market

START_NS = 1_700_000_000_000_000_000
ROWS_PER_MESSAGE = 14
CROSSED, NOT_DISPLAYED, NOT_FOLLOWED, LEVEL_COUNT, CLOCK = range(5)
"""What can be wrong with a stream; `Rebuilt.faults` counts each."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of rows; message `m` ends at row ``ends[m]``, and the first is a snapshot."""

    kind: Any
    ticks: Any
    lots: Any
    venue_ns: Any
    ends: Any


def opened(market: FlowMarket, seed: int) -> Flow:
    """Return a started flow."""
    flow = Flow()
    fill(flow.params, market)
    start(flow, seed, market.start_mid_ticks, START_NS)
    return flow


def interpret(flow: Flow, messages: int) -> Rows:
    """Generate messages as paper does."""
    rows = Rows([], [], [], [], [])
    room = [[0] * MESSAGE_ROWS for _ in range(4)]
    for m in range(messages):
        end = snapshot(flow, *room, 0) if m == 0 else next_message(flow, *room, 0)
        for column, written in zip((rows.kind, rows.ticks, rows.lots, rows.venue_ns), room, strict=True):
            column.extend(written[:end])
        rows.ends.append(len(rows.kind))
    return rows


def _generate(flow, kind, ticks, lots, venue_ns, ends):  # type: ignore[no-untyped-def]
    at = snapshot(flow, kind, ticks, lots, venue_ns, 0)
    ends[0] = at
    for m in range(1, len(ends)):
        if at + MESSAGE_ROWS > len(kind):
            return m
        at = next_message(flow, kind, ticks, lots, venue_ns, at)
        ends[m] = at
    return len(ends)


def _rebuild(book, kind, ticks, lots, venue_ns, ends, touch, orders, faults):  # type: ignore[no-untyped-def]
    """Apply every row; write bid, ask and their lots a message, and each order with its mid."""
    clear(book)
    found = 0
    row = 0
    swept = False
    for m in range(len(ends)):
        first = row
        traded = 0
        double_mid = book.best_bid_ticks + book.best_ask_ticks
        while row < ends[m]:
            k, price, size = kind[row], ticks[row], lots[row]
            if k == TRADE_BUY or k == TRADE_SELL:
                shown = ask_lots_at(book, price) if k == TRADE_BUY else bid_lots_at(book, price)
                best = book.best_ask_ticks if k == TRADE_BUY else book.best_bid_ticks
                if size < 1 or size > shown or (row == first and price != best):
                    faults[NOT_DISPLAYED] += 1
                followed = False
                for later in range(row + 1, ends[m]):
                    if kind[later] == (ASK if k == TRADE_BUY else BID) and ticks[later] == price:
                        followed = lots[later] == shown - size
                if not followed:
                    faults[NOT_FOLLOWED] += 1
                traded += 1
            elif k == BID:
                set_bid(book, price, size)
            elif k == ASK:
                set_ask(book, price, size)
            if m > 0 and book.best_bid_ticks >= book.best_ask_ticks:
                faults[CROSSED] += 1
            if venue_ns[row] != venue_ns[first]:
                faults[CLOCK] += 1
            row += 1
        if m > 1 and row > first and venue_ns[first] <= venue_ns[first - 1]:
            faults[CLOCK] += 1
        if traded > 0:
            orders[found, 0] = venue_ns[first]
            orders[found, 1] = 1 if kind[first] == TRADE_BUY else 0
            orders[found, 2] = ticks[first + traded - 1]
            orders[found, 3] = double_mid
            found += 1
        whole = book.bid_levels == LEVELS and book.ask_levels == LEVELS
        was_swept = swept
        swept = traded > 0 and not whole
        if (not whole and not swept) or (was_swept and traded > 0):
            faults[LEVEL_COUNT] += 1
        touch[m, 0] = book.best_bid_ticks
        touch[m, 1] = book.best_ask_ticks
        touch[m, 2] = bid_lots_at(book, book.best_bid_ticks)
        touch[m, 3] = ask_lots_at(book, book.best_ask_ticks)
    return found


class Compiled:
    """The two loops, compiled once."""

    def __init__(self) -> None:
        self._generate: Callable[..., int] = compile_loop(_generate, None)
        self._rebuild: Callable[..., int] = compile_loop(_rebuild, None)

    def generate(self, market: FlowMarket, seed: int, messages: int) -> Rows:
        """Generate messages as replay does."""
        room = messages * ROWS_PER_MESSAGE + MESSAGE_ROWS
        columns = [np.empty(room, dtype) for dtype in ("u1", "i4", "i8", "i8")]
        ends = np.empty(messages, "i8")
        done = self._generate(record_of(opened(market, seed)), *columns, ends)
        if done != messages:
            raise ValueError(f"expected room for {messages} messages, was enough for {done}")
        return Rows(*(column[: ends[-1]] for column in columns), ends)

    def rebuild(self, rows: Rows) -> tuple[Market, list[int]]:
        """Return the market that the rows show, and how often each fault occurred."""
        messages = len(rows.ends)
        touch = np.empty((messages, 4), "i8")
        orders = np.empty((messages, 4), "i8")
        faults = np.zeros(5, "i8")
        columns = (rows.kind, rows.ticks, rows.lots, rows.venue_ns, rows.ends)
        found = self._rebuild(record_of(Book()), *columns, touch, orders, faults)
        ns = rows.venue_ns[rows.ends - 1]
        taken = orders[:found]
        market = Market(
            ns,
            *touch.T,
            order_ns=taken[:, 0],
            order_is_buy=taken[:, 1] == 1,
            order_last=taken[:, 2],
            order_mid=taken[:, 3] / 2,
        )
        return market, faults.tolist()
