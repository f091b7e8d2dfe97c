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
    """A case with its tape and how many steps both sides take."""

    case: Case
    tape: Tape
    steps: int

    def money(self) -> ours.Money:
        """Return what a fill is worth here."""
        return self.case.money(float(self.tape.tick_size), float(self.tape.lot_size_base))

    def latencies(self) -> list[Row]:
        """Return a table of latencies over the tape, 20 a second, if the case has one."""
        if not self.case.has_table:
            return []
        draw = random.Random(3)
        rows = self.tape.local
        stamps = range(int(rows.venue_ns[0]) + 10**9, int(rows.recv_ns[-1]) - 10**9, 50_000_000)
        return [
            (at, int(draw.expovariate(1 / 4e6)) % 40_000_000, draw.randint(0, 30_000_000))
            for at in stamps
        ]


def work_of(case: Case) -> Work | None:
    """Return a case with its tape; None where the stream is absent."""
    tape = _tape(case.stream)
    return None if tape is None else work_on(case, tape)


def work_on(case: Case, tape: Tape) -> Work:
    """Return a case with a tape, and as many steps as both sides can take on it."""
    last_ns = int(min(tape.local.recv_ns[-1], tape.venue.venue_ns[-1]))
    first_ns = int(min(tape.local.recv_ns[0], tape.venue.venue_ns[0]))
    return Work(case, tape, (last_ns - first_ns) // (case.refresh_ms * MS) - 2)


@cache
def _tape(stream: str) -> Tape | None:
    return STREAMS[stream]()


def run_ours(work: Work, *, compiled: bool = True) -> Outcome:
    """Run a case in our simulator."""
    case = work.case
    return ours.run(
        work.tape,
        case.terms(),
        case.scaled_grid(),
        work.money(),
        case.refresh_ms * MS,
        work.steps,
        work.latencies(),
        compiled=compiled,
    )
