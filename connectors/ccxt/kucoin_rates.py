"""Heed what KuCoin's answers say of rates: so much is left of half a minute's weight.

KuCoin, "Rate Limit": each pool of an account has its own, and who has used it up is silent until it
begins anew.
"""

from collections.abc import Mapping

from connectors.ccxt.network import Network
from connectors.pacing import Pacer

LEFT, RESET = "gw-ratelimit-remaining", "gw-ratelimit-reset"
FOR_READS, FOR_PLACES = 400, 100
"""What has to be left for reads, and for orders: the rest is for cancels."""
MOST_MS = 30_000


def heed(network: Network, pacer: Pacer, headers: Mapping[str, object]) -> None:
    """Read nothing more, or place nothing more, until the venue begins to count anew."""
    by_name = {str(name).lower(): str(value) for name, value in headers.items()}
    left, reset_ms = _count(by_name, LEFT), _count(by_name, RESET)
    if left is None or reset_ms is None:
        return
    budgets, until_ns = network.budgets, network.clock.now_ns() + min(reset_ms, MOST_MS) * 1_000_000
    if left < FOR_READS:
        budgets.reads.scopes[0].silence(until_ns)
    if left < FOR_PLACES:
        budgets.places.scopes[0].silence(until_ns)


def _count(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
