"""Measure what a sweep costs besides its replays, and how well two cores share one tape.

The first three figures are of jobs over the tape that comes with the project: composing and
validating one, running it (state, account, files) less the time in the compiled loop, and both. The
last is of eight settings over one generated tape of five million rows.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from runner.command import _name_places
from runner.config.compose import new_loader
from runner.config.sweep import Job, plan
from runner.modes.compiled import compile_loop
from runner.modes.exact import replay_exact
from runner.modes.market_replay import prepare
from runner.modes.replay_loop import replay
from runner.modes.shelf import Shelf
from runner.places import Places, RunDirectory
from runner.sweep.grid import planned_aside
from runner.sweep.jobs import SweptModes
from runner.watch.progress import Silent
from runner.wiring.markets import instrument_of
from tests.bench.deploy import settings_of
from tests.bench.figures import Figure, Peer
from tests.bench.flow_tape import flow_tape
from tests.bench.places import CHECKOUT, cache, kernels
from tests.bench.timing import in_turns, seconds

JOBS = 1000
RUN = 300
SETS = 8
ROUNDS = 2
AIM_MS = 5.0


class TimedShelf(Shelf):
    """A shelf whose loop counts the seconds that it is given."""

    spent_s = 0.0

    def loop(self, cache_dir: Path | None) -> Callable[..., Any]:
        """Return the loop, timed."""
        plain = super().loop(cache_dir)

        def timed(*states: object) -> object:
            started = perf_counter()
            status = plain(*states)
            self.spent_s += perf_counter() - started
            return status

        return timed


def measure() -> list[Figure]:
    """Return the figures of sweeps."""
    cache().mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache(), prefix="sweep-") as folder:
        home = Path(folder)
        (home / "outputs" / "cache").mkdir(parents=True)
        kernels().mkdir(parents=True, exist_ok=True)
        (home / "outputs" / "cache" / "kernels").symlink_to(kernels().absolute())
        _name_places(home)
        plan_s, jobs = _planned(home), _jobs(home)
        run_ms = min(_besides_s(home, jobs[:RUN]) for _ in range(ROUNDS)) * 1e3 / RUN
    together, alone = _eight()
    plan_ms = plan_s * 1e3 / JOBS
    return [
        Figure("plan_a_job", plan_ms, "ms", note=f"{JOBS} jobs, two compositions among them"),
        Figure("run_a_job_besides_replay", run_ms, "ms"),
        Figure("a_job_besides_replay", plan_ms + run_ms, "ms", aim=AIM_MS),
        Figure(
            "eight_sets_two_threads",
            together,
            "events/s",
            Peer("the same one after another", alone),
        ),
    ]


def _planned(home: Path) -> float:
    return in_turns(ROUNDS, lambda: _jobs(home))[0]


def _jobs(home: Path) -> tuple[Job, ...]:
    gammas = ",".join(f"{0.05 + 0.0009 * k:.4f}" for k in range(JOBS))
    words = ("mode=replay", "market=btc", f"gamma={gammas}", f"hydra.sweep.dir={home / 'jobs'}")
    return plan(new_loader(CHECKOUT), words).jobs


def _besides_s(home: Path, jobs: tuple[Job, ...]) -> float:
    """Return the seconds of all jobs, one after another, less those in the loop."""
    shelf = TimedShelf()
    modes = SweptModes(shelf)

    def run(job: Job) -> None:
        directory = RunDirectory(job.directory, job.saved.write)
        modes(job.settings, Places(home, CHECKOUT, directory))

    with planned_aside():
        run(jobs[0])
        shelf.spent_s = 0.0
        return seconds(lambda: [run(job) for job in jobs]) - shelf.spent_s


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
