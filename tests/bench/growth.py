"""Measure whether deciding costs memory: ten million compiled steps, one million interpreted ones.

Every signal and gate is on. What a desk remembers lies in arrays of fixed length, so neither the
process nor the interpreter's heap should be larger after than before, whatever has happened.
"""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from connectors.model.book import clear
from connectors.model.events import IntColumn
from connectors.model.orders import Commands
from runner.engine.risk import Limits
from runner.engine.turn import turn
from strategies.desk import Desk
from tests.bench.figures import Figure
from tests.bench.gates import ALL
from tests.bench.messages import GAP_NS, LEVELS, START_NS, Messages, depth_messages
from tests.bench.places import kernels
from tests.bench.steps import acknowledge, new_maker, records

MESSAGES = 10_000
WARM_LAPS = 10
COMPILED_LAPS = 1_000
INTERPRETED_LAPS = 100
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
MOST_MB = 1.0
MOST_BLOCKS = 100.0
"""What a measurement itself may leave behind."""

Lap = Callable[[int], object]


def measure() -> list[Figure]:
    """Return what is held more after the steps than before."""
    messages = depth_messages(MESSAGES)
    blocks, _ = _growth(_interpreted(messages), INTERPRETED_LAPS)
    _, mb = _growth(_compiled(messages), COMPILED_LAPS)
    return [
        Figure("interpreted_1m_steps_growth", blocks, "blocks", aim=MOST_BLOCKS),
        Figure("compiled_10m_steps_growth", mb, "MB", aim=MOST_MB),
    ]


def run_lap(
    desk: Desk,
    limits: Limits,
    commands: Commands,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    count: int,
    first: int,
) -> None:
    """Take all messages on an empty book; the first is message `first` of time."""
    clear(desk.book)
    for m in range(count):
        i = m * LEVELS
        now_ns = START_NS + (first + m) * GAP_NS
        if turn(desk, limits, commands, kind, ticks, lots, i, i + LEVELS, now_ns):
            acknowledge(desk, commands, now_ns)


def _growth(lap: Lap, laps: int) -> tuple[float, float]:
    """Return by how many blocks and megabytes the process is larger after the laps."""
    for k in range(WARM_LAPS):
        lap(k)
    gc.collect()
    blocks, held_mb = sys.getallocatedblocks(), _rss_mb()
    for k in range(WARM_LAPS, WARM_LAPS + laps):
        lap(k)
    gc.collect()
    return float(sys.getallocatedblocks() - blocks), _rss_mb() - held_mb


def _rss_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES / 1e6


def _interpreted(messages: Messages) -> Lap:
    maker = new_maker(0, *ALL)
    states = (maker.desk, maker.limits, maker.commands)
    columns = (messages.kind, messages.ticks, messages.lots)
    return lambda k: run_lap(*states, *columns, messages.count, k * messages.count)


def _compiled(messages: Messages) -> Lap:
    import numpy as np

    from runner.modes.compiled import compile_loop

    loop = compile_loop(run_lap, kernels())
    states = records(new_maker(0, *ALL))
    columns: tuple[Any, ...] = (
        np.array(messages.kind, np.uint8),
        np.array(messages.ticks, np.int32),
        np.array(messages.lots, np.int64),
    )
    return lambda k: loop(*states, *columns, messages.count, k * messages.count)
