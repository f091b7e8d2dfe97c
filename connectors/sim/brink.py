"""Say where the simulated venue would liquidate a position, as the venues say it of theirs."""

from connectors.model.kernel import kernel
from connectors.sim.exchange_state import Exchange
from connectors.sim.margin import BILLION, share_up

FARTHEST = 1e15
"""Half ticks beyond which a price is only far; they fit a row of a journal."""


@kernel
def brink_of(x: Exchange) -> tuple[bool, int, int]:
    """Return whether a price is known, that price, and the one at which the margin is whole.

    At the first the wallet's equity has fallen to its maintenance margin, this market's judged at
    that same price and the others' as they stand: ``mark -+ (equity - maintenance) / (lots (1 -+
    share))``. At the second it is above that by what this position's initial margin is. In half
    ticks.
    """
    m = x.margin
    held = x.position_lots
    mark = m.mark_half_ticks
    if held == 0 or mark <= 0:
        return False, 0, 0
    sign = 1.0 if held > 0 else -1.0
    value = abs(held) * mark
    per_half_tick = abs(held) * (1.0 - sign * _share_frac(x, value))
    surplus = (x.wallet.equity_units - x.wallet.maintenance_units) / m.units
    whole = share_up(value, m.initial_ppb) - m.maintenance_units / m.units
    price = mark - sign * surplus / per_half_tick
    full = price + sign * whole / per_half_tick
    return True, _bounded(price), _bounded(full)


@kernel
def _share_frac(x: Exchange, value: int) -> float:
    """Return the share of maintenance that the last tier reached asks for."""
    m = x.margin
    share = 0.0
    for k in range(m.count):
        if value >= m.from_half_tick_lots[k]:
            share = m.maintenance_ppb[k] / BILLION
    return share


@kernel
def _bounded(half_ticks: float) -> int:
    return int(min(max(half_ticks, -FARTHEST), FARTHEST))
