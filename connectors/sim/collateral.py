"""Say what stands behind a simulated position."""

import math
from collections.abc import Mapping
from decimal import Decimal

from connectors.funded import Collateral
from connectors.sim.exchange_state import Exchange
from connectors.weighed import Equity


def collateral_of(x: Exchange, half_tick_lot_quote: float) -> Collateral:
    """Return an exchange's margin; without any, nothing is asked for and nothing ends it."""
    wallet = x.wallet
    if not x.margin.is_on:
        return Collateral(math.inf, math.inf)
    between = wallet.initial_units - wallet.maintenance_units
    left = wallet.equity_units - wallet.maintenance_units
    free = (wallet.equity_units - wallet.initial_units) / x.margin.units * half_tick_lot_quote
    return Collateral(max(free, 0.0), left / between if between > 0 else math.inf)


def equities_of(markets: Mapping[str, tuple[Exchange, Decimal]]) -> list[Equity]:
    """Return each wallet's equity, given exchanges and what a half tick times a lot is worth.

    A cross margin has one wallet for all of its markets. Without margin there is no wallet.
    """
    wallets: dict[int, list[str]] = {}
    for name, (x, _) in markets.items():
        if x.margin.is_on:
            wallets.setdefault(id(x.wallet), []).append(name)
    found = []
    for names in wallets.values():
        x, half_tick_lot_quote = markets[names[0]]
        units = x.wallet.equity_units
        for name in names:
            m, position_lots = markets[name][0].margin, markets[name][0].position_lots
            worth = m.cash_half_tick_lots + position_lots * m.mark_half_ticks
            units += worth * m.units + m.insured_units - m.equity_units
        found.append(Equity(tuple(names), units * half_tick_lot_quote / x.margin.units))
    return found
