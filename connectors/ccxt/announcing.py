"""Say what a market has announced of funding, and what stands behind its position."""

from decimal import Decimal, InvalidOperation

from connectors.ccxt.words import OwnWallet, Rates
from connectors.funded import Announced, Collateral
from connectors.margined import Liquidation, left_frac

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
    left = left_frac(told)
    if wallet is None or wallet.available is None or left is None:
        return None
    return Collateral(float(wallet.available), left)
