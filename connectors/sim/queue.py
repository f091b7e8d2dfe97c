"""Estimate how many lots wait before our order at its price: three models of one number.

- FRONT: none, ever. The upper bound.
- RISK_AVERSE: all that was displayed when we came. Trades at the price pass them; a cancellation is
  taken to have come from behind us, as long as the display leaves room for that.
- POWER: as hftbacktest's PowerProbQueueFunc. A decrease that trades do not explain is split: from
  behind us ``f(behind) / (f(behind) + f(ahead))`` of it, ``f(x) = x^n``, the rest from before us.

What is displayed is the most that can be before us, in every model.

A trade and the depth row that it causes tell of the same lots. Trade first: POWER subtracts the
traded lots from the decrease, and RISK_AVERSE has them behind it already. Depth first, with the
same venue stamp: what the row moved us forward is a credit that the trade uses up before it moves
us again. Either order ends at the same place in the queue.
"""

import math

from connectors.model.kernel import kernel
from connectors.sim.exchange_state import FRONT, POWER, Exchange

_STEEPEST = 700.0
"""Beyond this exp() overflows, and the probability is 0 or 1 to the last bit."""


@kernel
def join(x: Exchange, slot: int, displayed_lots: int) -> None:
    """Stand in line behind everything that is displayed."""
    x.resting.ahead_lots[slot] = 0.0 if x.queue_model == FRONT else float(displayed_lots)
    x.resting.shown_lots[slot] = displayed_lots
    x.resting.traded_lots[slot] = 0.0
    x.resting.credit_lots[slot] = 0.0
    x.resting.credit_ns[slot] = 0


@kernel
def see_depth(x: Exchange, slot: int, displayed_lots: int, venue_ns: int) -> None:
    """Take the new display of our own level."""
    before = x.resting.shown_lots[slot]
    x.resting.shown_lots[slot] = displayed_lots
    ahead = x.resting.ahead_lots[slot]
    now = min(ahead, float(displayed_lots))
    if x.queue_model == POWER:
        decrease = before - displayed_lots - x.resting.traded_lots[slot]
        x.resting.traded_lots[slot] = 0.0
        if decrease >= 0.0:
            from_behind = _prob_behind(ahead, before - ahead, x.power_n)
            now = min(now, max(0.0, ahead - (1.0 - from_behind) * decrease))
    _advance(x, slot, now, venue_ns)


@kernel
def be_reached(x: Exchange, slot: int, venue_ns: int) -> None:
    """Take the proof that nothing is before us: the market has moved through our price."""
    _advance(x, slot, 0.0, venue_ns)


@kernel
def see_trade(x: Exchange, slot: int, lots: int, left_lots: int, venue_ns: int) -> int:
    """Take a trade at our price and return the whole lots of it that reach us.

    `left_lots` of its `lots` have not filled other orders of ours that stand before this one.
    """
    passing = float(left_lots)
    credit = 0.0
    if x.resting.credit_ns[slot] == venue_ns:
        credit = min(x.resting.credit_lots[slot], passing)
        x.resting.credit_lots[slot] -= credit
    x.resting.traded_lots[slot] += lots - credit
    ahead = x.resting.ahead_lots[slot] - (passing - credit)
    if ahead >= 0.0:
        x.resting.ahead_lots[slot] = ahead
        return 0
    x.resting.ahead_lots[slot] = 0.0
    return int(-ahead)


@kernel
def _advance(x: Exchange, slot: int, ahead_lots: float, venue_ns: int) -> None:
    """Move forward to `ahead_lots`, and credit the move to this stamp."""
    moved = x.resting.ahead_lots[slot] - ahead_lots
    x.resting.ahead_lots[slot] = ahead_lots
    if moved > 0.0:
        if x.resting.credit_ns[slot] != venue_ns:
            x.resting.credit_ns[slot] = venue_ns
            x.resting.credit_lots[slot] = 0.0
        x.resting.credit_lots[slot] += moved


@kernel
def _prob_behind(ahead: float, behind: float, n: float) -> float:
    """Return ``behind^n / (behind^n + ahead^n)``, by way of logarithms."""
    if ahead <= 0.0:
        return 1.0
    if behind <= 0.0:
        return 0.0
    steepness = n * (math.log(ahead) - math.log(behind))
    if steepness > _STEEPEST:
        return 0.0
    if steepness < -_STEEPEST:
        return 1.0
    return 1.0 / (1.0 + math.exp(steepness))
