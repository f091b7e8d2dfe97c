"""Put rows into our order and the venue's, on clocks that cannot see the future."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from connectors.model.errors import DataError
from connectors.model.events import LEAD
from connectors.tape.tape import Columns, DepthEnds, Tape, TopOfBook, read_only

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from connectors.model.instrument import Instrument
    from connectors.tape.grid import Place
    from connectors.tape.source import TapeSource

    Int64 = NDArray[np.int64]

NO_STAMP = 0
"""`venue_ns` of a row for which the venue gave no time."""
MOST_STEP_BACK_NS = 1_000_000_000
"""Our clock may be set back by less than this while recording; more is another recording."""


def assemble(
    instrument: Instrument,
    source: TapeSource,
    received: Columns,
    place: Place,
    *,
    happened: Columns | None = None,
    bbo: TopOfBook | None = None,
    depth_end: DepthEnds | None = None,
    torn: str | None = None,
    notes: Mapping[str, int] | None = None,
) -> Tape:
    """Build a tape from rows in file order.

    `happened` gives the venue's rows where they are recorded apart; otherwise they are `received`
    sorted by the venue's stamp, ties in the order of arrival. Raises DataError when there are no
    rows or our clock goes back by a second or more, unless `repair` holds it however long.
    """
    if not len(received):
        raise DataError(f"{source.path}: expected market rows of {instrument.symbol}, found none")
    shift_ns = clock_shift_ns(received, source.min_feed_latency_ns)
    recv_ns, held = never_back(received.recv_ns, place, source.repair)
    told = Counter(notes or {})
    if held:
        told["stamps of ours before the one that precedes them, held"] += held
    local = read_only(_restamp(received, recv_ns, shift_ns))
    if happened is None:
        venue = in_venue_order(local)
    else:
        venue = in_venue_order(_restamp(happened, happened.recv_ns, shift_ns))
    return Tape(
        symbol=instrument.symbol,
        tick_size=instrument.tick_size,
        lot_size_base=instrument.lot_size_base,
        local=local,
        venue=local if venue is local else read_only(venue),
        bbo=read_only(bbo or no_top_of_book()),
        depth_end=read_only(depth_end or no_depth_ends()),
        clock_shift_ns=shift_ns,
        torn=torn,
        notes=tuple(sorted(told.items())),
    )


def clock_shift_ns(rows: Columns, min_feed_latency_ns: int) -> int:
    """Return what our clock needs so that no row arrives sooner than the least latency, in ns.

    What the lead or the schedule said did not come from this venue.
    """
    own = rows.kind < LEAD
    if not own.any():
        return 0
    quickest_ns = int((rows.recv_ns - rows.venue_ns)[own].min())
    return max(0, min_feed_latency_ns - quickest_ns)


def in_venue_order(rows: Columns) -> Columns:
    """Return the rows sorted by the venue's stamp: the same object when they are so already."""
    import numpy as np

    if bool((rows.venue_ns[1:] >= rows.venue_ns[:-1]).all()):
        return rows
    return take(rows, np.argsort(rows.venue_ns, kind="stable"))


def with_venue_stamps(rows: Columns) -> Columns:
    """Give rows without a venue stamp that of the next row that has one; the last ones get ours.

    Some messages have none, such as a spot snapshot, or the loss of a connection.
    """
    import numpy as np

    missing = np.flatnonzero(rows.venue_ns == NO_STAMP)
    if not len(missing):
        return rows
    present = np.flatnonzero(rows.venue_ns != NO_STAMP)
    following = np.searchsorted(present, missing)
    venue_ns = rows.venue_ns.copy()
    has_next = following < len(present)
    venue_ns[missing[has_next]] = rows.venue_ns[present[following[has_next]]]
    venue_ns[missing[~has_next]] = rows.recv_ns[missing[~has_next]]
    return Columns(rows.kind, rows.ticks, rows.lots, venue_ns, rows.recv_ns)


def take(rows: Columns, index: NDArray[np.intp] | NDArray[np.bool_]) -> Columns:
    """Return a copy of the rows at an index or under a mask."""
    return Columns(
        rows.kind[index],
        rows.ticks[index],
        rows.lots[index],
        rows.venue_ns[index],
        rows.recv_ns[index],
    )


def join(parts: Sequence[Columns]) -> Columns:
    """Return the rows of all parts, one after the other."""
    import numpy as np

    if len(parts) == 1:
        return parts[0]
    return Columns(
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.ticks for part in parts]),
        np.concatenate([part.lots for part in parts]),
        np.concatenate([part.venue_ns for part in parts]),
        np.concatenate([part.recv_ns for part in parts]),
    )


def no_top_of_book() -> TopOfBook:
    """Return the top of book of a tape that carries none."""
    import numpy as np

    return TopOfBook(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))


def no_depth_ends() -> DepthEnds:
    """Return the message ends of a tape that does not know them."""
    import numpy as np

    return DepthEnds(np.empty(0, np.int64), np.empty(0, np.int64))


def _restamp(rows: Columns, recv_ns: Int64, shift_ns: int) -> Columns:
    if shift_ns:
        recv_ns = recv_ns + shift_ns
    return Columns(rows.kind, rows.ticks, rows.lots, rows.venue_ns, recv_ns)


def never_back(recv_ns: Int64, place: Place, repair: bool) -> tuple[Int64, int]:
    """Hold our clock where it was while it is behind itself; return it and how many rows that held.

    A step of a second or more is refused, unless told to repair.
    """
    import numpy as np

    highest = np.maximum.accumulate(recv_ns)
    back_ns = highest - recv_ns
    k = int(back_ns.argmax())
    if back_ns[k] >= MOST_STEP_BACK_NS and not repair:
        raise DataError(
            f"{place(k)}: expected our own clock to go on, it went back {back_ns[k] / 1e9:.3f} s; "
            "sort the recording, read its parts one by one, or hold the clock with tape.repair=true"
        )
    return (highest if back_ns[k] else recv_ns), int(np.count_nonzero(back_ns))
