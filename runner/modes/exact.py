"""Replay in the exact tier: simulators and decisions compiled into one loop."""

from collections.abc import Callable, Sequence
from typing import Any

from connectors.model.record import store
from runner.modes.compiled import record_at
from runner.modes.market_replay import MarketReplay
from runner.modes.outcome import RECORD
from runner.modes.replay_loop import DONE, OVERFLOW
from runner.modes.states import States
from runner.settings import Settings
from runner.watch.progress import Progress
from runner.wiring.stakes import account_of


def replay_exact(
    runs: Sequence[MarketReplay], settings: Settings, loop: Callable[..., Any], progress: Progress
) -> None:
    """Replay markets in the compiled loop, by the time of receipt, and bring their states back."""
    account, stakes = account_of(settings, [r.market for r in runs])
    states = States(runs, account, stakes, RECORD[settings.record.decisions])
    progress.advance(0)
    status = -1
    while status != DONE and not any(r.stopped for r in runs):
        status = loop(
            *(states.desks, states.limits, states.commands, states.exchanges, states.cursors),
            *(states.fills, states.decisions, states.stakes, states.accounts, states.tracks),
        )
        if status == OVERFLOW:
            states.require_room()
        for m in range(len(runs)):
            states.pause(m, record_at(states.decisions, m), progress)
    for m, r in enumerate(runs):
        r.history.finish(record_at(states.fills, m), record_at(states.decisions, m))
        states.bring_back(m)
        store(r.market.limits, states.limits[m])
