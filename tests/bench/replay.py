"""Measure replays of a generated tape of five million rows a market.

Each tier runs in a process of its own, which has imported what such a replay imports and nothing
else. One event is one row; of the fixed walk, one step. The memory is that of one replay in a fresh
process: its peak, less the bytes of the tape.
"""

import json
import subprocess
import sys
from typing import Any

from connectors.model.errors import MmrunnerError
from tests.bench.figures import Figure, Peer
from tests.bench.places import CHECKOUT
from tests.bench.walk import COMPILED, PYTHON

AIM_EXACT = 8e6
AIM_PARITY = 1e6


def measure() -> list[Figure]:
    """Return the figures of replays."""
    in_child("tapes")
    one, two, parity, memory = (in_child(name) for name in ("one", "two", "parity", "memory"))
    return [
        Figure(
            "exact_one_market",
            one["rows_per_s"],
            "events/s",
            Peer(COMPILED, one["walk_per_s"]),
            AIM_EXACT,
            _work(one),
        ),
        Figure(
            "exact_two_markets_two_threads",
            two["rows_per_s"],
            "events/s",
            Peer(f"two threads of the {COMPILED}", two["walk_per_s"]),
            note=_work(two),
        ),
        Figure(
            "parity_refresh_100ms",
            parity["rows_per_s"],
            "events/s",
            Peer(PYTHON, parity["walk_per_s"]),
            AIM_PARITY,
            _work(parity),
        ),
        Figure(
            "peak_rss_besides_tape",
            memory["besides_tape_mb"],
            "MB",
            Peer("importing numba", memory["numba_mb"]),
            note=f"the tape itself has {memory['tape_mb']:.0f} MB",
        ),
    ]


def in_child(what: str) -> dict[str, Any]:
    """Return what a process of its own measures; raise MmrunnerError when it fails."""
    command = [sys.executable, "-m", "tests.bench.replay_child", what]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise MmrunnerError(f"replay {what}: expected exit code 0, was {done.returncode}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _work(result: dict[str, Any]) -> str:
    return (
        f"{result['rows']:,} rows, {result['decisions']:,} decisions, {result['orders']:,} orders,"
        f" {result['fills']:,} fills a time"
    )
