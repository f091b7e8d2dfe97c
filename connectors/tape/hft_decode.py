"""Turn an array of hftbacktest events into our columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.model.errors import DataError
from connectors.model.events import (
    ASK,
    BEST_ASK,
    BEST_BID,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    GAP,
    LEAD,
    SCHEDULED,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.tape import hft_events as hft
from connectors.tape.gaps import put_gaps
from connectors.tape.grid import MAX_LOTS, MAX_TICKS, misfits, to_lots, to_ticks
from connectors.tape.tape import Columns

if TYPE_CHECKING:
    from collections import Counter

    import numpy as np
    from numpy.typing import NDArray

    from connectors.model.instrument import Instrument
    from connectors.tape.grid import Place

UNKNOWN = 255
SIDES = hft.BUY | hft.SELL

_KINDS = (
    (hft.DEPTH, hft.BUY, BID),
    (hft.DEPTH, hft.SELL, ASK),
    (hft.SNAPSHOT, hft.BUY, BID),
    (hft.SNAPSHOT, hft.SELL, ASK),
    (hft.TRADE, hft.BUY, TRADE_BUY),
    (hft.TRADE, hft.SELL, TRADE_SELL),
    (hft.CLEAR, hft.BUY, CLEAR_BIDS),
    (hft.CLEAR, hft.SELL, CLEAR_ASKS),
    (hft.BBO, hft.BUY, BEST_BID),
    (hft.BBO, hft.SELL, BEST_ASK),
)


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Columns in file order, the event's number of each row, and in which orders the row counts.

    The tick of a clear row is its limit: what it empties reaches from the touch to there.
    """

    rows: Columns
    event: NDArray[np.int64]
    is_received: NDArray[np.bool_]
    has_happened: NDArray[np.bool_]


def decode(
    events: NDArray[Any],
    instrument: Instrument,
    place: Place,
    notes: Counter[str],
    *,
    repair: bool = False,
) -> Decoded:
    """Decode the events that make a book; count the others in `notes`.

    Raises DataError for order-by-order (L3) events and for prices and sizes that are none or lie
    off the grid, or with `repair` puts a GAP there; `place` names an event's row.
    """
    import numpy as np

    ev = events["ev"]
    _refuse_orders(ev, place)
    kind, event = _split_clears(_kinds(events), ev)
    keep = kind != UNKNOWN
    _count_unknown(ev[event[~keep]], notes)
    kind, event = kind[keep], event[keep]
    px, qty = events["px"][event], events["qty"][event]
    ticks = np.zeros(len(kind), np.int32)
    lots = np.zeros(len(kind), np.int64)
    if repair:
        is_bad = _misfits(kind, px, qty, instrument)
        kind = put_gaps(kind, is_bad, notes)
    priced = np.flatnonzero(np.array(hft.IS_PRICED)[kind])

    def where(k: int) -> str:
        return place(int(event[priced[k]]))

    or_none = np.isin(kind[priced], (BEST_BID, BEST_ASK))
    ticks[priced] = to_ticks(px[priced], instrument.tick_size, where, or_none=or_none)
    lots[priced] = to_lots(qty[priced], instrument.lot_size_base, where)
    heard = np.flatnonzero((kind == LEAD) | (kind == SCHEDULED))
    ticks[heard] = events["order_id"][event[heard]]
    asked = np.flatnonzero(kind == SCHEDULED)
    lots[asked] = events["fval"][event[asked]]
    limit = np.where((ev[event] & SIDES) == 0, np.nan, px)
    with np.errstate(over="ignore"):
        _set_limits(ticks, kind, limit / float(instrument.tick_size))
    rows = Columns(kind, ticks, lots, events["exch_ts"][event], events["local_ts"][event])
    flags = ev[event]
    return Decoded(rows, event, (flags & hft.LOCAL) != 0, (flags & hft.EXCH) != 0)


def _misfits(
    kind: NDArray[np.uint8],
    px: NDArray[np.float64],
    qty: NDArray[np.float64],
    instrument: Instrument,
) -> NDArray[np.bool_]:
    """Tell which rows need a price and a size and do not have them."""
    import numpy as np

    is_top = np.isin(kind, (BEST_BID, BEST_ASK))
    is_bad = misfits(px, instrument.tick_size, MAX_TICKS, least=np.where(is_top, 0, 1))
    is_bad |= misfits(qty, instrument.lot_size_base, MAX_LOTS, least=0)
    is_bad &= np.array(hft.IS_PRICED)[kind]
    return is_bad


def _kinds(events: NDArray[Any]) -> NDArray[np.uint8]:
    """Return our kind of each event; the clear of both sides counts as that of the bids here."""
    import numpy as np

    code = (events["ev"] & hft.KIND_MASK).astype(np.uint8)
    side = events["ev"] & SIDES
    kind = np.full(len(events), UNKNOWN, np.uint8)
    for theirs, which, ours in _KINDS:
        kind[(code == theirs) & (side == which)] = ours
    kind[(code == hft.CLEAR) & (side == 0)] = CLEAR_BIDS
    for ours in (GAP, LEAD, SCHEDULED):
        kind[(code == hft.OURS) & (events["ival"] == ours)] = ours
    return kind


def _split_clears(
    kind: NDArray[np.uint8], ev: NDArray[np.uint64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Write a clear without a side, which is of both, as two; return kinds and events' numbers."""
    import numpy as np

    number = np.arange(len(kind))
    is_both = (kind == CLEAR_BIDS) & ((ev & SIDES) == 0)
    if not is_both.any():
        return kind, number
    number = np.repeat(number, 1 + is_both)
    kind = kind[number]
    again = np.flatnonzero(number[1:] == number[:-1]) + 1
    kind[again] = CLEAR_ASKS
    return kind, number


def _set_limits(
    ticks: NDArray[np.int32], kind: NDArray[np.uint8], limit: NDArray[np.float64]
) -> None:
    """Give clear rows their limit; without a finite one the whole side goes."""
    import numpy as np

    extreme = np.iinfo(np.int32)
    for clear, everything in ((CLEAR_BIDS, extreme.min), (CLEAR_ASKS, extreme.max)):
        mine = np.flatnonzero(kind == clear)
        finite = np.where(np.isfinite(limit[mine]), limit[mine], everything)
        ticks[mine] = np.rint(np.clip(finite, extreme.min, extreme.max)).astype(np.int32)


def _refuse_orders(ev: NDArray[np.uint64], place: Place) -> None:
    import numpy as np

    code = ev & hft.KIND_MASK
    is_order = (code >= hft.FIRST_L3) & (code <= hft.LAST_L3)
    if is_order.any():
        k = int(np.argmax(is_order))
        raise DataError(
            f"{place(k)}: expected depth by price level (L2), was an order-by-order event of kind "
            f"{int(code[k])}; convert the tape to L2"
        )


def _count_unknown(ev: NDArray[np.uint64], notes: Counter[str]) -> None:
    import numpy as np

    codes, counts = np.unique(ev & hft.KIND_MASK, return_counts=True)
    for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
        notes[f"events of kind {code} without a meaning for a book left out"] += count
