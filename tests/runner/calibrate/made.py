"""Make recordings by hand and by chance, with what is in them known."""

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.calibrate.recording import Recording, TakerOrders, Tops, Trades

START_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000
Int64 = NDArray[np.int64]


def ints(*values: int) -> Int64:
    """Return an array of integers."""
    return np.array(values, np.int64)


def tops(seconds: Any, bid: Any, ask: Any = None, bid_lots: Any = None) -> Tops:
    """Return tops at so many seconds after the start, one tick wide unless told otherwise."""
    ns = START_NS + (np.asarray(seconds, np.float64) * SECOND_NS).astype(np.int64)
    bids = np.asarray(bid, np.int64)
    asks = bids + 1 if ask is None else np.asarray(ask, np.int64)
    ones = np.ones(len(ns), np.int64)
    return Tops(ns, bids, asks, ones if bid_lots is None else np.asarray(bid_lots, np.int64), ones)


def recording(
    book: Tops,
    seconds: float,
    trades: list[tuple[float, int, int]] | None = None,
    orders: TakerOrders | None = None,
) -> Recording:
    """Return a recording; a trade is (seconds, +1 for a buyer, ticks)."""
    rows = np.array(trades or [], np.float64).reshape(-1, 3)
    none = np.empty(0, np.int64)
    return Recording(
        tick_size=Decimal("0.1"),
        seen=book,
        happened=book,
        trades=Trades(
            START_NS + (rows[:, 0] * SECOND_NS).astype(np.int64),
            rows[:, 1].astype(np.int64),
            rows[:, 2].astype(np.int64),
            np.ones(len(rows), np.int64),
        ),
        orders=orders or TakerOrders(none, none, np.empty(0)),
        gaps=0,
        start_ns=START_NS,
        end_ns=START_NS + int(seconds * SECOND_NS),
    )


def orders_at(seconds: Any, depth_bps: Any, sign: Any = None) -> TakerOrders:
    """Return taker orders at so many seconds after the start, in order of time."""
    at = np.asarray(seconds, np.float64)
    by_time = np.argsort(at, kind="stable")
    signs = np.ones(len(at), np.int64) if sign is None else np.asarray(sign, np.int64)
    ns = START_NS + (at[by_time] * SECOND_NS).astype(np.int64)
    return TakerOrders(ns, signs[by_time], np.asarray(depth_bps, np.float64)[by_time])
