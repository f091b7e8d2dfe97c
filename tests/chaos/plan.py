"""Plan how a deploy is to end, again and again: the same seed plans the same."""

import random
import signal
from dataclasses import dataclass

from runner.engine.failpoints import Point

LONGEST_S = 1.2
SLOW_FRAC = 0.5
EARLY_FRAC = 0.2
STARTING_S = 1.0
"""A process that is hit early is hit within so long: in its imports, in recovery or just after."""

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
OFTEN = (Point.ACK_COMMITTED,)
SELDOM = (Point.FILL_RECEIVED, Point.FILL_HALF_TX)
ONCE = (Point.KILL_MID, Point.STOP_MID)


@dataclass(frozen=True, slots=True)
class End:
    """One session's end: a signal after a time, or a fail point at its n-th hit.

    `slow` sessions hear late from their venue, so that a death leaves trades untold. An `early`
    signal does not wait for the session to begin.
    """

    signal: signal.Signals | None
    point: Point | None
    hits: int
    after_s: float
    slow: bool
    early: bool

    @property
    def name(self) -> str:
        """What the table says."""
        if self.signal is not None:
            return self.signal.name + (" early" if self.early else "")
        return f"{self.point}:{self.hits}"


def planned(ends: int, rng: random.Random) -> list[End]:
    """Return so many ends in a random order: half by signals, half at fail points in turn."""
    points = list(Point)
    plan = [
        _at(points[k // 2 % len(points)], rng) if k % 2 else _by(SIGNALS[k // 2 % 4], rng)
        for k in range(ends)
    ]
    rng.shuffle(plan)
    return plan


def _by(number: signal.Signals, rng: random.Random) -> End:
    early = rng.random() < EARLY_FRAC
    longest_s = STARTING_S if early else LONGEST_S
    slow = rng.random() < SLOW_FRAC
    return End(number, None, 0, rng.uniform(0.0, longest_s), slow, early)


def _at(point: Point, rng: random.Random) -> End:
    most = 40 if point in OFTEN else 2 if point in SELDOM else 8
    if point is Point.RECON_MID:
        most = 2
    hits = 1 if point in ONCE else rng.randint(1, most)
    return End(None, point, hits, rng.uniform(0.0, LONGEST_S), rng.random() < SLOW_FRAC, False)
