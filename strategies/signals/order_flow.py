"""Sum up what was added to and taken from the touch: order-flow imbalance.

Between two books, with prices P and quantities q at the touch and ' for the book before
(Cont, Kukanov and Stoikov 2014, eq. 4; inequalities are weak, so that a change of size at an
unchanged price counts)::

    e = 1{Pb >= Pb'} qb - 1{Pb <= Pb'} qb' - 1{Pa <= Pa'} qa + 1{Pa >= Pa'} qa'

`flow_lots` is the sum of e that fades with `tau_s`. Two readings come from it: the ticks that mid
moves with it, flow / (2 depth), where depth is the mean quantity at the touch; and a score, flow
over the root of the fading sum of e^2, which is its deviation were the e's independent.
"""

import math

from connectors.model.book import MASK, Book
from connectors.model.kernel import kernel, state

READY_TAUS = 3.0
"""Warm-up, in memories."""


@state
class OrderFlow:
    """Setting `tau_s`, the touch before, and fading sums. `last_ns` 0: no touch before.

    `weight` is the sum of the fading weights of `depth_lots`' samples.
    """

    tau_s: float
    last_ns: int
    seen_s: float
    bid_ticks: int
    ask_ticks: int
    touch_bid_lots: int
    touch_ask_lots: int
    flow_lots: float
    squares: float
    depth_sum: float
    weight: float


@kernel
def observe(flow: OrderFlow, book: Book, now_ns: int) -> None:
    """Take the touch of a two-sided book."""
    bid_ticks = book.best_bid_ticks
    ask_ticks = book.best_ask_ticks
    bid = book.bid_lots[bid_ticks & MASK]
    ask = book.ask_lots[ask_ticks & MASK]
    if flow.last_ns == 0:
        flow.last_ns = now_ns
    else:
        _fade(flow, now_ns)
        e = event_lots(flow, bid_ticks, bid, ask_ticks, ask)
        flow.flow_lots += e
        flow.squares += float(e) * e
        flow.depth_sum += 0.5 * (bid + ask)
        flow.weight += 1.0
    flow.bid_ticks = bid_ticks
    flow.ask_ticks = ask_ticks
    flow.touch_bid_lots = bid
    flow.touch_ask_lots = ask


@kernel
def forget_touch(flow: OrderFlow) -> None:
    """Let the next book be a first one: after a gap the difference to it is no order flow."""
    flow.last_ns = 0


@kernel
def event_lots(flow: OrderFlow, bid_ticks: int, bid: int, ask_ticks: int, ask: int) -> int:
    """Return e of a new touch against the one before."""
    e = 0
    if bid_ticks >= flow.bid_ticks:
        e += bid
    if bid_ticks <= flow.bid_ticks:
        e -= flow.touch_bid_lots
    if ask_ticks <= flow.ask_ticks:
        e -= ask
    if ask_ticks >= flow.ask_ticks:
        e += flow.touch_ask_lots
    return e


@kernel
def is_ready(flow: OrderFlow) -> bool:
    """Tell whether the readings are of the market and not of the start."""
    return flow.seen_s >= READY_TAUS * flow.tau_s and flow.squares > 0.0


@kernel
def expected_ticks(flow: OrderFlow) -> float:
    """Return flow / (2 depth), the move of mid that goes with the flow; 0 before any."""
    if flow.depth_sum <= 0.0:
        return 0.0
    return flow.flow_lots * flow.weight / (2.0 * flow.depth_sum)


@kernel
def score(flow: OrderFlow) -> float:
    """Return the flow in deviations; 0 before any."""
    return flow.flow_lots / math.sqrt(flow.squares) if flow.squares > 0.0 else 0.0


@kernel
def _fade(flow: OrderFlow, now_ns: int) -> None:
    dt = (now_ns - flow.last_ns) * 1e-9
    if dt <= 0.0:
        return
    w = math.exp(-dt / flow.tau_s)
    flow.last_ns = now_ns
    flow.seen_s += dt
    flow.flow_lots *= w
    flow.squares *= w * w
    flow.depth_sum *= w
    flow.weight *= w
