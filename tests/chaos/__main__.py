"""Kill a paper deploy N times: ``python -m tests.chaos [N] [seed]``, or ``make chaos``."""

import random
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.drill import Death, Drill

ROW = "{:>5} {:>8} {:>8} {:>5} {:>7} {:>6}  {}"
HEADER = ROW.format("kill", "signal", "after s", "code", "orders", "fills", "findings")


def main(words: Sequence[str]) -> int:
    """Run the drill and print a line a death; return 1 when a judge found anything."""
    kills = int(words[0]) if words else 200
    seed = int(words[1]) if len(words) > 1 else 1
    print(f"{kills} kills, seed {seed}", HEADER, sep="\n", flush=True)
    wrong = 0
    with TemporaryDirectory(prefix="mmrunner-chaos-") as home:
        drill = Drill(Path(home), random.Random(seed))
        for k in range(kills):
            wrong += _show(k + 1, drill.kill())
        wrong += _show(kills + 1, drill.finish())
        fills, ends = drill.recovered()
        print(f"starts booked {fills} fills and proved the end of {ends} orders")
    print(f"{wrong} of {kills + 1} ends with findings")
    return 1 if wrong else 0


def _show(k: int, death: Death) -> bool:
    found = "; ".join(death.findings[:3]) or "none"
    after_s = f"{death.after_s:.3f}"
    cells = (k, death.how, after_s, death.code, death.orders, death.fills, found)
    print(ROW.format(*cells), flush=True)
    return bool(death.findings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
