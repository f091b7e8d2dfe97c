"""Run a mode so that whatever it raises becomes an exit code and one line for a person."""

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.model.errors import MmrunnerError
from runner.interrupts import Interrupt, begin, is_asked

if TYPE_CHECKING:
    from runner.places import Places
    from runner.settings import Settings

CRASHED = 1

Mode = Callable[["Settings", "Places"], int]
"""What a run does with a valid configuration; it returns the exit code."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: its exit code, the line to tell, and the traceback of a crash."""

    code: int
    line: str = ""
    trace: str = ""


def guarded(mode: Mode, settings: "Settings", places: "Places") -> Ending:
    """Run a mode; only an interrupt passes. A crash is written to the run's log."""
    begin()
    if is_asked():
        raise Interrupt
    try:
        return Ending(mode(settings, places))
    except MmrunnerError as error:
        return Ending(error.exit_code, str(error))
    except Exception as crash:  # noqa: BLE001 - the last resort: a crash is told and logged, not lost
        trace = "".join(traceback.format_exception(crash))
        told = f"crashed: {type(crash).__name__}: {crash}"
        return Ending(CRASHED, f"{told} ({_log(trace, places)})", trace)


def _log(text: str, places: "Places") -> str:
    """Write a traceback to run.log, or to the terminal where that cannot be; tell where it is."""
    try:
        log = places.run.open() / "run.log"
        with log.open("a", encoding="utf-8") as file:
            file.write(text)
    except (MmrunnerError, OSError):
        print(text, file=sys.stderr, end="", flush=True)
        return "traceback above"
    return f"traceback in {log}"


def complain(what: object) -> None:
    """Print one line, whatever the message has in it."""
    line = " ".join(str(what).split())
    print(f"mmrunner: {line}", file=sys.stderr, flush=True)
