"""Run cases in hftbacktest, in its own environment."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from connectors.model.errors import MmrunnerError
from connectors.tape.tape import Tape
from runner.places import home_of, outputs
from tests.bench.places import CHECKOUT
from tests.oracle.cases import MS
from tests.oracle.ours import Outcome
from tests.oracle.streams import events_of
from tests.oracle.work import Work

PYTHON = outputs(home_of({}, CHECKOUT)) / "oracle" / ".venv" / "bin" / "python"
"""The oracle's own interpreter, which `make oracle` has made."""


def write(work: Work, folder: Path, number: int) -> None:
    """Write a case and its events for the other side, events once for each size of a tick.

    hftbacktest's quicker book wants to know the range of prices: `roi_ticks`.
    """
    case, money = work.case, work.money()
    np.savez(
        folder / f"{number:03d}.case.npz",
        events=[_events(work, k, folder) for k in range(len(work.tapes))],
        grid=np.array(case.scaled_grid(), np.int64),
        steps=work.steps,
        step_ns=case.refresh_ms * MS,
        queue=case.queue,
        power_n=case.power_n,
        entry_ns=int(case.entry_ms * MS),
        response_ns=int(case.response_ms * MS),
        tick_size=np.array([each.tick_size for each in money]),
        contract_size=np.array([each.contract_size for each in money]),
        maker_fee=money[0].maker_fee,
        taker_fee=money[0].taker_fee,
        is_inverse=money[0].is_inverse,
        roi_ticks=np.array([_range(tape) for tape in work.tapes]),
        latencies=np.array(work.latencies(), np.int64).reshape(-1, 3),
    )


def _events(work: Work, k: int, folder: Path) -> str:
    """Write the events of one stream if they are not there; return their file's name."""
    tick_size = work.money()[k].tick_size
    name = f"{work.case.streams[k]}-{tick_size}.npy"
    if not (folder / name).exists():
        np.save(folder / name, events_of(work.tapes[k], tick_size))
    return name


def _range(tape: Tape) -> tuple[int, int]:
    ticks = tape.local.ticks[tape.local.ticks > 0]
    return max(0, int(ticks.min()) - 1_000), int(ticks.max()) + 1_000


def run_theirs(works: Sequence[Work], python: Path = PYTHON) -> list[list[Outcome]]:
    """Run the cases in hftbacktest, in one process of its own environment; an outcome an asset."""
    with TemporaryDirectory(prefix="mmrunner-oracle-") as name:
        folder = Path(name)
        for number, work in enumerate(works):
            write(work, folder, number)
        script = str(Path(__file__).with_name("theirs.py"))
        done = subprocess.run([str(python), script, name], check=False)
        if done.returncode != 0:
            raise MmrunnerError(f"hftbacktest: expected exit code 0, was {done.returncode}")
        return [
            [_read(folder / f"{number:03d}.{k}.theirs.npz") for k in range(len(work.tapes))]
            for number, work in enumerate(works)
        ]


def _read(path: Path) -> Outcome:
    found: Any = np.load(path)
    return Outcome(found["steps"], found["cash"], found["placed"], float(found["seconds"]))
