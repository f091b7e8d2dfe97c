"""Read the queue imbalance at the touch and count how often it changes its mind.

imbalance = (Qb - Qa) / (Qb + Qa) in [-1, 1]. The weighted mid lies on the bid's side of mid when
it is negative; a *flip* is a change of side with an amplitude of at least `FLIP_AMPLITUDE`,
because smaller ones are noise (on one-tick spreads the sign reverses many times within 200 ms).
"""

from connectors.model.book import MASK, Book
from connectors.model.kernel import kernel
from strategies.desk import FLIPS, Signals

FLIP_AMPLITUDE = 0.2
FLIP_WINDOW_NS = 200_000_000


@kernel
def observe(signals: Signals, book: Book, now_ns: int) -> None:
    """Update imbalance and flips from a two-sided book."""
    bid = book.bid_lots[book.best_bid_ticks & MASK]
    ask = book.ask_lots[book.best_ask_ticks & MASK]
    value = (bid - ask) / (bid + ask)
    signals.imbalance = value
    lean = 0
    if value >= FLIP_AMPLITUDE:
        lean = 1
    elif value <= -FLIP_AMPLITUDE:
        lean = -1
    if lean != 0 and lean != signals.lean:
        if signals.lean != 0:
            signals.flip_ns[signals.flips % FLIPS] = now_ns
            signals.flips += 1
        signals.lean = lean


@kernel
def recent_flips(signals: Signals, now_ns: int) -> int:
    """Return the number of flips in the last 200 ms (at most `FLIPS`)."""
    count = 0
    for k in range(min(signals.flips, FLIPS)):
        if now_ns - signals.flip_ns[k] <= FLIP_WINDOW_NS:
            count += 1
    return count
