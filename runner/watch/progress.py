"""Show how far a replay is, how fast it goes and when it will be done."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TextIO

from runner.engine.clock import Clock, SystemClock

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from runner.settings.deploy import Watch

COMPILING = "compiling the replay loop (seconds, the first time)"
STEPS = 10
"""Lines in which a plain output tells the whole."""


def rows_text(rows: float) -> str:
    """Return a number of rows for reading: ``950 rows``, ``81 k rows``, ``8.1 M rows``."""
    if rows >= 1e6:
        return f"{rows / 1e6:.1f} M rows"
    return f"{rows / 1e3:.0f} k rows" if rows >= 1e4 else f"{rows:.0f} rows"


def jobs_text(jobs: float) -> str:
    """Return a number of jobs for reading: ``12 jobs``, ``3.4 jobs``."""
    return f"{jobs:.0f} jobs" if jobs >= 10 or jobs == int(jobs) else f"{jobs:.1f} jobs"


@dataclass(frozen=True, slots=True)
class Task:
    """What is being done, and how to write an amount of it."""

    name: str
    text: Callable[[float], str]


ROWS = Task("replay", rows_text)
JOBS = Task("sweep", jobs_text)


class Progress(Protocol):
    """What a replay tells while it works. Any thread may call."""

    def compiling(self) -> None:
        """Say that the loop is being compiled."""

    def advance(self, rows: int) -> None:
        """Say that so much more has been done."""


@contextmanager
def progress_of(
    watch: "Watch",
    total: int,
    out: TextIO | None = None,
    clock: Clock | None = None,
    task: Task = ROWS,
) -> Iterator[Progress]:
    """Yield the progress of `total` rows of a replay, or of a sweep's jobs: a bar, lines, nothing.

    It goes to the error stream, so that what a run prints can be piped.
    """
    stream = out if out is not None else sys.stderr
    ticking = clock if clock is not None else SystemClock()
    if watch.name == "none":
        yield Silent()
    elif watch.name == "table" and stream.isatty():
        with _bar(stream, ticking) as bar:
            yield Drawn(bar, total, task)
    else:
        yield Plain(stream, ticking, total, task)


class Silent:
    """Tell nothing."""

    def compiling(self) -> None:
        """Do nothing."""

    def advance(self, rows: int) -> None:
        """Do nothing."""


class Plain:
    """Tell every tenth of the whole in a line of its own."""

    def __init__(self, out: TextIO, clock: Clock, total: int, task: Task = ROWS) -> None:
        self._task = task
        self._out = out
        self._clock = clock
        self._total = total
        self._done = 0
        self._told = 0
        self._began: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def compiling(self) -> None:
        """Say so."""
        self._print(COMPILING)

    def advance(self, rows: int) -> None:
        """Count rows, and tell when another tenth is done."""
        if rows == 0:
            return
        with self._lock:
            now_ns = self._clock.monotonic_ns()
            self._done += rows
            if self._began is None:
                # The time of the first rows has the compiling in it: speed counts from here.
                self._began = (now_ns, self._done)
            step = STEPS * self._done // max(self._total, 1)
            if step > self._told:
                self._told = step
                self._print(self._line(now_ns, *self._began))

    def _line(self, now_ns: int, began_ns: int, began_rows: int) -> str:
        text = (
            f"{self._task.name} {100 * self._done // max(self._total, 1)} %"
            f" of {self._task.text(self._total)}"
        )
        if now_ns <= began_ns or self._done <= began_rows:
            return text
        rows_per_s = (self._done - began_rows) * 1e9 / (now_ns - began_ns)
        left_s = max(self._total - self._done, 0) / rows_per_s
        return f"{text}, {self._task.text(rows_per_s)}/s, {left_s:.0f} s left"

    def _print(self, text: str) -> None:
        try:
            print(text, file=self._out, flush=True)
        except (OSError, ValueError):
            # Nobody reads any more: the replay goes on.
            self._told = STEPS


class Drawn:
    """Draw a bar."""

    def __init__(self, bar: "Bar", total: int, task: Task = ROWS) -> None:
        self._bar = bar
        self._what = task
        self._task = bar.add_task(task.name, total=total, speed="")

    def compiling(self) -> None:
        """Say so in the bar's place."""
        self._bar.update(self._task, description=COMPILING)

    def advance(self, rows: int) -> None:
        """Count rows."""
        task = self._bar.tasks[0]
        speed = f"{self._what.text(task.speed)}/s" if task.speed else ""
        self._bar.update(self._task, advance=rows, description=self._what.name, speed=speed)


def _bar(stream: TextIO, clock: Clock) -> "Bar":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        TaskProgressColumn(),
        TextColumn("{task.fields[speed]}", style="dim"),
        Left(compact=True),
        console=Console(file=stream, highlight=False),
        refresh_per_second=4,
        get_time=lambda: clock.monotonic_ns() / 1e9,
    )
