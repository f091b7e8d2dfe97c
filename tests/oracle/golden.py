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


def write(works: Sequence[Work], outcomes: Sequence[Sequence[Outcome]]) -> None:
    """Write the tables of every case."""
    arrays: dict[str, Any] = {}
    for work, found in zip(works, outcomes, strict=True):
        for k, outcome in enumerate(found):
            name = _key(work.case.name, k)
            arrays[f"{name}: steps"] = _differences(outcome.steps)
            arrays[f"{name}: cash"] = outcome.cash
            arrays[f"{name}: placed"] = outcome.placed
        arrays[f"{work.case.name}: events"] = np.array(digest(work))
    np.savez_compressed(PATH, **arrays)
    print(f"{PATH.relative_to(CHECKOUT)}: {PATH.stat().st_size / 1e3:.0f} kB, {len(works)} cases")


def read(work: Work) -> tuple[list[Outcome], str]:
    """Return hftbacktest's tables of each asset, and the digest of the events it was given."""
    name = work.case.name
    with np.load(PATH) as arrays:
        found = []
        for k in range(len(work.tapes)):
            steps, cash, placed = (
                arrays[f"{_key(name, k)}: {what}"] for what in ("steps", "cash", "placed")
            )
            found.append(Outcome(np.cumsum(steps, axis=0), cash, placed, 0.0))
        return found, str(arrays[f"{name}: events"])


def digest(work: Work) -> str:
    """Return a digest of the events of a case."""
    digest = sha256()
    for tape, money in zip(work.tapes, work.money(), strict=True):
        digest.update(events_of(tape, money.tick_size).tobytes())
    return digest.hexdigest()[:16]


def _key(name: str, asset: int) -> str:
    return name if asset == 0 else f"{name} asset {asset}"


def _differences(table: Any) -> Any:
    """Return each row less the one before: small numbers, which compress well."""
    return np.diff(table, axis=0, prepend=0)
