"""Say how far an order may reach at OKX, whose own limits come with its market data.

OKX v5, "Price limit channel": the highest price of a buy and the lowest of a sell.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation

from connectors.ccxt.listing import Listed
from connectors.model.events import BUY

USED = Decimal("0.9")
"""How much of the way from the mark to a limit is made use of: limits move on while an order is on
its way."""


def within(market: Listed, side: int, limit: str) -> int | None:
    """Return the worst price in ticks that is surely within a limit, None where nobody knows."""
    rates = market.latest.rates
    try:
        bound, mark = Decimal(limit), Decimal((rates and rates.mark_price) or "nan")
    except InvalidOperation:
        return None
    if not (bound.is_finite() and mark.is_finite() and bound > 0):
        return None
    price = mark + (bound - mark) * USED
    rounding = ROUND_FLOOR if side == BUY else ROUND_CEILING
    return max(1, int((price / market.instrument.tick_size).to_integral_value(rounding)))
