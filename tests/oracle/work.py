"""Join a case with its tape, and run it on our side."""

import random
from dataclasses import dataclass
from functools import cache

from connectors.sim.latency_table import Row
from connectors.tape.tape import Tape
from tests.oracle import ours
from tests.oracle.cases import MS, Case
from tests.oracle.ours import Outcome
from tests.oracle.streams import STREAMS


@dataclass(frozen=True, slots=True)
class Work:
    """A case with its tapes, one an asset, and how many steps both sides take."""

    case: Case
    tapes: tuple[Tape, ...]
    steps: int

    @property
    def rows(self) -> int:
        """Return how many rows all tapes have."""
        return sum(len(tape) for tape in self.tapes)

    def money(self) -> list[ours.Money]:
        """Return what a fill is worth in each asset."""
        return [self.case.money(float(t.tick_size), float(t.lot_size_base)) for t in self.tapes]

    def latencies(self) -> list[Row]:
        """Return a table of latencies over the tape, 20 a second, if the case has one."""
        if not self.case.has_table:
            return []
        draw = random.Random(3)
        rows = self.tapes[0].local
        stamps = range(int(rows.venue_ns[0]) + 10**9, int(rows.recv_ns[-1]) - 10**9, 50_000_000)
        return [
            (at, int(draw.expovariate(1 / 4e6)) % 40_000_000, draw.randint(0, 30_000_000))
            for at in stamps
        ]


def work_of(case: Case) -> Work | None:
    """Return a case with its tapes; None where a stream is absent."""
    tapes = [_tape(stream) for stream in case.streams]
    there = tuple(tape for tape in tapes if tape is not None)
    return work_on(case, *there) if len(there) == len(tapes) else None


def work_on(case: Case, *tapes: Tape) -> Work:
    """Return a case with tapes, and as many steps as both sides can take on all of them."""
    last_ns = min(int(min(t.local.recv_ns[-1], t.venue.venue_ns[-1])) for t in tapes)
    first_ns = min(int(min(t.local.recv_ns[0], t.venue.venue_ns[0])) for t in tapes)
    return Work(case, tapes, (last_ns - first_ns) // (case.refresh_ms * MS) - 2)


@cache
def _tape(stream: str) -> Tape | None:
    return STREAMS[stream]()


def run_ours(work: Work, *, compiled: bool = True) -> list[Outcome]:
    """Run a case in our simulator; return an outcome an asset."""
    case = work.case
    return ours.run(
        work.tapes,
        case.terms(),
        case.scaled_grid(),
        work.money(),
        case.refresh_ms * MS,
        work.steps,
        work.latencies(),
        compiled=compiled,
    )
