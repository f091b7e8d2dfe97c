"""Say what goes wrong in a drill: a share of all that passes, and deeds at moments.

Of requests and of the account's frames each fault takes one in fifty; of reads, which are few, one
in twelve; of a book's frames one in two thousand: a book that is lost twice a second is no book.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Words = dict[str, Any]
Table = Mapping[str, Sequence[Words]]
"""Faults by what they wait for."""
REQUESTS, READS, BOOKS = 50, 12, 2_000
RARE = frozenset({"snapshot"})
"""Frames of a book that are as few as reads."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong at one stand-in, in the words of its scenarios.

    `deeds` happen once in a while, and each drill takes them in an order of its own; `streams` are
    those that are closed, `markets` the symbols of what trades.
    """

    requests: Table
    reads: Table
    books: Table
    deeds: tuple[Words, ...]
    streams: tuple[str, ...]
    markets: tuple[str, ...]

    def shares(self, scale: float) -> list[Words]:
        """Return the steps that wait; `scale` below 1 makes them come sooner, for a short drill."""
        tables = ((self.requests, REQUESTS), (self.reads, READS), (self.books, BOOKS))
        return [
            step
            for table, every in tables
            for when, faults in table.items()
            for step in _shared(when, faults, READS if when in RARE else round(every * scale))
        ]

    def drawn(self, rng: random.Random, kills: bool) -> list[Words]:
        """Return the deeds in an order of this drill's. Where processes are killed nobody else
        rests orders: a watchdog's cancel-all is of the whole account."""
        chosen = [deed for deed in self.deeds if not (kills and deed["do"] == "foreign_order")]
        return rng.sample(chosen, len(chosen))

    def fill(self, rng: random.Random) -> Words:
        """Return a fill of what rests: whole or a part, in one piece or several."""
        market = rng.choice(self.markets)
        frac, pieces = rng.choice(((1.0, 1), (0.4, 1), (0.7, 5)))
        side = rng.choice(("buy", "sell"))
        return {"do": "fill_ours", "market": market, "side": side, "frac": frac, "pieces": pieces}

    def names(self) -> set[str]:
        """Return every fault that a drill plays."""
        waiting = {str(step["do"]) for step in self.shares(1.0)}
        return waiting | {str(deed["do"]) for deed in self.deeds} | {"fill_ours", "close"}


def _shared(when: str, faults: Sequence[Words], every: int) -> list[Words]:
    """Return a share of what passes for each of several faults, one after the other."""
    period = max(len(faults) + 1, every)
    return [
        {"when": when, "nth": 1 + k * period // (len(faults) + 1), "every": period, **fault}
        for k, fault in enumerate(faults, 1)
    ]
