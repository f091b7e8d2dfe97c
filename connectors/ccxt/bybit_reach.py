"""Say how far an order may be from Bybit's mark and index.

Bybit v5, "Get Order Price Limit": a buy is at most max(index, min(index (1 + y), mark (1 + x))),
and a sell, the same way down, at least min(index, max(index (1 - y), mark (1 - x))). The ratios x
and y are each market's own (`priceLimitRatioX`, `priceLimitRatioY`).
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from connectors.ccxt.listing import Listed
from connectors.model.events import BUY

USED = Decimal("0.9")
"""How much of a ratio is made use of: the mark moves on while an order is on its way."""
Ratios = tuple[Decimal, Decimal]
"""x, of the mark, and y, of the index."""


def ratios_of(markets: Iterable[Mapping[str, Any]]) -> dict[str, Ratios]:
    """Return the ratios of ccxt's markets by symbol, of those that tell them."""
    told = {}
    for market in markets:
        info = (market.get("info") or {}).get("riskParameters") or {}
        x, y = (_positive(info.get(name)) for name in ("priceLimitRatioX", "priceLimitRatioY"))
        if x is not None and y is not None:
            told[str(market["id"])] = x, y
    return told


def worst_ticks(market: Listed, side: int, ratios: Ratios | None) -> int | None:
    """Return the worst price in ticks that a side's order may have; None where that is not known:
    the market tells no ratios, or nobody has heard of its mark and index yet."""
    rates = market.latest.rates
    if ratios is None or rates is None:
        return None
    mark, index = _positive(rates.mark_price), _positive(rates.index_price)
    if mark is None or index is None:
        return None
    x, y = (ratio * USED for ratio in ratios)
    tick = market.instrument.tick_size
    if side == BUY:
        price = max(index, min(index * (1 + y), mark * (1 + x)))
        return int((price / tick).to_integral_value(ROUND_FLOOR))
    price = min(index, max(index * (1 - y), mark * (1 - x)))
    return max(1, int((price / tick).to_integral_value(ROUND_CEILING)))


def _positive(text: object) -> Decimal | None:
    """Return a number above 0, None for what is none."""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None
