"""End a paper deploy N times in every way: ``python -m tests.chaos [N] [seed]``, ``make chaos``.

Two deploys are drilled side by side. Each end is one of SIGKILL, SIGINT, SIGTERM at a random
moment, or the exit at a fail point; the books are judged after each. ``seeds [N] [first]`` and
``seed N`` play drawn faults at a scripted venue instead (`tests.chaos.seeds`), ``amends [N]
[first]`` and ``amends seed N`` where it amends, ``lighter [N] [first]`` and ``lighter seed N`` at
Lighter's stand-in.
"""

import random
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from tests.chaos import amends, lighter, seeds
from tests.chaos.drill import Death, Drill
from tests.chaos.plan import planned

ROW = "{:>5} {:<20} {:>8} {:>5} {:>7} {:>6}  {}"
HEADER = ROW.format("end", "how", "after s", "code", "orders", "fills", "findings")
LANES = 2


class Table:
    """Lines of deaths, in the order in which they come."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.ends = 0
        self.wrong = 0

    def show(self, death: Death) -> None:
        """Print a death."""
        found = "; ".join(death.findings[:3]) or "none"
        after_s = f"{death.after_s:.3f}"
        with self._lock:
            self.ends += 1
            self.wrong += bool(death.findings)
            cells = (self.ends, death.how, after_s, death.code, death.orders, death.fills, found)
            print(ROW.format(*cells), flush=True)


def main(words: Sequence[str]) -> int:
    """Run the drill and print a line an end; return 1 when a judge found anything."""
    if words and words[0] in ("seeds", "seed"):
        return seeds.main(words)
    if words and words[0] == "lighter":
        return lighter.main(words[1:])
    if words and words[0] == "amends":
        return amends.main(words[1:])
    ends = int(words[0]) if words else 200
    seed = int(words[1]) if len(words) > 1 else 1
    print(f"{ends} ends, seed {seed}", HEADER, sep="\n", flush=True)
    table = Table()
    with ThreadPoolExecutor(LANES) as lanes:
        each = [ends // LANES + (lane < ends % LANES) for lane in range(LANES)]
        running = [
            lanes.submit(_drill, each[lane], random.Random(f"{seed}.{lane}"), table)
            for lane in range(LANES)
        ]
        learnt = [lane.result() for lane in running]
    fills, orders = (sum(column) for column in zip(*learnt, strict=True))
    print(f"starts booked {fills} fills and proved the end of {orders} orders")
    print(f"{table.wrong} of {table.ends} ends with findings")
    return 1 if table.wrong else 0


def _drill(ends: int, rng: random.Random, table: Table) -> tuple[int, int]:
    """Drill one deploy; return what its starts had to learn from the venue."""
    with TemporaryDirectory(prefix="mmrunner-chaos-") as home:
        drill = Drill(Path(home))
        for end in planned(ends, rng):
            table.show(drill.end(end))
        table.show(drill.finish())
        return drill.recovered()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
