"""Say what stands behind a simulated position."""

import math

from connectors.funded import Collateral
from connectors.sim.exchange_state import Exchange


def collateral_of(x: Exchange, half_tick_lot_quote: float) -> Collateral:
    """Return an exchange's margin; without any, nothing is asked for and nothing ends it."""
    wallet = x.wallet
    if not x.margin.is_on:
        return Collateral(math.inf, math.inf)
    between = wallet.initial_units - wallet.maintenance_units
    left = wallet.equity_units - wallet.maintenance_units
    free = (wallet.equity_units - wallet.initial_units) / x.margin.units * half_tick_lot_quote
    return Collateral(max(free, 0.0), left / between if between > 0 else math.inf)
