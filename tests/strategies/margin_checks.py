"""Find where the simulated venue would liquidate: ask its kernels at one mark after another."""

from collections.abc import Mapping
from typing import Any

from connectors.sim.exchange_state import Exchange
from connectors.sim.margin import BILLION, weigh

HALF_TICKS = 20_000_000
"""Half ticks in a price of 1: fine enough for the tolerance of the vectors."""
LOTS = 1_000
"""Lots in a quantity of 1."""


def liquidation(inputs: Mapping[str, Any]) -> dict[str, float]:
    """Return the mark at which equity meets maintenance, which is judged at that same mark."""
    held = round(inputs["qty"] * LOTS) * int(inputs["side"])
    entry = round(inputs["entry"] * HALF_TICKS)
    share_ppb = round(inputs["mmr"] * BILLION)
    x = Exchange()
    m = x.margin
    m.units = m.count = 1
    m.maintenance_ppb[0] = share_ppb
    m.deduction_half_tick_lots[0] = round(inputs["deduction"] * HALF_TICKS * LOTS)
    x.position_lots = held
    m.cash_half_tick_lots = -held * entry
    x.wallet.equity_units = round(
        abs(held) * entry / inputs["leverage"] + inputs["extra"] * HALF_TICKS * LOTS
    )
    safe, short = (entry, 0) if held > 0 else (entry, 2 * entry)
    while abs(safe - short) > 1:
        middle = (safe + short) // 2
        if _is_short(x, middle):
            short = middle
        else:
            safe = middle
    return {"liq_mm_at_mark": short / HALF_TICKS}


def _is_short(x: Exchange, mark_half_ticks: int) -> bool:
    """Mark the position; tell whether its equity has fallen to what it must keep."""
    x.margin.mark_half_ticks = mark_half_ticks
    x.margin.is_stale = True
    weigh(x)
    return x.wallet.equity_units <= x.wallet.maintenance_units
