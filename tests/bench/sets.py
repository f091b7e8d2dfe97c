"""Measure eight settings of one rule over one tape on two cores, beside hftbacktest in processes.

Ours run as a sweep runs: threads over one copy of the tape, with kernels from the cache. Theirs run
as its documentation has it: a pool of processes, each of which loads the tape and compiles anew.
What each set came to is equal on both sides, at every step. The second figure leaves their
compilation out.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from connectors.model.errors import MmrunnerError
from runner.wiring.markets import instrument_of
from tests.bench.deploy import settings_of
from tests.bench.figures import Figure, Peer
from tests.bench.flow_tape import flow_tape
from tests.bench.timing import seconds
from tests.oracle import rule
from tests.oracle.cases import PAIR, Case
from tests.oracle.compare import first_difference
from tests.oracle.other_side import PYTHON, run_theirs
from tests.oracle.ours import Outcome
from tests.oracle.work import Work, run_ours, work_on

SETS = 8
CORES = 2
AIM = 4.0
ROUNDS = 2


def measure() -> list[Figure]:
    """Return the figures with and without their compilation."""
    works = _works()
    run_ours(works[0])
    mine = [_together(works) for _ in range(ROUNDS)]
    theirs = _theirs(works) if PYTHON.exists() else None
    mine += [_together(works) for _ in range(ROUNDS)]
    rows = sum(len(tape) for work in works for tape in work.tapes)
    rate = rows / min(taken_s for taken_s, _ in mine)
    if theirs is None:
        note = "hftbacktest is absent: make oracle"
        return [Figure("eight_sets_two_cores", rate, "events/s", note=note)]
    _require_equal(works, mine[0][1], theirs.outcomes)
    note = f"{rows:,} rows, {_fills(mine[0][1]):,} fills, equal at every step"
    compiling = Peer("hftbacktest, two processes", rows / theirs.with_compiling_s)
    compiled = Peer("hftbacktest, two processes that have compiled", rows / theirs.loops_s)
    return [
        Figure("eight_sets_two_cores", rate, "events/s", compiling, AIM * compiling.value, note),
        Figure("eight_sets_two_cores_loops", rate, "events/s", compiled),
    ]


def _works() -> list[Work]:
    """Return the rule at eight distances from mid."""
    tape = flow_tape("btc", instrument_of(settings_of("mode=replay").markets["btc"].instrument))
    case = Case("small_tick", queue="power_3")
    grids = (
        tuple(k if n == rule.OFFSET_TICKS else value for n, value in enumerate(PAIR))
        for k in range(1, SETS + 1)
    )
    return [work_on(replace(case, grid=grid), tape) for grid in grids]


def _together(works: list[Work]) -> tuple[float, list[Outcome]]:
    """Run all sets in as many threads as cores; return the seconds and what came of them."""
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(CORES) as pool:
        taken_s = seconds(lambda: outcomes.extend(pool.map(_run, works)))
    return taken_s, outcomes


def _run(work: Work) -> Outcome:
    """Run a set over its one market."""
    (outcome,) = run_ours(work)
    return outcome


class _Theirs:
    """What the other side's processes came to."""

    def __init__(self, halves: list[list[Outcome]]) -> None:
        self.loops_s = max(sum(o.seconds for o in half[1:]) for half in halves)
        self.with_compiling_s = max(
            half[0].seconds + sum(o.seconds for o in half[2:]) for half in halves
        )
        self.outcomes = [outcome for half in halves for outcome in half[1:]]


def _theirs(works: list[Work]) -> _Theirs:
    """Run half of the sets in each process; its first one twice, since the first time compiles."""
    each = SETS // CORES
    halves = [works[k : k + each] for k in range(0, SETS, each)]
    with ThreadPoolExecutor(CORES) as pool:
        runs = [pool.submit(partial(run_theirs, [half[0], *half])) for half in halves]
        return _Theirs([[outcome for (outcome,) in run.result()] for run in runs])


def _require_equal(works: list[Work], mine: list[Outcome], theirs: list[Outcome]) -> None:
    for work, ours, other in zip(works, mine, theirs, strict=True):
        difference = first_difference(ours, other)
        if difference:
            raise MmrunnerError(f"{work.case.grid}: {difference}")


def _fills(outcomes: list[Outcome]) -> int:
    return sum(int(outcome.steps[-1, rule.FILLS]) for outcome in outcomes)
