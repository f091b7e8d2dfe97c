"""Heed what Binance's answers say of rates, before it bans an address for what went on.

Requests have weights, counted by address and minute; orders are counted by account and ten seconds
("LIMITS"). Cancels are no orders, and are left room.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.ccxt.network import Network
from connectors.pacing import Pacer, Scope


@dataclass(frozen=True, slots=True)
class Most:
    """At what weight of a minute, and at how many orders of ten seconds, to rest."""

    weight: int
    orders: int


USDM = Most(2000, 285)
"""Of 2400 and 300: what is left is for cancels and for the countdown."""
SPOT = Most(5000, 90)
"""Of 6000 and 100."""
MINUTE_MS, TEN_SECONDS_MS = 60_000, 10_000


def heed(network: Network, pacer: Pacer, headers: Mapping[str, object], caps: Most = USDM) -> None:
    """Read nothing more, or place nothing more, until the venue begins to count anew."""
    by_name = {str(name).lower(): str(value) for name, value in headers.items()}
    if _count(by_name, "x-mbx-used-weight-1m") >= caps.weight:
        _rest(network, network.budgets.reads.scopes[0], MINUTE_MS)
    if _count(by_name, "x-mbx-order-count-10s") >= caps.orders:
        _rest(network, network.budgets.places.scopes[0], TEN_SECONDS_MS)


def _rest(network: Network, scope: Scope, span_ms: int) -> None:
    left_ms = span_ms - network.now_ms() % span_ms
    scope.silence(network.clock.now_ns() + left_ms * 1_000_000)


def _count(headers: Mapping[str, str], name: str) -> int:
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
