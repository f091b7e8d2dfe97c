"""Generate long stretches of synthetic flow, and rebuild the market from its rows alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba.extending import register_jitable

from connectors.model.book import Book, ask_lots_at, bid_lots_at, clear, set_ask, set_bid
from connectors.model.events import ASK, BID, TRADE_BUY, TRADE_SELL
from connectors.model.record import record_of
from connectors.sim.flow import next_message, snapshot, start
from connectors.sim.flow_market import FlowMarket, fill
from connectors.sim.flow_state import LEVELS, MESSAGE_ROWS, Flow
from runner.modes.compiled import compile_loop
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
        for column, written in zip(
            (rows.kind, rows.ticks, rows.lots, rows.venue_ns), room, strict=True
        ):
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


@register_jitable  # type: ignore[untyped-decorator]
def _is_displayed(book, kind, price, size, is_first):  # type: ignore[no-untyped-def]
    """Tell whether a trade takes what its level shows, and whether an order begins at the touch."""
    if kind == TRADE_BUY:
        shown, best = ask_lots_at(book, price), book.best_ask_ticks
    else:
        shown, best = bid_lots_at(book, price), book.best_bid_ticks
    return 1 <= size <= shown and (price == best or not is_first)


@register_jitable  # type: ignore[untyped-decorator]
def _is_followed(book, kind, ticks, lots, trade, end):  # type: ignore[no-untyped-def]
    """Tell whether a depth row of the same message shows what the trade has left."""
    side = ASK if kind[trade] == TRADE_BUY else BID
    price = ticks[trade]
    before = ask_lots_at(book, price) if side == ASK else bid_lots_at(book, price)
    for row in range(trade + 1, end):
        if kind[row] == side and ticks[row] == price:
            return lots[row] == before - lots[trade]
    return False


@register_jitable  # type: ignore[untyped-decorator]
def _write_touch(book, touch):  # type: ignore[no-untyped-def]
    touch[0] = book.best_bid_ticks
    touch[1] = book.best_ask_ticks
    touch[2] = bid_lots_at(book, book.best_bid_ticks)
    touch[3] = ask_lots_at(book, book.best_ask_ticks)


def _rebuild(book, kind, ticks, lots, venue_ns, ends, touch, orders, faults):  # type: ignore[no-untyped-def]
    """Apply every row; write the touch after each message, each order, and count the faults."""
    clear(book)
    found = 0
    first = 0
    was_swept = False
    for m in range(len(ends)):
        end = ends[m]
        traded = 0
        double_mid = book.best_bid_ticks + book.best_ask_ticks
        for row in range(first, end):
            k = kind[row]
            if k == TRADE_BUY or k == TRADE_SELL:
                traded += 1
                displayed = _is_displayed(book, k, ticks[row], lots[row], row == first)
                faults[NOT_DISPLAYED] += not displayed
                faults[NOT_FOLLOWED] += not _is_followed(book, kind, ticks, lots, row, end)
            elif k == BID:
                set_bid(book, ticks[row], lots[row])
            elif k == ASK:
                set_ask(book, ticks[row], lots[row])
            faults[CROSSED] += m > 0 and book.best_bid_ticks >= book.best_ask_ticks
            faults[CLOCK] += venue_ns[row] != venue_ns[first]
        faults[CLOCK] += m > 1 and end > first and venue_ns[first] <= venue_ns[first - 1]
        if traded > 0:
            orders[found, 0] = venue_ns[first]
            orders[found, 1] = kind[first] == TRADE_BUY
            orders[found, 2] = ticks[first + traded - 1]
            orders[found, 3] = double_mid
            found += 1
        is_whole = book.bid_levels == LEVELS and book.ask_levels == LEVELS
        is_swept = traded > 0 and not is_whole
        faults[LEVEL_COUNT] += (not is_whole and not is_swept) or (was_swept and traded > 0)
        was_swept = is_swept
        _write_touch(book, touch[m])
        first = end
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
