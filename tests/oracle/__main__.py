"""Compare the simulator with hftbacktest: ``python -m tests.oracle``, by way of `make oracle`.

Prints a row a case and ends with exit code 1 at the first difference.
"""

import sys

from tests.oracle import golden, rule
from tests.oracle.cases import SHORT, cases
from tests.oracle.compare import first_of_all
from tests.oracle.other_side import run_theirs
from tests.oracle.ours import Outcome
from tests.oracle.streams import STREAMS
from tests.oracle.work import Work, run_ours, work_of


def main(arguments: list[str]) -> int:
    """Compare every case whose name holds all the arguments; `golden` keeps the short ones."""
    if arguments == ["golden"]:
        works = [work for case in SHORT if (work := work_of(case))]
        golden.write(works, run_theirs(works))
        return 0
    found = {
        case: work_of(case) for case in cases() if all(word in case.name for word in arguments)
    }
    absent = {s for case, work in found.items() if work is None for s in case.streams}
    for stream in sorted(s for s in absent if STREAMS[s]() is None):
        print(f"skipped: stream {stream} is absent here (set MMRUNNER_DATA)")
    works = [work for work in found.values() if work is not None]
    print(HEAD)
    for work, theirs in zip(works, run_theirs(works), strict=True):
        mine = run_ours(work)
        difference = first_of_all(mine, theirs)
        print(_line(work, mine, difference is None))
        if difference:
            print(difference)
            return 1
    return 0


HEAD = f"{'case':46} {'rows':>9} {'steps':>8} {'orders':>8} {'fills':>7} {'cash':>16} equal"


def _line(work: Work, mine: list[Outcome], equal: bool) -> str:
    fills = sum(int(each.steps[-1, rule.FILLS]) for each in mine)
    orders = sum(len(each.placed) - 1 for each in mine)
    cash = sum(float(each.cash[-1, 0]) for each in mine)
    return (
        f"{work.case.name:46} {work.rows:9,} {work.steps:8,} {orders:8,}"
        f" {fills:7,} {cash:16.4f} {'yes' if equal else 'no'}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
