"""Hold one recorded market in columns: what we received, and what happened at the venue."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from decimal import Decimal

    import numpy as np
    from numpy.typing import NDArray

    Int64 = NDArray[np.int64]

Group = TypeVar("Group", "Columns", "TopOfBook", "DepthEnds")


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Market rows as read-only arrays of equal length; `kind` as in connectors.model.events."""

    kind: NDArray[np.uint8]
    ticks: NDArray[np.int32]
    lots: Int64
    venue_ns: Int64
    recv_ns: Int64

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, slots=True, eq=False)
class TopOfBook:
    """The venue's own top of book by update id, sorted; a side without levels is tick 0."""

    update_id: Int64
    bid_ticks: NDArray[np.int32]
    ask_ticks: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.update_id)


@dataclass(frozen=True, slots=True, eq=False)
class DepthEnds:
    """Where each depth message ends: the count of local rows up to it, and its last update id."""

    row: Int64
    update_id: Int64

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True, eq=False)
class Tape:
    """One market's recording, in integers.

    `local` holds the rows in the order in which we received them, `recv_ns` never falling; `venue`
    holds them in the venue's order, `venue_ns` never falling. They are one object when both orders
    agree. `clock_shift_ns` has been added to our recorded clock. `torn` says what was cut off.
    `notes` counts what the reader left out or found missing. `bbo` and `depth_end` are filled where
    the recording carries an independent top of book.
    """

    symbol: str
    tick_size: Decimal
    lot_size_base: Decimal
    local: Columns
    venue: Columns
    bbo: TopOfBook
    depth_end: DepthEnds
    clock_shift_ns: int = 0
    torn: str | None = None
    notes: tuple[tuple[str, int], ...] = ()

    def __len__(self) -> int:
        return len(self.local)


def read_only(group: Group) -> Group:
    """Return views of the arrays that refuse to be written; they compile as a mapped tape's do."""
    views = [getattr(group, field.name).view() for field in fields(group)]
    for view in views:
        view.flags.writeable = False
    return type(group)(*views)
