"""Put what a leading market said among the rows of the market that follows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.model.events import LEAD
from connectors.tape.ordering import take
from connectors.tape.tape import Columns, DepthEnds, Tape, read_only

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Int64 = NDArray[np.int64]


def without_lead(tape: Tape) -> Tape:
    """Return a tape without the LEAD rows that a session wrote into it."""
    own = tape.local.kind != LEAD
    if own.all():
        return tape
    local = read_only(take(tape.local, own))
    venue = local
    if tape.venue is not tape.local:
        venue = read_only(take(tape.venue, tape.venue.kind != LEAD))
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
    recv_ns, half_ticks = recv_ns[inside], half_ticks[inside]
    at = np.searchsorted(own.recv_ns, recv_ns, side="right")
    local = Columns(
        np.insert(own.kind, at, LEAD),
        np.insert(own.ticks, at, half_ticks.astype(np.int32)),
        np.insert(own.lots, at, 0),
        np.insert(own.venue_ns, at, recv_ns),
        np.insert(own.recv_ns, at, recv_ns),
    )
    ends = tape.depth_end
    moved = ends.row + np.searchsorted(at, ends.row, side="left")
    return replace(
        tape, local=read_only(local), depth_end=read_only(DepthEnds(moved, ends.update_id))
    )
