"""Run the jobs of a sweep: side by side in threads where they allow it, else one by one."""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.model.errors import ConfigError
from runner.collector import resting
from runner.config.sweep import Job
from runner.guard import Ending, Mode, complain, guarded
from runner.places import Places, RunDirectory
from runner.watch.progress import Progress

POLL_S = 0.05
TURN_S = 0.05
"""Longest time that a thread keeps the interpreter while others wait for it."""
INTERRUPTED = 130
_TRACES = 3
"""Tracebacks that a sweep shows; the others are in the jobs' own logs."""


@dataclass(frozen=True, slots=True)
class Done:
    """One job that has ended, and how."""

    job: Job
    ending: Ending


Note = Callable[[Done], None]
"""Takes a job that has ended."""


@dataclass(frozen=True, slots=True)
class Grid:
    """What it takes to run jobs: the mode, how to end it early, and where the project lies."""

    mode: Mode
    stop: Callable[[], None]
    home: Path
    checkout: Path

    def run(self, jobs: Sequence[Job], threads: int, progress: Progress) -> list[Done]:
        """Run every job and return how each ended, in order of their numbers.

        An interrupt ends the jobs that run, and begins no other: those are missing.
        """
        ended: dict[int, Done] = {}

        def note(done: Done) -> None:
            ended[done.job.number] = done
            progress.advance(1)
            tell_failure(done)

        with resting():
            if threads > 1:
                self._together(jobs, threads, note)
            else:
                self._in_turn(jobs, note)
        return [ended[number] for number in sorted(ended)]

    def one(self, job: Job) -> Done:
        """Run one job in this thread."""
        directory = RunDirectory(job.directory, job.saved.write)
        places = Places(self.home, self.checkout, directory)
        ending = guarded(self.mode, job.settings, places)
        if ending.code and not ending.trace:
            _log(ending.line, directory)
        return Done(job, ending)

    def _in_turn(self, jobs: Sequence[Job], note: Note) -> None:
        for job in jobs:
            try:
                done = self.one(job)
            except KeyboardInterrupt:
                done = Done(job, Ending(INTERRUPTED))
            note(done)
            if done.ending.code == INTERRUPTED:
                return

    def _together(self, jobs: Sequence[Job], threads: int, note: Note) -> None:
        """Run so many at once. Only this thread hears an interrupt; it passes it on."""
        with _whole_turns(), ThreadPoolExecutor(threads, thread_name_prefix="job") as pool:
            waiting: set[Future[Done]] = {pool.submit(self.one, job) for job in jobs}
            while waiting:
                try:
                    wait_for(waiting, POLL_S, FIRST_COMPLETED)
                    for future in [future for future in waiting if future.done()]:
                        # Noted before it is let go: an interrupt in between must not lose it.
                        if not isinstance(future.exception(), KeyboardInterrupt):
                            note(future.result())
                        waiting.discard(future)
                except KeyboardInterrupt:
                    self.stop()
                    waiting = {future for future in waiting if not future.cancel()}


@contextmanager
def _whole_turns() -> Iterator[None]:
    """Let a thread keep the interpreter until it replays or writes.

    Taken from it every 5 ms, as is usual, jobs that work for about as long cost a quarter more.
    """
    before_s = sys.getswitchinterval()
    sys.setswitchinterval(TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before_s)


def _log(line: str, directory: RunDirectory) -> None:
    """Keep the line of a job that failed in its own run.log; a refused job gets a directory too."""
    if not line:
        return
    try:
        with (directory.open() / "run.log").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except (ConfigError, OSError):
        return  # The line is told on the terminal all the same.


def tell_failure(done: Done) -> None:
    """Complain about a job that failed, by its words."""
    if done.ending.line:
        complain(f"job {done.job.number} ({done.job.told}): {done.ending.line}")


def tell_failures(ended: Sequence[Done], jobs: int) -> None:
    """Sum up what went wrong, with the tracebacks of the first crashes."""
    failed = [done for done in ended if done.ending.line]
    for done in [done for done in failed if done.ending.trace][:_TRACES]:
        print(f"\njob {done.job.number} ({done.job.told}):", file=sys.stderr)
        print(done.ending.trace, file=sys.stderr, end="", flush=True)
    if failed:
        numbers = ", ".join(str(done.job.number) for done in failed)
        complain(f"{len(failed)} of {jobs} jobs failed: {numbers}")
    if len(ended) < jobs:
        complain(f"interrupted: {jobs - len(ended)} of {jobs} jobs were not run")
