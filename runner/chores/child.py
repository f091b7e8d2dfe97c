"""Do a piece of work in a process of its own, at low priority: the loop that quotes never waits.

The work is given over its standard input, by the deploy that starts it and nobody else; the answer
is one line of JSON.
"""

import asyncio
import json
import pickle
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import runner
from connectors.model.errors import MmrunnerError
from runner.settings import Settings

ROOT = Path(runner.__file__).resolve().parent.parent
NICER = 10
MOST_TOLD = 500
"""Characters of a failure that are told."""


class ChoreFailed(MmrunnerError):
    """A process that was to do a chore has not done it."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a child is to do, for which moment, and where things are."""

    name: str
    settings: Settings
    moment_ns: int
    ledger: Path
    tapes: Path
    directory: Path


async def done_elsewhere(task: Task) -> dict[str, Any]:
    """Return a child's answer; it is ended with whoever waits for it.

    Raises:
        ChoreFailed: it ended without one; its own last words say why.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "runner.chores"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        told, said = await process.communicate(pickle.dumps(task))
    except BaseException:
        # Also a cancellation: a chore that nobody waits for any more must not go on working.
        with suppress(ProcessLookupError):
            process.kill()
        raise
    if process.returncode != 0:
        lines = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise ChoreFailed(f"its process ended with {process.returncode}: {lines[-1][:MOST_TOLD]}")
    answer: dict[str, Any] = json.loads(told)
    return answer
