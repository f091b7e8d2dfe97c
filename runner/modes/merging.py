"""Say where each market's replay stands, and which of them comes next.

The earliest moment of all comes first, and at equal times the market with the lower number. The
exchanges of markets that share a wallet go in the same order, event by event; others go ahead.
"""

from collections.abc import Sequence

from connectors.model.kernel import kernel, state
from connectors.sim.exchange import FAR_NS, Exchange
from connectors.sim.margin import hand_over
from runner.engine.account import Account


@state
class Cursor:
    """Where a market's replay stands in both orders of its tape.

    `next_ns` is its next local moment. `turn_ns` is the same by the clock that recorded all tapes,
    less the shift of this one; 0 before it is known and FAR_NS once the tape has ended. Where it
    `shares` a wallet and `is_waiting`, both are of its exchange's next moment instead.
    """

    first: int
    local: int
    venue: int
    now_ns: int
    next_ns: int
    turn_ns: int
    shift_ns: int
    wake_ns: int
    wake_every_ns: int
    pause_at: int
    turns: int
    shares: bool
    is_waiting: bool


@kernel
def earliest(cursors: Sequence[Cursor]) -> int:
    """Return the market whose next local moment comes first; one that knows none yet is first."""
    best = 0
    for m in range(1, len(cursors)):
        if cursors[m].turn_ns < cursors[best].turn_ns:
            best = m
    return best


@kernel
def take_wallet(
    account: Account, exchanges: Sequence[Exchange], cursors: Sequence[Cursor], m: int
) -> int:
    """Hand the shared wallet to market `m`; return up to when its exchange may go on alone."""
    if not cursors[m].shares:
        return FAR_NS
    if account.holder > 0:
        hand_over(exchanges[account.holder - 1].wallet, exchanges[m].wallet)
    account.holder = m + 1
    horizon_ns = FAR_NS
    for n in range(len(cursors)):
        if n != m and cursors[n].shares:
            first = 1 if n < m else 0
            horizon_ns = min(horizon_ns, cursors[n].turn_ns - first)
    return horizon_ns + cursors[m].shift_ns
