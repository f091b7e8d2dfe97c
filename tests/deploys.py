"""Compose deploys and replay hand-made tapes, as the product does, for tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from connectors.model.instrument import Instrument
from connectors.model.orders import Commands
from connectors.tape.ordering import assemble
from connectors.tape.source import AS_RECORDED, TapeSource
from connectors.tape.tape import Columns, Tape
from runner.config.compose import compose, new_loader
from runner.engine.logs import FillLog
from runner.modes.compiled import compile_loop
from runner.modes.exact import replay_exact
from runner.modes.market_replay import (
    ROWS_A_LEG,
    MarketReplay,
    decision_log,
    loop_columns,
    new_cursor,
    prepare,
)
from runner.modes.replay_loop import DONE, replay
from runner.settings import Settings
from runner.wiring.markets import instrument_of
from runner.wiring.stakes import account_of

CHECKOUT = Path(__file__).resolve().parent.parent
KERNEL_CACHE = CHECKOUT / "outputs" / "cache" / "kernels"


def settings_for(*overrides: str) -> Settings:
    """Return the settings that a command line composes."""
    return compose(new_loader(CHECKOUT), list(overrides)).settings


class Silent:
    """A progress display that shows nothing."""

    def compiling(self) -> None:
        """Ignore."""

    def advance(self, rows: int) -> None:
        """Ignore."""


def instrument(settings: Settings, market: str) -> Instrument:
    """Return a market's instrument."""
    return instrument_of(settings.markets[market].instrument)


def tape_from(rows: "list[tuple[int, int, int, int]]", of: Instrument) -> Tape:
    """Return a tape of (kind, ticks, lots, ns) rows that are received when they happen."""
    table = np.array(rows, np.int64)
    columns = Columns(
        table[:, 0].astype(np.uint8),
        table[:, 1].astype(np.int32),
        np.ascontiguousarray(table[:, 2]),
        np.ascontiguousarray(table[:, 3]),
        np.ascontiguousarray(table[:, 3]),
    )
    source = TapeSource("made", Path("made"), min_feed_latency_ns=AS_RECORDED)
    return assemble(of, source, columns, str, torn=None)


def compiled_loop() -> Any:
    """Return the compiled replay loop, from the cache that every test shares."""
    return compile_loop(replay, KERNEL_CACHE)


def replayed(settings: Settings, market: str, tape: Tape, loop: Any) -> MarketReplay:
    """Replay a tape in the exact tier and return the finished run."""
    r = prepare(settings, market, 0, tape)
    replay_exact([r], settings, loop, Silent())
    return r


def replay_interpreted(runs: Sequence[MarketReplay], settings: Settings) -> None:
    """Replay in one loop with plain Python lists and objects: no numpy, no numba."""
    account, stakes = account_of(settings, [r.market for r in runs])
    cursors = [new_cursor(r) for r in runs]
    fills, decisions = [FillLog() for _ in runs], [decision_log(settings) for _ in runs]
    tracks = [[column.tolist() for column in loop_columns(r.tape)] for r in runs]
    states = (
        [r.market.desk for r in runs],
        [r.market.limits for r in runs],
        [Commands() for _ in runs],
        [r.exchange for r in runs],
    )
    while replay(*states, cursors, fills, decisions, stakes, [account], tracks) != DONE:
        for r, cursor, filled, decided in zip(runs, cursors, fills, decisions, strict=True):
            r.history.take(filled, decided)
            cursor.pause_at = cursor.local + ROWS_A_LEG
    for r, filled, decided in zip(runs, fills, decisions, strict=True):
        r.history.finish(filled, decided)
