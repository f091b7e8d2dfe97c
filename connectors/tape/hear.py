"""Put what others said among the rows of a market: the market that it follows, and the schedule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.model.events import LEAD, SCHEDULED
from connectors.tape.ordering import take
from connectors.tape.tape import Columns, DepthEnds, Tape, read_only

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Int64 = NDArray[np.int64]


def without_heard(tape: Tape) -> Tape:
    """Return a tape without the rows that others put into it while a session wrote it."""
    own = tape.local.kind < LEAD
    if own.all():
        return tape
    local = read_only(take(tape.local, own))
    venue = local
    if tape.venue is not tape.local:
        venue = read_only(take(tape.venue, tape.venue.kind < LEAD))
    return replace(tape, local=local, venue=venue)


def with_lead(tape: Tape, lead: Tape, news_row: Int64, half_ticks: Int64) -> Tape:
    """Return a follower's tape with a LEAD row for each of the lead's rows `news_row`.

    Both are put in order by our clock; of one moment, the lead's word comes after the follower's
    own rows, which have to come first. One machine is taken to have recorded both, so the lead's
    stamps are moved by what the follower's clock was. Rows outside the
    follower's time are left out. The venue's order, which the exchange sees, stays as it is.
    """
    import numpy as np

    own = tape.local
    recv_ns = lead.local.recv_ns[news_row] - lead.clock_shift_ns + tape.clock_shift_ns
    inside = (recv_ns >= own.recv_ns[0]) & (recv_ns <= own.recv_ns[-1])
    nothing = np.zeros(int(inside.sum()), np.int64)
    return _with_rows(tape, LEAD, recv_ns[inside], half_ticks[inside], nothing)


def with_schedule(tape: Tape, moments_ns: Int64, field: Int64, value: Int64) -> Tape:
    """Return a tape with a SCHEDULED row for each of some moments, in order and in true time.

    What is asked for before the first row comes with it; what would come after the last is left
    out.
    """
    import numpy as np

    own = tape.local
    recv_ns = np.maximum(moments_ns + tape.clock_shift_ns, own.recv_ns[0])
    inside = recv_ns <= own.recv_ns[-1]
    return _with_rows(tape, SCHEDULED, recv_ns[inside], field[inside], value[inside])


def _with_rows(tape: Tape, kind: int, recv_ns: Int64, ticks: Int64, lots: Int64) -> Tape:
    """Insert rows of a kind after all others of their moments; the venue's order stays."""
    import numpy as np

    own = tape.local
    at = np.searchsorted(own.recv_ns, recv_ns, side="right")
    local = Columns(
        np.insert(own.kind, at, kind),
        np.insert(own.ticks, at, ticks.astype(np.int32)),
        np.insert(own.lots, at, lots),
        np.insert(own.venue_ns, at, recv_ns),
        np.insert(own.recv_ns, at, recv_ns),
    )
    ends = tape.depth_end
    moved = ends.row + np.searchsorted(at, ends.row, side="left")
    return replace(
        tape, local=read_only(local), depth_end=read_only(DepthEnds(moved, ends.update_id))
    )
