"""Replay in the parity tier: compiled simulator, interpreted decision, equal results."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.model.errors import MmrunnerError
from connectors.model.kernel import store
from connectors.model.orders import Commands
from runner.engine.logs import DecisionLog, FillLog, log_decision
from runner.engine.risk import Limits
from runner.engine.turn import conclude
from runner.modes.compiled import cell, compile_loop, direct, record_of
from runner.modes.market_replay import (
    ROWS_A_LEG,
    MarketReplay,
    bring_back,
    decision_log,
    loop_columns,
    new_cursor,
)
from runner.modes.parity_loop import until_due
from runner.modes.replay_loop import DONE, OVERFLOW, TURN
from runner.modes.shared import Scalars, copy_scalars, mirror
from runner.settings import Settings
from runner.watch.progress import Progress
from strategies.desk import Desk
from strategies.quoting import decide

DRAIN_ABOVE = 2048
SEEN = ("orders", "signals", "trades", "holding", "book", "senses")
"""Parts of a desk that the compiled world moves; their scalars are stale in Python."""

KEPT = {
    "orders.sequence",
    "orders.deepest_level",
    "params.kappa",
    "params.intensity_per_s",
    *(f"senses.intensity.{name}" for name in ("status", "k_per_bps", "a_per_s", "count")),
}
"""Scalars of those parts that decisions write, and the compiled world's copies are stale."""

RESET = {"orders.changed"}
"""Scalars that both worlds reset with a decision."""

DECIDED = ("quotes", "gates", "ramp", "value", "learning")
"""Parts whose scalars only decisions write."""

COUNTED = ("since_ns", "decisions", "places", "takes", "cancels", "refused")
"""Scalars of `tally` that decisions write."""


@dataclass(slots=True)
class Worlds:
    """One market's states in both worlds: compiled records, and Python over the same memory."""

    record: Any
    exchange: Any
    fills: Any
    position: Any
    states: tuple[Any, ...]
    desk: Desk
    commands: Commands
    scalars: Scalars
    now: Any
    log: DecisionLog

    @classmethod
    def of(cls, r: MarketReplay, settings: Settings) -> "Worlds":
        """Return the states of a market's replay at its beginning."""
        record, fills, commands = (record_of(s) for s in (r.market.desk, FillLog(), Commands()))
        position = record_of(new_cursor(r.market))
        position["pause_at"] = ROWS_A_LEG
        exchange, none = record_of(r.exchange), record_of(DecisionLog())
        records = (record, commands, exchange, position, fills, none)
        desk = mirror(Desk, record)
        return cls(
            record=record,
            exchange=exchange,
            fills=fills,
            position=position,
            states=tuple(cell(each) for each in records),
            desk=desk,
            commands=mirror(Commands, commands),
            scalars=Scalars(desk, record, SEEN, KEPT | RESET),
            now=memoryview(position.base["now_ns"]),
            log=decision_log(settings),
        )

    def decide(self, limits: Limits) -> None:
        """Take the decision that is due, in Python."""
        self.scalars.copy()
        now_ns = self.now[0]
        decide(self.desk, now_ns)
        conclude(self.desk, limits, self.commands, now_ns)
        log_decision(self.log, self.desk, now_ns)


def replay_parity(
    r: MarketReplay, settings: Settings, cache_dir: Path | None, progress: Progress
) -> None:
    """Replay one market, deciding in Python."""
    progress.compiling()
    loop = compile_loop(until_due, cache_dir)
    worlds = Worlds.of(r, settings)
    columns = loop_columns(r.tape)
    status = loop(*worlds.states, False, 0, *columns)
    loop = direct(loop)
    told = 0
    while status != DONE:
        if status == OVERFLOW:
            raise MmrunnerError(f"{r.market.name}: the simulated exchange's queues are full")
        if status == TURN:
            worlds.decide(r.market.limits)
        if status != TURN or worlds.log.count >= DRAIN_ABOVE:
            r.history.take(worlds.fills, worlds.log)
            at = int(worlds.position["local"])
            progress.advance(at - told)
            told = at
            worlds.position["pause_at"] = at + ROWS_A_LEG
        status = loop(*worlds.states, status == TURN, worlds.commands.count, *columns)
    r.history.finish(worlds.fills, worlds.log)
    progress.advance(len(r.tape) - told)
    _bring_back(r, worlds.record, worlds.desk)
    bring_back(r.exchange, worlds.exchange)


def _bring_back(r: MarketReplay, record: Any, desk: Desk) -> None:
    """Join what each world counted: the compiled one rows and refusals, Python the decisions."""
    plain: Any = r.market.desk
    store(plain, record)
    for part in DECIDED:
        copy_scalars(getattr(plain, part), getattr(desk, part))
    for name in COUNTED:
        setattr(plain.tally, name, getattr(desk.tally, name))
    copy_scalars(plain.tally.uptime, desk.tally.uptime)
    for path in KEPT:
        *parts, name = path.split(".")
        here, there = plain, desk
        for part in parts:
            here, there = getattr(here, part), getattr(there, part)
        setattr(here, name, getattr(there, name))
