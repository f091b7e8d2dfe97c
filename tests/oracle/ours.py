"""Drive our simulator with the oracle's rule, through the loop that every replay runs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from connectors.model.book import Book, apply_rows, clear
from connectors.model.events import (
    ACCEPTED,
    CANCEL,
    CANCEL_REJECTED,
    CANCELLED,
    FILLED,
    MAKER,
    PLACE,
    POST_ONLY,
    IntColumn,
)
from connectors.model.orders import ID_STRIDE, LEVELS, SLOTS
from connectors.sim.exchange import Exchange, ExchangeTerms, start, submit
from connectors.sim.exchange_state import REPORTS
from connectors.sim.latency_table import Row, load_latencies
from connectors.tape.tape import Tape
from runner.engine.logs import DecisionLog, FillLog
from runner.modes.compiled import compile_loop, record_of
from runner.modes.market_replay import loop_columns
from runner.modes.replay_loop import TURN, Cursor, advance
from strategies.desk import Desk
from tests.oracle import rule
from tests.oracle.rule import action, wanted_ticks

Table = Any
"""Two-dimensional array of integers or floats."""


@dataclass(frozen=True, slots=True)
class Money:
    """What a fill is worth: ``contract_size`` a lot, of the price or, inverse, over the price."""

    tick_size: float
    contract_size: float
    maker_fee: float
    taker_fee: float
    is_inverse: bool = False

    def row(self) -> Any:
        """Return the numbers in the order in which `settle` reads them."""
        fees = (self.maker_fee, self.taker_fee, float(self.is_inverse))
        return np.array((self.tick_size, self.contract_size, *fees))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The three tables of one run, and how long it took."""

    steps: Table
    cash: Table
    placed: Table
    seconds: float


def drive(
    desk: Desk,
    book: Book,
    exchange: Exchange,
    cursor: Cursor,
    fills: FillLog,
    decisions: DecisionLog,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    recv_ns: IntColumn,
    venue_kind: IntColumn,
    venue_ticks: IntColumn,
    venue_lots: IntColumn,
    venue_ns: IntColumn,
    grid: IntColumn,
    money: Table,
    step_ns: int,
    steps: Table,
    cash: Table,
    placed: Table,
    status: Table,
) -> int:
    """Fill the tables of steps, cash and orders as `theirs.drive` does; return how many orders."""
    count = 0
    k = 0
    heard = 0
    account = np.zeros(3)
    next_ns = min(recv_ns[0], venue_ns[0]) + step_ns
    cursor.pause_at = len(kind)
    while k < len(steps):
        cursor.wake_ns = next_ns
        found = advance(
            desk,
            exchange,
            cursor,
            fills,
            decisions,
            recv_ns,
            venue_kind,
            venue_ticks,
            venue_lots,
            venue_ns,
        )
        if found != TURN:
            return -1 - k
        fills.count = 0
        apply_rows(book, kind, ticks, lots, cursor.first, cursor.local)
        while heard < exchange.report_head:
            take_report(exchange, heard % REPORTS, money, account, status, placed)
            heard += 1
        if cursor.now_ns == next_ns:
            see(desk, book, account, next_ns, steps[k], cash[k])
            count = decide(exchange, grid, steps[k], status, placed, count)
            k += 1
            next_ns += step_ns
    return count


def see(desk: Desk, book: Book, account: Table, now_ns: int, step: Table, cash: Table) -> None:
    """Write down a step: the touch, zero where a side is empty, and the account."""
    step[rule.NOW_NS] = now_ns
    step[rule.BID_TICKS] = book.best_bid_ticks if book.bid_levels > 0 else 0
    step[rule.ASK_TICKS] = book.best_ask_ticks if book.ask_levels > 0 else 0
    step[rule.POSITION_LOTS] = desk.orders.position_lots
    step[rule.FILLS] = int(account[2])
    cash[0] = account[0]
    cash[1] = account[1]


def take_report(
    exchange: Exchange, r: int, money: Table, account: Table, status: Table, placed: Table
) -> None:
    """Take one answer of the exchange: what is known of the order's place, and how it ended."""
    x = exchange.reports
    kind = x.kind[r]
    slot = x.client_id[r] % SLOTS
    number = x.client_id[r] // ID_STRIDE
    if kind == ACCEPTED:
        status[slot, 0] = rule.WORKING
    elif kind != CANCEL_REJECTED:
        status[slot, 0] = rule.FREE
        placed[number, rule.END_NS] = x.venue_ns[r]
        placed[number, rule.END] = rule.CANCELLED if kind == CANCELLED else rule.REFUSED
        if kind == FILLED:
            placed[number, rule.END] = rule.FILLED
            placed[number, rule.EXEC_TICKS] = x.ticks[r]
            placed[number, rule.IS_MAKER] = x.code[r] == MAKER
            settle(money, account, x.side[r], x.ticks[r], x.lots[r], x.code[r] == MAKER)


def settle(money: Table, account: Table, side: int, ticks: int, lots: int, is_maker: bool) -> None:
    """Book a fill into cash, fees and the count, in the order of hftbacktest's own arithmetic."""
    price = ticks * money[0]
    amount = money[1] * lots / price if money[4] > 0.0 else money[1] * price * lots
    account[0] -= amount * (1.0 - 2.0 * side)
    account[1] += (money[2] if is_maker else money[3]) * amount
    account[2] += 1.0


def decide(
    exchange: Exchange, grid: IntColumn, step: IntColumn, status: Table, placed: Table, count: int
) -> int:
    """Send what the rule asks for; return how many orders there have been."""
    levels = grid[rule.LEVELS]
    bid, ask, position = step[rule.BID_TICKS], step[rule.ASK_TICKS], step[rule.POSITION_LOTS]
    for place in range(2 * levels):
        side = place // levels
        slot = 2 * (side * LEVELS + place % levels)
        wanted = wanted_ticks(grid, side, place % levels, bid, ask, position)
        todo = action(grid, status[slot, 0], status[slot, 1], wanted)
        if todo == rule.CANCEL:
            number = status[slot, 2]
            status[slot, 0] = rule.PENDING
            placed[number, rule.CANCEL_NS] = step[rule.NOW_NS]
            client_id = number * ID_STRIDE + slot
            submit(exchange, CANCEL, client_id, side, 0, 0, 0, step[rule.NOW_NS])
        elif todo == rule.PLACE:
            count += 1
            send(exchange, grid, side, slot, wanted, count, step[rule.NOW_NS], status, placed)
    return count


def send(
    exchange: Exchange,
    grid: IntColumn,
    side: int,
    slot: int,
    ticks: int,
    number: int,
    now_ns: int,
    status: Table,
    placed: Table,
) -> None:
    """Send an order and write it down."""
    status[slot, 0] = rule.PENDING
    status[slot, 1] = ticks
    status[slot, 2] = number
    placed[number, rule.PLACED_SIDE] = side
    placed[number, rule.PLACED_TICKS] = ticks
    placed[number, rule.SENT_NS] = now_ns
    flags = POST_ONLY if grid[rule.IS_POST_ONLY] > 0 else 0
    lots = grid[rule.ORDER_LOTS]
    submit(exchange, PLACE, number * ID_STRIDE + slot, side, ticks, lots, flags, now_ns)


PARTS = (wanted_ticks, action, see, take_report, settle, decide, send)


@cache
def compiled_drive() -> Any:
    """Compile `drive` for this process alone: numba's cache does not see a change in `rule`."""
    from numba.extending import register_jitable

    for part in PARTS:
        register_jitable(part)
    return compile_loop(drive, None)


def run(
    tape: Tape,
    terms: ExchangeTerms,
    grid: tuple[int, ...],
    money: Money,
    step_ns: int,
    steps: int,
    latencies: Sequence[Row] = (),
    *,
    compiled: bool = True,
) -> Outcome:
    """Run the rule on a tape; raise ValueError when the tape ends before the last step."""
    exchange, book, cursor = Exchange(), Book(), Cursor()
    start(exchange, terms)
    load_latencies(exchange, latencies)
    clear(book)
    tables = (
        np.zeros((steps, rule.STEP_COLUMNS), np.int64),
        np.zeros((steps, 2)),
        np.zeros((steps * 2 * grid[rule.LEVELS] + 1, rule.ORDER_COLUMNS), np.int64),
    )
    states = (Desk(), book, exchange, cursor, FillLog(), DecisionLog())
    loop = drive
    if compiled:
        states = tuple(record_of(plain) for plain in states)
        loop = compiled_drive()
    status = np.zeros((SLOTS, 3), np.int64)
    rest = (np.array(grid, np.int64), money.row(), step_ns, *tables, status)
    began = time.perf_counter()
    count = loop(*states, *loop_columns(tape), *rest)
    seconds = time.perf_counter() - began
    if count < 0:
        raise ValueError(f"{tape.symbol}: expected {steps} steps, the tape ended at {-1 - count}")
    return Outcome(tables[0], tables[1], tables[2][: count + 1], seconds)
