"""Let a pair's funding come and go, and one of its legs fail now and then while it is entered."""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import cycle
from pathlib import Path

from tests.venues.common.drill.run import Site
from tests.venues.hedged.drill.places import FUNDING_S

HIGH_1E6 = 10_000
BASE_1E6 = 12
RATES = (HIGH_1E6, BASE_1E6, -HIGH_1E6, BASE_1E6)
"""Announced one after the other, in 1e-6 a settlement: the pair is entered either way round."""
TURN_EVERY, TURN_AT = 20, 4
"""Beats between two turns, and of the first: every other round ends at a high rate."""
FAILS_EVERY = 3
"""Of so many entries the first fails, where nothing else has kept the pair from it."""
REFUSED = {"when": "place", "times": 12, "do": "refuse", "code": 21739}
"""Longer than a leg may take to follow."""
PERIODS = 21
HOUR_NS = 3_600_000_000_000


class Paying(Site):
    """The venue whose funding comes and goes. The other one has the thinner book, so its leg is
    first; here the second is refused."""

    market = "DOGE"
    _turns = 0

    def beat(self, beat: int, closes: int, rng: random.Random) -> None:
        """Do what is due; turn the rate, and refuse the leg, where it is time for that."""
        if beat % TURN_EVERY == TURN_AT:
            rate_1e6 = RATES[self._turns % len(RATES)]
            self.remote.do({"do": "set_rate", "market": self.market, "rate_1e6": rate_1e6})
            if self._turns % (2 * FAILS_EVERY) == 0:
                self.remote.do({**REFUSED, "market": self.market})
            self._turns += 1
        super().beat(beat, closes, rng)


def remember(ledger: Path, legs: Sequence[str], now_ns: int) -> None:
    """Let a ledger know the settlements of a while, as if it had been there: rates that come and
    go as they will."""
    every_ns = int(FUNDING_S * 1e9)
    last_ns = now_ns // every_ns * every_ns
    known = [rate for rate, _ in zip(_slowly(), range(PERIODS), strict=False)]
    rows = [
        (leg, last_ns - k * every_ns, repr(rate if leg == legs[0] else 1e-4), HOUR_NS)
        for k, rate in enumerate(known)
        for leg in legs
    ]
    with closing(sqlite3.connect(ledger)) as db, db:
        db.executemany("INSERT INTO rates VALUES (?, ?, ?, ?)", rows)


def _slowly() -> "cycle[float]":
    """Yield rates, each for three settlements; the latest is the base."""
    return cycle(rate / 1e6 for rate in (BASE_1E6, HIGH_1E6, BASE_1E6, -HIGH_1E6) for _ in range(3))
