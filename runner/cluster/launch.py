"""Run the jobs of a sweep on a Ray cluster: one process a core, each fed batch by batch."""

import os
import signal
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from connectors.model.errors import ConfigError
from runner.cluster.worker import Outcome, Worker
from runner.config.errors import first_line
from runner.config.sweep import Job
from runner.guard import CRASHED, Ending
from runner.interrupts import STOPS, Interrupt, begin, is_asked
from runner.sweep.grid import Done, tell_failure
from runner.sweep.score import Score
from runner.watch.progress import Progress

LOCAL = "local"
LOOPBACK = "127.0.0.1"
ALONE = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""With 0 every process of a local cluster listens on loopback alone, whatever the system."""
MOST_A_BATCH = 16
BATCHES_A_WORKER = 4
"""So many at least, so that no worker is idle long while another one ends."""
POLL_S = 0.2
PATIENCE_S = 60.0
"""How long workers that were told to stop may take."""


@dataclass(slots=True)
class Cluster:
    """Workers of a cluster, and what they are busy with. `ended` has jobs by their numbers."""

    jobs: Mapping[int, Job]
    progress: Progress
    ended: dict[int, Done] = field(default_factory=dict)
    scores: dict[Path, Score] = field(default_factory=dict)
    _waiting: dict[Any, tuple[Any, Sequence[Job]]] = field(default_factory=dict)

    def run(self, workers: Sequence[Any], batches: "deque[Sequence[Job]]") -> None:
        """Feed every worker until nothing is left. An interrupt ends the jobs that run."""
        try:
            for worker in workers:
                self._feed(worker, batches)
            while self._waiting:
                if is_asked():  # raised within a library, it may have been swallowed there
                    raise Interrupt
                for worker in self._look(POLL_S):
                    self._feed(worker, batches)
        except KeyboardInterrupt:
            self._stop(workers)

    def _feed(self, worker: Any, batches: "deque[Sequence[Job]]") -> None:
        if batches:
            batch = batches.popleft()
            self._waiting[worker.run.remote(batch)] = worker, batch

    def _look(self, timeout_s: float) -> list[Any]:
        """Take what has come within a time; return the workers that are free again."""
        import ray

        ready, _ = ray.wait(list(self._waiting), num_returns=1, timeout=timeout_s)
        free = []
        for reference in ready:
            worker, batch = self._waiting[reference]
            try:
                self._take(ray.get(reference))
                free.append(worker)
            except ray.exceptions.RayError as error:
                self._lose(batch, error)
            del self._waiting[reference]
        return free

    def _take(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            job = self.jobs[outcome.number]
            if outcome.score is not None:
                self.scores[job.directory] = outcome.score
            self._note(Done(job, outcome.ending))

    def _lose(self, batch: Sequence[Job], error: Exception) -> None:
        """Let the jobs of a process that died have failed: which of them had ended is not known."""
        for job in batch:
            line = f"its process on the cluster was lost: {first_line(error)}"
            self._note(Done(job, Ending(CRASHED, line)))

    def _note(self, done: Done) -> None:
        self.ended[done.job.number] = done
        self.progress.advance(1)
        tell_failure(done)

    def _stop(self, workers: Sequence[Any]) -> None:
        import ray

        told = [worker.stop.remote() for worker in workers]
        ray.wait(told, num_returns=len(told), timeout=PATIENCE_S)
        for _ in range(int(PATIENCE_S / POLL_S)):
            if not self._waiting:
                return
            self._look(POLL_S)


def run_on_ray(
    jobs: Sequence[Job], address: str, home: Path, checkout: Path, progress: Progress
) -> tuple[list[Done], dict[Path, Score]]:
    """Run every job on a cluster; return how each ended, in order, and the scores.

    Raises ConfigError where there is no ray, or no cluster at the address.
    """
    cluster = Cluster({job.number: job for job in jobs}, progress)
    with _connected(address) as cores:
        import ray

        begin()  # from here on there is something to put in order
        count = max(1, min(cores, len(jobs)))
        # Two calls at once: one runs a batch, the other one is `stop`.
        kind = ray.remote(num_cpus=1, max_concurrency=2, max_restarts=0)(Worker)
        workers = [kind.remote(home, checkout) for _ in range(count)]
        cluster.run(workers, batches_of(jobs, count))
    return [cluster.ended[number] for number in sorted(cluster.ended)], cluster.scores


def batches_of(jobs: Sequence[Job], workers: int) -> "deque[Sequence[Job]]":
    """Return the jobs in batches, several for each worker."""
    size = max(1, min(MOST_A_BATCH, len(jobs) // (workers * BATCHES_A_WORKER)))
    return deque(jobs[k : k + size] for k in range(0, len(jobs), size))


@contextmanager
def _connected(address: str) -> Iterator[int]:
    """Connect to a cluster, or start one on loopback; yield how many cores it has.

    Ray takes the signals that end us, so they are taken back.
    """
    if find_spec("ray") is None:
        raise ConfigError(
            "hydra/launcher=ray: expected the package ray, was without it; run the sweep with"
            ' make ray ARGS="..."'
        )
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"
    if address == LOCAL:
        os.environ[ALONE] = "0"  # read when ray is imported
    import ray

    handlers = {number: signal.getsignal(number) for number in STOPS}
    try:
        ray.init(**_options(address))
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ConfigError(
            f"ray.address: expected a cluster at {address}, was none: {first_line(error)}"
        ) from error
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    try:
        yield int(ray.cluster_resources().get("CPU", 1))
    finally:
        ray.shutdown()


def _options(address: str) -> dict[str, Any]:
    common: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address != LOCAL:
        return {"address": address, **common}
    alone = {"include_dashboard": False, "_node_ip_address": LOOPBACK}
    return {"address": LOCAL, "num_cpus": os.cpu_count(), **alone, **common}
