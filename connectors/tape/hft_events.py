"""Name hftbacktest's event row: 64 little-endian bytes, and what its `ev` word means.

`ev` holds a kind in its low byte and flags above: whether the row counts at the venue (EXCH), on
our side (LOCAL), and its side. A file written by hftbacktest repeats a row, once with each flag,
where the two orders differ. Kinds and flags after hftbacktest's ``types.rs``.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from typing import Any

    import numpy as np

DEPTH = 1
TRADE = 2
CLEAR = 3
SNAPSHOT = 4
BBO = 5
OURS = 0
"""Kind of a row that hftbacktest has no word for and passes over; `ival` holds our
kind, `order_id` what a LEAD or SCHEDULED row has for ticks, and `fval` what the latter has for
lots: a whole number under 2^53."""
FIRST_L3 = 10
LAST_L3 = 13
KIND_MASK = 0xFF

SELL = 1 << 28
BUY = 1 << 29
LOCAL = 1 << 30
EXCH = 1 << 31

EVENT = Struct("<QqqddQqd")
"""ev, exch_ts, local_ts, px, qty, order_id, ival, fval."""

FIELDS = (
    ("ev", "<u8"),
    ("exch_ts", "<i8"),
    ("local_ts", "<i8"),
    ("px", "<f8"),
    ("qty", "<f8"),
    ("order_id", "<u8"),
    ("ival", "<i8"),
    ("fval", "<f8"),
)

_KIND_AND_SIDE = {
    BID: DEPTH | BUY,
    ASK: DEPTH | SELL,
    TRADE_BUY: TRADE | BUY,
    TRADE_SELL: TRADE | SELL,
    CLEAR_BIDS: CLEAR | BUY,
    CLEAR_ASKS: CLEAR | SELL,
    BEST_BID: BBO | BUY,
    BEST_ASK: BBO | SELL,
    GAP: OURS,
    LEAD: OURS,
    SCHEDULED: OURS,
}

EV_OF_KIND = tuple(_KIND_AND_SIDE[kind] | EXCH | LOCAL for kind in range(len(_KIND_AND_SIDE)))
"""The `ev` word of each of our kinds."""

UNPRICED = (CLEAR_BIDS, CLEAR_ASKS, GAP, LEAD, SCHEDULED)
IS_PRICED = tuple(kind not in UNPRICED for kind in range(len(EV_OF_KIND)))
"""Whether a row of each of our kinds has a price and a size."""


def event_dtype() -> np.dtype[Any]:
    """Return the numpy type of an event row."""
    import numpy as np

    return np.dtype(list(FIELDS))
