"""Hold the states of markets that replay in one loop, as the compiled world has them."""

from collections.abc import Sequence
from typing import Any

from connectors.model.errors import MmrunnerError
from connectors.model.orders import Commands
from connectors.model.record import blank_records, records_of, store
from runner.engine.account import STOPS, Account, Stake
from runner.engine.logs import DecisionLog, FillLog
from runner.modes.compiled import record_at
from runner.modes.market_replay import (
    ROWS_A_LEG,
    MarketReplay,
    bring_back,
    loop_columns,
    new_cursor,
)
from runner.modes.tracks import table_of
from runner.watch.progress import Progress
from strategies.desk import Desk


class States:
    """Every market's states, an array of records of each kind, and how far each was drained.

    `record` is which decisions the compiled world logs (`RECORD`).
    """

    def __init__(
        self,
        runs: Sequence[MarketReplay],
        account: Account,
        stakes: Sequence[Stake],
        record: int,
    ) -> None:
        self._runs = runs
        self._columns = [loop_columns(r.tape) for r in runs]
        self._told = [0] * len(runs)
        self.desks = records_of([r.market.desk for r in runs])
        self.limits = records_of([r.market.limits for r in runs])
        self.commands = blank_records(Commands, len(runs))
        self.exchanges = records_of([r.exchange for r in runs])
        self.cursors = records_of([new_cursor(r) for r in runs])
        self.fills = blank_records(FillLog, len(runs))
        self.decisions = blank_records(DecisionLog, len(runs))
        self.decisions["mode"] = record
        self.stakes = records_of(stakes)
        self.accounts = records_of([account])
        self.tracks = table_of(self._columns)

    def pause(self, m: int, log: Any, progress: Progress) -> None:
        """Move a market's logs to its history, and let it go on for a leg."""
        cursor = record_at(self.cursors, m)
        self._runs[m].history.take(record_at(self.fills, m), log)
        at = int(cursor.local)
        progress.advance(at - self._told[m])
        self._told[m] = at
        cursor.pause_at = at + ROWS_A_LEG

    def require_room(self) -> None:
        """Raise MmrunnerError for a market whose exchange could not hold all that was sent."""
        for m, r in enumerate(self._runs):
            if record_at(self.exchanges, m).overflow:
                raise MmrunnerError(f"{r.market.name}: the simulated exchange's queues are full")

    def _bring_back_parts(self, desk: Desk, record: Any) -> None:
        """Store what a report reads of a desk; the others stay as they were at the start."""
        for part in ("orders", "signals", "tally", "exposure"):
            store(getattr(desk, part), record[part])
        desk.stopping = bool(record["stopping"])

    def bring_back(self, m: int) -> None:
        """Store what the compiled world made of a market in its plain states."""
        r = self._runs[m]
        if r.is_shell:
            self._bring_back_parts(r.market.desk, self.desks[m])
        else:
            store(r.market.desk, self.desks[m])
        bring_back(r.exchange, record_at(self.exchanges, m))
        stopped_by = int(self.accounts["stopped_by"][0])
        if stopped_by in STOPS:
            r.account_stop = int(self.accounts["stopped_ns"][0]), STOPS[stopped_by]
        holder = int(self.accounts["holder"][0])
        if r.shares_wallet and holder > 0:
            store(r.exchange.wallet, record_at(self.exchanges, holder - 1)["wallet"])
