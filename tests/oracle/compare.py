"""Hold two runs against each other: every step, every order, equal to the last bit."""

from collections.abc import Sequence
from typing import Any

import numpy as np

STEPS = ("now_ns", "bid_ticks", "ask_ticks", "position_lots", "fills")
CASH = ("cash", "fees")
PLACED = (
    *("side", "ticks", "sent_ns", "cancel_ns", "end", "end_ns", "exec_ticks"),
    "is_maker",
)


def first_difference(ours: Any, theirs: Any) -> str | None:
    """Say where two runs first differ, with both rows; None when they are equal."""
    for what, names in (("steps", STEPS), ("cash", CASH), ("placed", PLACED)):
        mine, other = getattr(ours, what), getattr(theirs, what)
        rows = min(len(mine), len(other))
        differs = (mine[:rows] != other[:rows]).any(axis=1)
        if differs.any():
            k = int(np.argmax(differs))
            return (
                f"{what} row {k}\n  ours   {_row(names, mine[k])}\n  theirs {_row(names, other[k])}"
            )
        if len(mine) != len(other):
            return f"{what}: {len(mine)} rows of ours, {len(other)} of theirs"
    return None


def first_of_all(ours: Sequence[Any], theirs: Sequence[Any]) -> str | None:
    """Say where the first asset that differs does so first; None when all are equal."""
    for k, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        difference = first_difference(mine, other)
        if difference:
            return f"asset {k}: {difference}"
    return None


def _row(names: tuple[str, ...], row: Any) -> str:
    values = (repr(value) for value in row.tolist())
    return ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
