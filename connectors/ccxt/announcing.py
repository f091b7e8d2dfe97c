"""Say what a market has announced of funding, and what stands behind its position."""

import math
from decimal import Decimal, InvalidOperation

from connectors.ccxt.words import OwnWallet, Rates
from connectors.funded import Announced, Collateral
from connectors.margined import Liquidation

MS_NS = 1_000_000
HOUR_NS = 3_600_000 * MS_NS


def announced(rates: Rates | None) -> Announced | None:
    """Return the next settlement; None where its rate, moment or interval has not been told."""
    if rates is None or None in (rates.funding_rate, rates.next_funding_ms, rates.interval_h):
        return None
    try:
        rate = Decimal(str(rates.funding_rate))
    except InvalidOperation:
        return None
    if not rate.is_finite() or not rates.next_funding_ms or not rates.interval_h:
        return None
    return Announced(rate, rates.interval_h * HOUR_NS, rates.next_funding_ms * MS_NS)


def collateral(wallet: OwnWallet | None, told: Liquidation | None) -> Collateral | None:
    """Return the wallet's free margin, and how much of the way to liquidation is left."""
    left_frac = _left(told)
    if wallet is None or wallet.available is None or left_frac is None:
        return None
    return Collateral(float(wallet.available), left_frac)


def _left(told: Liquidation | None) -> float | None:
    """Return (mark - price) / (full - price); infinite without a position, None where unknown."""
    if told is None:
        return None
    if told.lots == 0:
        return math.inf
    price, mark = told.price_half_ticks, told.mark_half_ticks
    if price is None or mark is None or told.full_half_ticks == price:
        return None
    return (mark - price) / (told.full_half_ticks - price)
