"""Keep what hftbacktest made of the short cases, so that every test run can be held against it.

`make oracle ARGS=golden` writes it anew, which is due only when a stream or the rule changes.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from tests.bench.places import CHECKOUT
from tests.oracle.ours import Outcome
from tests.oracle.streams import events_of
from tests.oracle.work import Work

PATH = CHECKOUT / "tests" / "data" / "oracle.npz"


def write(works: Sequence[Work], outcomes: Sequence[Outcome]) -> None:
    """Write the tables of every case."""
    arrays: dict[str, Any] = {}
    for work, outcome in zip(works, outcomes, strict=True):
        name = work.case.name
        arrays[f"{name}: steps"] = _differences(outcome.steps)
        arrays[f"{name}: cash"] = outcome.cash
        arrays[f"{name}: placed"] = outcome.placed
        arrays[f"{name}: events"] = np.array(digest(work))
    np.savez_compressed(PATH, **arrays)
    print(f"{PATH.relative_to(CHECKOUT)}: {PATH.stat().st_size / 1e3:.0f} kB, {len(works)} cases")


def read(name: str) -> tuple[Outcome, str]:
    """Return hftbacktest's tables of a case, and the digest of the events that it was given."""
    with np.load(PATH) as arrays:
        steps, cash, placed, events = (
            arrays[f"{name}: {what}"] for what in ("steps", "cash", "placed", "events")
        )
        return Outcome(np.cumsum(steps, axis=0), cash, placed, 0.0), str(events)


def digest(work: Work) -> str:
    """Return a digest of the events of a case."""
    return sha256(events_of(work.tape, work.money().tick_size).tobytes()).hexdigest()[:16]


def _differences(table: Any) -> Any:
    """Return each row less the one before: small numbers, which compress well."""
    return np.diff(table, axis=0, prepend=0)
