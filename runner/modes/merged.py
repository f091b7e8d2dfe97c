"""Replay several markets in one compiled loop: what they share acts as it does live."""

from collections.abc import Callable, Sequence
from typing import Any

from connectors.model.errors import MmrunnerError
from connectors.model.kernel import store
from connectors.model.orders import Commands
from runner.engine.account import Account
from runner.engine.logs import FillLog
from runner.modes.compiled import record_at, records_of
from runner.modes.market_replay import (
    ROWS_A_LEG,
    MarketReplay,
    decision_log,
    loop_columns,
    new_cursor,
)
from runner.modes.merged_loop import Lane
from runner.modes.replay_loop import DONE, OVERFLOW
from runner.modes.tracks import table_of
from runner.settings import Settings
from runner.watch.progress import Progress
from runner.wiring.portfolio import account_of


def replay_merged_exact(
    runs: Sequence[MarketReplay], settings: Settings, loop: Callable[..., Any], progress: Progress
) -> Account:
    """Replay the markets in the compiled loop, bring their states back, return the account's."""
    merged = Merged(runs, settings)
    progress.advance(0)
    status = -1
    while status != DONE and not any(r.stopped for r in runs):
        status = loop(*merged.states())
        if status == OVERFLOW:
            merged.require_room()
        merged.drain(progress)
    return merged.finish()


class Merged:
    """Every market's states, an array of records of each kind, and how far each was drained."""

    def __init__(self, runs: Sequence[MarketReplay], settings: Settings) -> None:
        self._runs = runs
        self._columns = [loop_columns(r.tape) for r in runs]
        self._account, stakes = account_of(settings, [r.market for r in runs])
        cursors = [new_cursor(r.market) for r in runs]
        for cursor in cursors:
            cursor.pause_at = ROWS_A_LEG
        self.desks = records_of([r.market.desk for r in runs])
        self.limits = records_of([r.market.limits for r in runs])
        self.commands = records_of([Commands() for _ in runs])
        self.exchanges = records_of([r.exchange for r in runs])
        self.cursors = records_of(cursors)
        self.fills = records_of([FillLog() for _ in runs])
        self.decisions = records_of([decision_log(settings) for _ in runs])
        self._lanes = records_of([_lane_of(r) for r in runs])
        self._stakes = records_of(stakes)
        self._accounts = records_of([self._account])
        self._tracks = table_of(self._columns)
        self._told = [0] * len(runs)

    def states(self) -> tuple[Any, ...]:
        """Return what the loop takes, in its order."""
        return (
            *(self.desks, self.limits, self.commands, self.exchanges, self.cursors),
            *(self.fills, self.decisions, self._lanes, self._stakes, self._accounts),
            self._tracks,
        )

    def drain(self, progress: Progress) -> None:
        """Move every market's logs to its history, and let the loop go on for a leg."""
        for m, r in enumerate(self._runs):
            cursor = record_at(self.cursors, m)
            r.history.take(record_at(self.fills, m), record_at(self.decisions, m))
            at = int(cursor.local)
            progress.advance(at - self._told[m])
            self._told[m] = at
            cursor.pause_at = at + ROWS_A_LEG

    def require_room(self) -> None:
        """Raise MmrunnerError for a market whose exchange could not hold all that was sent."""
        for m, r in enumerate(self._runs):
            if record_at(self.exchanges, m).overflow:
                raise MmrunnerError(f"{r.market.name}: the simulated exchange's queues are full")

    def finish(self) -> Account:
        """Bring every market's state back; return the account's."""
        for m, r in enumerate(self._runs):
            r.history.finish(record_at(self.fills, m), record_at(self.decisions, m))
            store(r.market.desk, record_at(self.desks, m))
            store(r.market.limits, record_at(self.limits, m))
            store(r.exchange.funding, record_at(self.exchanges, m)["funding"])
        store(self._account, record_at(self._accounts, 0))
        return self._account


def _lane_of(r: MarketReplay) -> Lane:
    lane = Lane()
    lane.shift_ns = r.tape.clock_shift_ns
    return lane
