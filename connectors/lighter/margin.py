"""Say where a position is liquidated, and what stands behind it, by the venue's last words."""

from decimal import Decimal

from connectors.funded import Collateral
from connectors.lighter.account_state import Brink, Free
from connectors.lighter.market import Figures
from connectors.margined import Liquidation, half_ticks_of, left_frac


def liquidation_of(
    brink: Brink, figures: Figures | None, tick: Decimal, since_ns: int
) -> Liquidation:
    """Return where a position is liquidated; a price that was told before then is left out."""
    mark = None if figures is None else round(figures.mark_price / float(tick) * 2)
    if brink.heard_ns < since_ns or not brink.lots:
        return Liquidation(brink.lots, None, 0, mark)
    is_long = brink.lots > 0
    price = half_ticks_of(brink.liquidation_price, tick, is_long=is_long)
    full = half_ticks_of(brink.entry_price, tick, is_long=is_long) or 0
    return Liquidation(brink.lots, price, full, mark)


def collateral_of(free: Free | None, told: Liquidation | None, since_ns: int) -> Collateral | None:
    """Return what stands behind a position: what is old, or in part unknown, is not known."""
    left = left_frac(told)
    if free is None or free.heard_ns < since_ns or left is None:
        return None
    return Collateral(free.quote, left)
