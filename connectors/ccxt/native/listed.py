"""Spell a market as ccxt does, as far as a listing is held against a configuration."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.socket import Malformed


def market(
    symbol: str,
    base: str,
    quote: str,
    *,
    is_spot: bool,
    is_active: bool,
    tick: str,
    lot: str,
    least: str | None,
    least_cost: str | None,
    contract_size: str = "1",
) -> Mapping[str, Any]:
    """Return a market. `lot` and `least` are in contracts; raises Malformed for what is no
    number."""
    return {
        "id": symbol,
        "symbol": symbol,
        "type": "spot" if is_spot else "swap",
        "linear": not is_spot,
        "active": is_active,
        "base": base,
        "quote": quote,
        "contractSize": None if is_spot else decimal(contract_size),
        "precision": {"price": decimal(tick), "amount": decimal(lot)},
        "limits": {
            "amount": {"min": None if least is None else decimal(least)},
            "cost": {"min": None if least_cost is None else decimal(least_cost)},
        },
    }


def decimal(text: str) -> Decimal:
    """Return a finite decimal, or raise Malformed."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Malformed(f"no number: {text[:40]!r}") from None
    if not number.is_finite():
        raise Malformed(f"no number: {text[:40]!r}")
    return number
