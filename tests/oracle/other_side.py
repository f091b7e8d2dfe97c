"""Run cases in hftbacktest, in its own environment."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from connectors.model.errors import MmrunnerError
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
    ticks = work.tape.local.ticks[work.tape.local.ticks > 0]
    case, money = work.case, work.money()
    events = f"{case.stream}-{money.tick_size}.npy"
    if not (folder / events).exists():
        np.save(folder / events, events_of(work.tape, money.tick_size))
    np.savez(
        folder / f"{number:03d}.case.npz",
        events=events,
        grid=np.array(case.scaled_grid(), np.int64),
        steps=work.steps,
        step_ns=case.refresh_ms * MS,
        queue=case.queue,
        power_n=case.power_n,
        entry_ns=int(case.entry_ms * MS),
        response_ns=int(case.response_ms * MS),
        tick_size=money.tick_size,
        contract_size=money.contract_size,
        maker_fee=money.maker_fee,
        taker_fee=money.taker_fee,
        is_inverse=money.is_inverse,
        roi_ticks=np.array((max(0, int(ticks.min()) - 1_000), int(ticks.max()) + 1_000)),
        latencies=np.array(work.latencies(), np.int64).reshape(-1, 3),
    )


def run_theirs(works: Sequence[Work], python: Path = PYTHON) -> list[Outcome]:
    """Run the cases in hftbacktest, in one process of its own environment."""
    with TemporaryDirectory(prefix="mmrunner-oracle-") as name:
        folder = Path(name)
        for number, work in enumerate(works):
            write(work, folder, number)
        script = str(Path(__file__).with_name("theirs.py"))
        done = subprocess.run([str(python), script, name], check=False)
        if done.returncode != 0:
            raise MmrunnerError(f"hftbacktest: expected exit code 0, was {done.returncode}")
        found: list[Any] = [
            np.load(folder / f"{number:03d}.theirs.npz") for number in range(len(works))
        ]
        return [Outcome(f["steps"], f["cash"], f["placed"], float(f["seconds"])) for f in found]
