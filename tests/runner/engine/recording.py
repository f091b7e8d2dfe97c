"""Record what a desk consumed in a random market, so that another world can consume the same."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from connectors.model.events import (
    ASK,
    BEST_BID,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    GAP,
    TRADE_BUY,
    TRADE_SELL,
    IntColumn,
)
from connectors.model.orders import Commands
from runner.engine.intake import take_account_row
from runner.engine.logs import (
    DECISION_ROWS,
    DecisionLog,
    FillLog,
    fills_full,
    fold_quotes,
    log_decision,
    mark_fills,
)
from runner.engine.risk import Limits
from runner.engine.turn import turn
from strategies.desk import Desk
from strategies.signals.markout import HORIZONS
from tests.runner.engine.fake_venue import FakeVenue
from tests.support import MID_TICKS, MS, NOW_NS

Row = tuple[int, int, int]
MARKET_WIDTH = 3
ACCOUNT_WIDTH = 6


@dataclass(slots=True)
class World:
    """Everything that a turn reads and writes."""

    desk: Desk
    limits: Limits
    commands: Commands = field(default_factory=Commands)
    fills: FillLog = field(default_factory=FillLog)
    decisions: DecisionLog = field(default_factory=DecisionLog)


@dataclass(slots=True)
class Recording:
    """Rows in columns, where each batch ends, when it was, and what was decided on it."""

    market: list[list[int]] = field(default_factory=lambda: [[] for _ in range(MARKET_WIDTH)])
    account: list[list[int]] = field(default_factory=lambda: [[] for _ in range(ACCOUNT_WIDTH)])
    market_ends: list[int] = field(default_factory=list)
    account_ends: list[int] = field(default_factory=list)
    now_ns: list[int] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    def close_batch(self, now_ns: int) -> None:
        """Let what was added since the last batch be the next one."""
        self.market_ends.append(len(self.market[0]))
        self.account_ends.append(len(self.account[0]))
        self.now_ns.append(now_ns)
        self.seen.append(0)

    def columns(self) -> Any:
        """Return every column, in the order in which `consume` takes them."""
        ends = (self.market_ends, self.account_ends, self.now_ns)
        return (*self.market, *self.account, *ends, self.seen)


def consume(
    desk: Any,
    limits: Any,
    commands: Any,
    fills: Any,
    decisions: Any,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    row_kind: IntColumn,
    row_id: IntColumn,
    row_side: IntColumn,
    row_ticks: IntColumn,
    row_lots: IntColumn,
    row_code: IntColumn,
    market_ends: IntColumn,
    account_ends: IntColumn,
    now_ns: IntColumn,
    seen: Any,
    first: int,
    last: int,
) -> int:
    """Take the batches [first, last) as a worker does, and note what each one led to."""
    decided = 0
    for b in range(first, last):
        i = market_ends[b - 1] if b > 0 else 0
        a = account_ends[b - 1] if b > 0 else 0
        for k in range(a, account_ends[b]):
            take_account_row(
                desk,
                fills,
                row_kind[k],
                row_id[k],
                row_side[k],
                row_ticks[k],
                row_lots[k],
                row_code[k],
                k,
                now_ns[b],
                now_ns[b],
            )
        mark_fills(fills, desk.signals.mid_half_ticks, now_ns[b])
        if turn(desk, limits, commands, kind, ticks, lots, i, market_ends[b], now_ns[b]):
            decided += 1
            log_decision(decisions, desk, now_ns[b])
        if fills_full(fills, 100):
            fills.count = 0
            for horizon in range(HORIZONS):
                fills.marked[horizon] = 0
        if decisions.count == DECISION_ROWS:
            decisions.count = 0
        folded = fold_quotes(desk.quotes) + desk.orders.sequence
        for k in range(commands.count):
            folded = (folded * 31 + commands.client_id[k] + commands.refused[k]) & 0xFFFFFFFFFF
        seen[b] = folded
    return decided


def record(world: World, batches: int, seed: int) -> Recording:
    """Run a world interpreted against a random market and a fake venue; return what it consumed."""
    rng = random.Random(seed)
    venue, found, now_ns = FakeVenue(rng), Recording(), NOW_NS
    market = _market(rng)
    states = (world.desk, world.limits, world.commands, world.fills, world.decisions)
    for b in range(batches):
        now_ns += rng.choice((MS // 2, 5 * MS, 40 * MS, 130 * MS))
        venue.live_a_moment()
        for report in venue.reports():
            for column, value in zip(found.account, report, strict=True):
                column.append(value)
        for row in next(market):
            for column, value in zip(found.market, row, strict=True):
                column.append(value)
        found.close_batch(now_ns)
        arguments: Any = (*states, *found.columns(), b, b + 1)
        consume(*arguments)
        venue.take(world.commands)
    return found


def _market(rng: random.Random) -> Iterator[list[Row]]:
    """Yield batches of a market that wanders, jumps, loses its book and finds it again."""
    mid = MID_TICKS
    while True:
        rows: list[Row] = []
        chance = rng.random()
        mid += rng.randint(-3, 3)
        if 0.299 < chance < 0.301:
            mid += rng.choice((-1, 1)) * rng.choice((5_000, 40_000))
        if chance < 0.001:
            rows.append((GAP, 0, 0))
        if chance < 0.3:
            rows += [(CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0)]
            rows += [(BID, mid - 1 - k, rng.randint(1, 20)) for k in range(3)]
            rows += [(ASK, mid + 1 + k, rng.randint(1, 20)) for k in range(3)]
        for _ in range(rng.randint(0, 3)):
            side = rng.choice((-1, 1))
            kind = BID if side < 0 else ASK
            rows.append((kind, mid + side * rng.randint(0, 9), rng.choice((0, 1, 30))))
        if chance > 0.7:
            rows.append((rng.choice((TRADE_BUY, TRADE_SELL, BEST_BID)), mid, 1))
        yield rows
