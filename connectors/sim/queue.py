"""Estimate how many lots wait before our order at its price.

- FRONT: none, ever. The upper bound.
- RISK_AVERSE: all that was displayed when we came. Trades at the price pass them; a cancellation is
  taken to have come from behind us, as long as the display leaves room for that.
- POWER, POWER_2, POWER_3, LOG, LOG_2: a decrease that trades do not explain is split. One of the
  formulas of `queue_share` says how much of it came from behind us; the rest was before us.

What is displayed is the most that can be before us, in every model.

A trade and the depth row that it causes tell of the same lots. Trade first: the splitting models
subtract the traded lots from the decrease, and RISK_AVERSE has them behind it already. Depth first,
with the same venue stamp: what the row moved us forward is a credit that the trade uses up before
it moves us again. Either order ends at the same place in the queue.
"""

from connectors.model.kernel import kernel
from connectors.sim.exchange_state import FRONT, POWER, Exchange
from connectors.sim.queue_share import share_behind


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
    if x.queue_model >= POWER:
        decrease = before - displayed_lots - x.resting.traded_lots[slot]
        x.resting.traded_lots[slot] = 0.0
        if decrease >= 0.0:
            from_behind = _share(x, ahead, before - ahead)
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
def _share(x: Exchange, ahead: float, behind: float) -> float:
    """Return the share of a decrease that came from behind us, in [0, 1]."""
    if ahead <= 0.0:
        return 1.0
    if behind <= 0.0:
        return 0.0
    return share_behind(x.queue_model, ahead, behind, x.power_n)
