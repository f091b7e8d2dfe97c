"""Sample the signals that the decision follows, as it would have seen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from connectors.model.book import MASK, Book
from strategies.signals import order_flow
from strategies.signals.order_flow import OrderFlow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runner.calibrate.recording import Tops

    Int64 = NDArray[np.int64]
    Floats = NDArray[np.float64]


def imbalance(seen: Tops, grid: Int64) -> Floats:
    """Return (bid size - ask size) / both at the touch, NaN where there is no book."""
    index = seen.at(grid)
    bid, ask = seen.bid_lots[np.maximum(index, 0)], seen.ask_lots[np.maximum(index, 0)]
    both = bid + ask
    with np.errstate(divide="ignore", invalid="ignore"):
        value: Floats = np.where((index >= 0) & (both > 0), (bid - ask) / both, np.nan)
    return value


def order_flow_score(seen: Tops, grid: Int64, memory_s: float) -> Floats:
    """Return the order flow in deviations, by the decision's own kernel; NaN until it is ready.

    Flow and deviation fade alike, so that a score holds until the touch changes again.
    """
    flow = OrderFlow()
    flow.tau_s = memory_s
    book = Book()
    scores = np.full(len(seen.ns), np.nan)
    tops = zip(
        *(column.tolist() for column in (seen.ns, seen.bid_ticks, seen.ask_ticks)),
        *(column.tolist() for column in (seen.bid_lots, seen.ask_lots)),
        strict=True,
    )
    for k, (ns, bid_ticks, ask_ticks, bid_lots, ask_lots) in enumerate(tops):
        if bid_ticks == 0:
            order_flow.forget_touch(flow)
            continue
        book.best_bid_ticks, book.best_ask_ticks = bid_ticks, ask_ticks
        book.bid_lots[bid_ticks & MASK], book.ask_lots[ask_ticks & MASK] = bid_lots, ask_lots
        order_flow.observe(flow, book, ns)
        if order_flow.is_ready(flow):
            scores[k] = order_flow.score(flow)
    index = seen.at(grid)
    return np.where(index >= 0, scores[np.maximum(index, 0)], np.nan)
