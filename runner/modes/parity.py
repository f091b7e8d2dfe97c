"""Replay in the parity tier: compiled simulator, interpreted decision, equal results."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from connectors.model.errors import MmrunnerError
from connectors.model.kernel import fields_of, store
from connectors.model.orders import Commands
from runner.engine.logs import DecisionLog, FillLog, log_decision
from runner.engine.turn import conclude
from runner.modes.compiled import compile_loop, record_of
from runner.modes.market_replay import (
    ROWS_A_LEG,
    MarketReplay,
    decision_log,
    loop_columns,
    new_cursor,
)
from runner.modes.parity_loop import REAL, WHOLE, import_scalars, mirror, until_due
from runner.modes.replay_loop import DONE, OVERFLOW, TURN
from runner.settings import Settings
from runner.watch.progress import Progress
from strategies.desk import Desk, Quotes
from strategies.quoting import decide

DRAIN_ABOVE = 2048
DECIDED_IN_PYTHON = (
    ("tally", ("since_ns", "decisions", "places", "cancels", "refused")),
    ("signals", ("sigma_live_bps", "sigma_reference_bps", "prior_in_use")),
    ("quotes", tuple(field.name for field in fields_of(Quotes) if not field.length)),
)
"""Scalars that a decision writes: the compiled world's copies of them are stale."""


def replay_parity(
    r: MarketReplay, settings: Settings, cache_dir: Path | None, progress: Progress
) -> None:
    """Replay one market, deciding in Python."""
    import numpy as np

    progress.compiling()
    loop: Callable[..., int] = compile_loop(until_due, cache_dir)
    record, fills, commands = (record_of(plain) for plain in (r.market.desk, FillLog(), Commands()))
    position = record_of(new_cursor(r.market))
    exchange = record_of(r.exchange)
    none = record_of(DecisionLog())
    desk: Desk = mirror(Desk, record)
    wanted: Commands = mirror(Commands, commands)
    whole = np.zeros(WHOLE, np.int64)
    real = np.zeros(REAL, np.float64)
    states = (record, commands, exchange, position, fills, none, whole, real)
    log = decision_log(settings)
    columns = loop_columns(r.tape)
    limits = r.market.limits
    position["pause_at"] = ROWS_A_LEG
    before = 0
    decided = 0
    while True:
        status = loop(*states, decided, *columns)
        decided = 0
        if status == TURN:
            now_ns = import_scalars(desk, whole.tolist(), real.tolist())
            decide(desk, now_ns)
            conclude(desk, limits, wanted, now_ns)
            log_decision(log, desk, now_ns)
            whole[0] = wanted.count
            decided = 1
            if log.count < DRAIN_ABOVE:
                continue
        r.history.take(fills, log)
        if status == OVERFLOW:
            raise MmrunnerError(f"{r.market.name}: the simulated exchange's queues are full")
        at = int(position["local"])
        progress.advance(at - before)
        before = at
        if status == DONE:
            break
        if status != TURN:
            position["pause_at"] = at + ROWS_A_LEG
    r.history.finish(fills, log)
    _bring_back(r, record, desk)


def _bring_back(r: MarketReplay, record: Any, desk: Desk) -> None:
    """Join what each world counted: the compiled one rows and refusals, Python the decisions."""
    plain = r.market.desk
    store(plain, record)
    plain.orders.sequence = desk.orders.sequence
    for part, names in DECIDED_IN_PYTHON:
        for name in names:
            setattr(getattr(plain, part), name, getattr(getattr(desk, part), name))
