"""Compare the simulator with hftbacktest: ``python -m tests.oracle``, by way of `make oracle`.

Prints a row a case and ends with exit code 1 at the first difference.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from runner.places import home_of, outputs
from tests.bench.places import CHECKOUT
from tests.oracle import golden, rule
from tests.oracle.cases import MS, SHORT, cases
from tests.oracle.compare import first_difference
from tests.oracle.ours import Outcome
from tests.oracle.streams import events_of
from tests.oracle.work import Work, run_ours, work_of

PYTHON = outputs(home_of({}, CHECKOUT)) / "oracle" / ".venv" / "bin" / "python"
"""The oracle's own interpreter, which `make oracle` has made."""


def write(work: Work, folder: Path, number: int) -> None:
    """Write a case and its events for the other side, events once for each size of a tick."""
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
        latencies=np.array(work.latencies(), np.int64).reshape(-1, 3),
    )


def run_theirs(works: Sequence[Work], python: Path = PYTHON) -> list[Outcome]:
    """Run the cases in hftbacktest, in one process of its own environment."""
    with TemporaryDirectory(prefix="mmrunner-oracle-") as name:
        folder = Path(name)
        for number, work in enumerate(works):
            write(work, folder, number)
        script = str(Path(__file__).with_name("theirs.py"))
        subprocess.run([str(python), script, name], check=True)
        found: list[Any] = [
            np.load(folder / f"{number:03d}.theirs.npz") for number in range(len(works))
        ]
        return [Outcome(f["steps"], f["cash"], f["placed"], float(f["seconds"])) for f in found]


def main(arguments: list[str]) -> int:
    """Compare every case whose name holds all the arguments; `golden` keeps the short ones."""
    if arguments == ["golden"]:
        works = [work for case in SHORT if (work := work_of(case))]
        golden.write(works, run_theirs(works))
        return 0
    found = {
        case: work_of(case) for case in cases() if all(word in case.name for word in arguments)
    }
    for stream in sorted({case.stream for case, work in found.items() if work is None}):
        print(f"skipped: stream {stream} is absent here (set MMRUNNER_DATA)")
    works = [work for work in found.values() if work is not None]
    print(HEAD)
    for work, theirs in zip(works, run_theirs(works), strict=True):
        mine = run_ours(work)
        difference = first_difference(mine, theirs)
        print(_line(work, mine, difference is None))
        if difference:
            print(difference)
            return 1
    return 0


HEAD = f"{'case':46} {'rows':>9} {'steps':>8} {'orders':>8} {'fills':>7} {'cash':>16} equal"


def _line(work: Work, mine: Outcome, equal: bool) -> str:
    fills = int(mine.steps[-1, rule.FILLS])
    return (
        f"{work.case.name:46} {len(work.tape):9,} {work.steps:8,} {len(mine.placed) - 1:8,}"
        f" {fills:7,} {mine.cash[-1, 0]:16.4f} {'yes' if equal else 'no'}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
