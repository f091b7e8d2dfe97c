"""Measure what a sweep costs besides its replays, and how well two cores share one tape.

The first figures, of the processor's time, are of jobs over the tape that comes with the project:
composing and validating one, running it (state, account, files) less the time in the compiled loop,
and both. Each round runs other jobs, since files that are there already cost another time than new
ones. A job makes seven files and directories: what that takes is the file system's, from 0.1 ms in
memory to 7 ms on a disk that has just lost thousands of files, so both are told. The last figure is
of eight settings over one generated tape of five million rows.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from time import thread_time
from typing import Any

from runner.collector import resting
from runner.command import _name_places
from runner.config.compose import new_loader
from runner.config.sweep import Job, plan
from runner.modes.compiled import compile_loop
from runner.modes.exact import replay_exact
from runner.modes.market_replay import prepare
from runner.modes.replay_loop import replay
from runner.modes.shelf import Shelf
from runner.places import Places, RunDirectory
from runner.sweep.jobs import SweptModes
from runner.watch.progress import Silent
from runner.wiring.markets import instrument_of
from tests.bench.deploy import settings_of
from tests.bench.figures import Figure, Peer
from tests.bench.flow_tape import flow_tape
from tests.bench.places import CHECKOUT, cache, kernels
from tests.bench.timing import in_turns

JOBS = 1000
RUN = 300
SETS = 8
ROUNDS = 2
AIM_MS = 5.0
MEMORY = Path("/dev/shm")


class TimedShelf(Shelf):
    """A shelf whose loop counts the processor's seconds that it is given."""

    spent_s = 0.0

    def loop(self, cache_dir: Path | None) -> Callable[..., Any]:
        """Return the loop, timed."""
        plain = super().loop(cache_dir)

        def timed(*states: object) -> object:
            started = thread_time()
            status = plain(*states)
            self.spent_s += thread_time() - started
            return status

        return timed


def measure() -> list[Figure]:
    """Return the figures of sweeps."""
    cache().mkdir(parents=True, exist_ok=True)
    kernels().mkdir(parents=True, exist_ok=True)
    plan_ms, run_ms = _costs_ms(MEMORY if MEMORY.is_dir() else Path(gettempdir()))
    _, disk_ms = _costs_ms(cache())
    together, alone = _eight()
    return [
        Figure("plan_a_job", plan_ms, "ms", note=f"{JOBS} jobs, two compositions among them"),
        Figure("run_a_job_besides_replay", run_ms, "ms", note="its files in memory"),
        Figure("a_job_besides_replay", plan_ms + run_ms, "ms", aim=AIM_MS),
        Figure("a_job_besides_replay_on_disk", plan_ms + disk_ms, "ms", aim=AIM_MS),
        Figure(
            "eight_sets_two_threads",
            together,
            "events/s",
            Peer("the same one after another", alone),
        ),
    ]


def _costs_ms(place: Path) -> tuple[float, float]:
    """Return what planning a job costs, and what running it costs with its files in a place."""
    with TemporaryDirectory(dir=place, prefix="mmrunner-sweep-") as folder:
        home = Path(folder)
        (home / "outputs" / "cache").mkdir(parents=True)
        (home / "outputs" / "cache" / "kernels").symlink_to(kernels().absolute())
        _name_places(home)
        plan_s, jobs = _planned(home), _jobs(home)
        rounds = [jobs[k * RUN : (k + 1) * RUN] for k in range(JOBS // RUN)]
        run_s = min(_besides_s(home, each) for each in rounds)
    return plan_s * 1e3 / JOBS, run_s * 1e3 / RUN


def _planned(home: Path) -> float:
    """Return the processor's seconds of planning all jobs, in the quicker of two rounds."""
    taken = []
    for _ in range(ROUNDS):
        started = thread_time()
        _jobs(home)
        taken.append(thread_time() - started)
    return min(taken)


def _jobs(home: Path) -> tuple[Job, ...]:
    gammas = ",".join(f"{0.05 + 0.0009 * k:.4f}" for k in range(JOBS))
    words = ("mode=replay", "market=btc", f"gamma={gammas}", f"hydra.sweep.dir={home / 'jobs'}")
    return plan(new_loader(CHECKOUT), words).jobs


def _besides_s(home: Path, jobs: tuple[Job, ...]) -> float:
    """Return the processor's seconds of all jobs, one after another, less those in the loop."""
    shelf = TimedShelf()
    modes = SweptModes(shelf)

    def run(job: Job) -> None:
        directory = RunDirectory(job.directory, job.saved.write)
        modes(job.settings, Places(home, CHECKOUT, directory))

    with resting():
        run(jobs[0])
        shelf.spent_s = 0.0
        started = thread_time()
        for job in jobs:
            run(job)
        return thread_time() - started - shelf.spent_s


def _eight() -> tuple[float, float]:
    """Return the rows a second of eight settings in two threads, and in one."""
    settings = [
        settings_of("mode=replay", "market=btc", f"gamma=0.{k}") for k in range(1, SETS + 1)
    ]
    tape = flow_tape("btc", instrument_of(settings[0].markets["btc"].instrument))
    loop = compile_loop(replay, kernels())

    def run(k: int) -> None:
        replay_exact([prepare(settings[k], "btc", 0, tape)], settings[k], loop, Silent())

    def over(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, range(SETS)))

    run(0)
    together_s, alone_s = in_turns(2, lambda: over(2), lambda: over(1))
    return SETS * len(tape) / together_s, SETS * len(tape) / alone_s
