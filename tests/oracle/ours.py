"""Drive our simulator with the oracle's rule, through the loop that every replay runs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from connectors.model.book import Book, apply_rows, clear
from connectors.model.events import (
    IntColumn,
)
from connectors.model.orders import SLOTS
from connectors.model.record import records_of
from connectors.sim.exchange import FAR_NS, Exchange, ExchangeTerms, start
from connectors.sim.exchange_state import REPORTS
from connectors.sim.latency_table import Row, load_latencies
from connectors.tape.tape import Tape
from runner.engine.account import Stake
from runner.engine.logs import DecisionLog, FillLog
from runner.modes.compiled import compile_loop
from runner.modes.market_replay import loop_columns
from runner.modes.merging import Cursor, earliest
from runner.modes.replay_loop import TURN, arrive, go_on
from runner.modes.tracks import (
    KIND,
    LOTS,
    RECV_NS,
    TICKS,
    VENUE_NS,
    Tracks,
    kinds_at,
    longs_at,
    table_of,
    ticks_at,
)
from strategies.desk import Desk
from tests.oracle import rule
from tests.oracle.quoting import Table, decide, see, send, settle, take_report
from tests.oracle.rule import action, wanted_ticks


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
    """The three tables of one asset in a run, and how long the run took."""

    steps: Table
    cash: Table
    placed: Table
    seconds: float


def drive(
    desks: Sequence[Desk],
    books: Sequence[Book],
    exchanges: Sequence[Exchange],
    cursors: Sequence[Cursor],
    fill_logs: Sequence[FillLog],
    decision_logs: Sequence[DecisionLog],
    stakes: Sequence[Stake],
    tracks: Tracks,
    grid: IntColumn,
    money: Table,
    step_ns: int,
    steps: Table,
    cash: Table,
    placed: Table,
    status: Table,
    counts: IntColumn,
    heard: IntColumn,
    account: Table,
) -> int:
    """Fill each asset's tables of steps, cash and orders, as `theirs.drive` does.

    Return 0, or -1 - step where a tape ended too soon.
    """
    assets = len(cursors)
    next_ns = first_moment(tracks, assets) + step_ns
    for m in range(assets):
        cursors[m].pause_at = FAR_NS
        cursors[m].wake_ns = next_ns
    k = 0
    waiting = 0
    while k < steps.shape[1]:
        m = earliest(cursors)
        cursor = cursors[m]
        exchange = exchanges[m]
        if cursor.turn_ns > 0:
            arrive(desks[m], exchange, cursor, fill_logs[m], longs_at(tracks, m, RECV_NS))
            cursor.wake_ns = next_ns
            fill_logs[m].count = 0
            kind = kinds_at(tracks, m, KIND)
            ticks = ticks_at(tracks, m, TICKS)
            lots = longs_at(tracks, m, LOTS)
            apply_rows(books[m], kind, ticks, lots, cursor.first, cursor.local)
            while heard[m] < exchange.report_head:
                r = heard[m] % REPORTS
                take_report(exchange, r, money[m], account[m], status[m], placed[m])
                heard[m] += 1
            if cursor.now_ns == next_ns:
                see(desks[m], books[m], account[m], next_ns, steps[m, k], cash[m, k])
                cursor.turn_ns = FAR_NS
                waiting += 1
        if waiting == assets:
            decide_all(exchanges, grid, steps, k, status, placed, counts)
            waiting = 0
            k += 1
            next_ns += step_ns
            for n in range(assets):
                cursors[n].wake_ns = next_ns
                cursors[n].turn_ns = 0
        elif cursor.turn_ns < FAR_NS and go_on_to(
            exchange, cursor, fill_logs[m], decision_logs[m], stakes[m], tracks, m
        ):
            return -1 - k
    return 0


def first_moment(tracks: Tracks, assets: int) -> int:
    """Return when the first of all tapes begins, at the venue or here."""
    first_ns = FAR_NS
    for m in range(assets):
        recv_ns = longs_at(tracks, m, RECV_NS)
        venue_ns = longs_at(tracks, m, VENUE_NS)
        first_ns = min(first_ns, recv_ns[0], venue_ns[0])
    return first_ns


def go_on_to(
    exchange: Exchange,
    cursor: Cursor,
    fills: FillLog,
    decisions: DecisionLog,
    stake: Stake,
    tracks: Tracks,
    m: int,
) -> bool:
    """Take an asset as far as its next moment; tell whether there is none."""
    return go_on(exchange, cursor, fills, decisions, stake, tracks, m, FAR_NS) != TURN


def decide_all(
    exchanges: Sequence[Exchange],
    grid: IntColumn,
    steps: Table,
    k: int,
    status: Table,
    placed: Table,
    counts: IntColumn,
) -> None:
    """Let the rule decide for each asset, against the position of all together."""
    held = 0
    for m in range(len(exchanges)):
        held += steps[m, k, rule.POSITION_LOTS]
    for m in range(len(exchanges)):
        counts[m] = decide(exchanges[m], grid, steps[m, k], held, status[m], placed[m], counts[m])


PARTS = (
    *(wanted_ticks, action, first_moment, go_on_to, see, take_report, settle, decide),
    *(decide_all, send),
)


@cache
def compiled_drive() -> Any:
    """Compile `drive` for this process alone: numba's cache does not see a change in `rule`."""
    from numba.extending import register_jitable

    for part in PARTS:
        register_jitable(part)
    return compile_loop(drive, None)


def run(
    tapes: Sequence[Tape],
    terms: ExchangeTerms,
    grid: tuple[int, ...],
    money: Sequence[Money],
    step_ns: int,
    steps: int,
    latencies: Sequence[Row] = (),
    *,
    compiled: bool = True,
) -> list[Outcome]:
    """Run the rule on tapes in one loop, and return an outcome each.

    Raises ValueError when a tape ends before the last step.
    """
    count = len(tapes)
    tables = (
        np.zeros((count, steps, rule.STEP_COLUMNS), np.int64),
        np.zeros((count, steps, 2)),
        np.zeros((count, steps * 2 * grid[rule.LEVELS] + 1, rule.ORDER_COLUMNS), np.int64),
    )
    exchanges, books = [Exchange() for _ in tapes], [Book() for _ in tapes]
    for exchange, book in zip(exchanges, books, strict=True):
        start(exchange, terms)
        load_latencies(exchange, latencies)
        clear(book)
    kinds = (Cursor, FillLog, DecisionLog, Stake)
    states: list[Any] = [[Desk() for _ in tapes], books, exchanges]
    states += [[kind() for _ in tapes] for kind in kinds]
    columns = [loop_columns(tape) for tape in tapes]
    loop = drive
    tracks: Tracks = columns
    if compiled:
        states = [records_of(plains) for plains in states]
        tracks = table_of(columns)
        loop = compiled_drive()
    status = np.zeros((count, SLOTS, 3), np.int64)
    counts, heard = np.zeros(count, np.int64), np.zeros(count, np.int64)
    account = np.zeros((count, 3))
    worths = np.array([each.row() for each in money])
    rest = (np.array(grid, np.int64), worths, step_ns, *tables, status, counts, heard, account)
    began = time.perf_counter()
    ended = loop(*states, tracks, *rest)
    seconds = time.perf_counter() - began
    if ended < 0:
        raise ValueError(f"{tapes[0].symbol}: expected {steps} steps, a tape ended at {-1 - ended}")
    return [
        Outcome(tables[0][m], tables[1][m], tables[2][m, : counts[m] + 1], seconds)
        for m in range(count)
    ]
