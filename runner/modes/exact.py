"""Replay in the exact tier: simulator and decision compiled into one loop."""

from collections.abc import Callable
from typing import Any

from connectors.model.errors import MmrunnerError
from connectors.model.kernel import store
from connectors.model.orders import Commands
from runner.engine.logs import FillLog
from runner.modes.compiled import record_of
from runner.modes.market_replay import (
    ROWS_A_LEG,
    MarketReplay,
    bring_back,
    decision_log,
    loop_columns,
    new_cursor,
)
from runner.modes.replay_loop import DONE, OVERFLOW
from runner.settings import Settings
from runner.watch.progress import Progress


def replay_exact(
    r: MarketReplay, settings: Settings, loop: Callable[..., Any], progress: Progress
) -> None:
    """Replay one market in the compiled loop and bring its state back."""
    cursor = new_cursor(r.market)
    desk, limits, commands, exchange, position, fills, decisions = (
        record_of(plain)
        for plain in (
            r.market.desk,
            r.market.limits,
            Commands(),
            r.exchange,
            cursor,
            FillLog(),
            decision_log(settings),
        )
    )
    columns = loop_columns(r.tape)
    progress.advance(0)
    status = -1
    while status != DONE and not r.stopped:
        before = int(position.local)
        position["pause_at"] = before + ROWS_A_LEG
        status = loop(desk, limits, commands, exchange, position, fills, decisions, *columns)
        if status == OVERFLOW:
            raise MmrunnerError(f"{r.market.name}: the simulated exchange's queues are full")
        r.history.take(fills, decisions)
        progress.advance(int(position.local) - before)
    r.history.finish(fills, decisions)
    store(r.market.desk, desk)
    store(r.market.limits, limits)
    bring_back(r.exchange, exchange)
