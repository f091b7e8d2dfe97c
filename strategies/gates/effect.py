"""Give gates the only words they have for a side: pull, widen, shrink. `leaving` adds the last.

Several gates on one side do not add up: it is pulled if one pulls it, as wide as the widest asks,
and as small as the smallest. So no gate can narrow or grow a side, nor undo what another did. A
number that is none pulls.
"""

import math

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies.desk import ASKED, Quotes

INFINITE = math.inf


@kernel
def begin(quotes: Quotes) -> None:
    """Let both sides stand as the model wants them."""
    pulled = quotes.pulled
    pulled[BUY] = 0
    pulled[SELL] = 0
    wider_bps = quotes.wider_bps
    wider_bps[BUY] = 0.0
    wider_bps[SELL] = 0.0
    size_frac = quotes.size_frac
    size_frac[BUY] = 1.0
    size_frac[SELL] = 1.0
    asked = quotes.asked
    asked[BUY] = 0
    asked[SELL] = 0
    quotes.take_lots = 0
    quotes.take_ticks = 0
    quotes.take_pause_ns = 0
    quotes.take_reasons = 0


@kernel
def pull(quotes: Quotes, side: int, reason: int) -> None:
    """Want nothing on the side."""
    quotes.pulled[side] |= reason
    quotes.reasons[side] |= reason


@kernel
def pull_both(quotes: Quotes, reason: int) -> None:
    """Want nothing on either side."""
    pulled = quotes.pulled
    pulled[BUY] |= reason
    pulled[SELL] |= reason
    reasons = quotes.reasons
    reasons[BUY] |= reason
    reasons[SELL] |= reason


@kernel
def widen(quotes: Quotes, side: int, bps: float, reason: int) -> None:
    """Move the side at least so far away from where the model and its bounds put it."""
    if not -INFINITE < bps < INFINITE:
        pull(quotes, side, reason)
    elif bps > 0.0:
        quotes.reasons[side] |= reason
        _ask(quotes, side, bps, 1.0, reason)
        if bps > quotes.wider_bps[side]:
            quotes.wider_bps[side] = bps


@kernel
def shrink(quotes: Quotes, side: int, size_frac: float, reason: int) -> None:
    """Leave the side at most this share of a full size; a share of 0 or less pulls it."""
    if not size_frac > 0.0:
        pull(quotes, side, reason)
    elif size_frac < 1.0:
        quotes.reasons[side] |= reason
        _ask(quotes, side, 0.0, size_frac, reason)
        if size_frac < quotes.size_frac[side]:
            quotes.size_frac[side] = size_frac


@kernel
def asked_bps(quotes: Quotes, side: int, reason: int) -> float:
    """Return how much wider the gate of a reason asked the side to be."""
    most = 0.0
    for k in range(side * ASKED, side * ASKED + quotes.asked[side]):
        if quotes.asked_reason[k] == reason:
            most = max(most, quotes.asked_bps[k])
    return most


@kernel
def asked_frac(quotes: Quotes, side: int, reason: int) -> float:
    """Return which share of a full size the gate of a reason asked the side to keep."""
    least = 1.0
    for k in range(side * ASKED, side * ASKED + quotes.asked[side]):
        if quotes.asked_reason[k] == reason:
            least = min(least, quotes.asked_frac[k])
    return least


@kernel
def _ask(quotes: Quotes, side: int, bps: float, size_frac: float, reason: int) -> None:
    """Remember what a gate asked for, so that a decision can say which one did what."""
    count = quotes.asked[side]
    if count >= ASKED:
        return
    k = side * ASKED + count
    quotes.asked_reason[k] = reason
    quotes.asked_bps[k] = bps
    quotes.asked_frac[k] = size_frac
    quotes.asked[side] = count + 1
