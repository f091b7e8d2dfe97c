"""Do one chore: `python -m runner.chores`, which is told on standard input what."""

import json
import os
import pickle
import sys

from connectors.model.errors import MmrunnerError
from runner.chores.child import NICER, Task


def main() -> int:
    """Do what is asked; print the answer."""
    os.nice(NICER)
    task: Task = pickle.loads(sys.stdin.buffer.read())
    try:
        print(json.dumps(answer(task)))
    except MmrunnerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def answer(task: Task) -> dict[str, object]:
    """Return what came of a task."""
    if task.name == "report":
        from runner.chores.day_page import write_day

        return {"text": write_day(task)}
    from runner.calibrate.own_tape import fit_rates

    return fit_rates(task.settings, task.tapes, task.moment_ns)


if __name__ == "__main__":
    sys.exit(main())
