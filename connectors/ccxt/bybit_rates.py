"""Heed what Bybit's answers say of rates: how many requests of a path it lets an account send."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.ccxt.network import Network
from connectors.pacing import Pacer

MOST_SILENCE_NS = 10_000_000_000
"""Bybit counts by the second: an end that is later than this is none, and cancels wait for it."""
DOUBT_NS = 50_000_000
"""Its clock is known to half the time of a request alone: so much later it is surely over."""


@dataclass(frozen=True, slots=True)
class Told:
    """The headers of an answer: how many requests are left, and once there are none until when."""

    left: int
    reset_ms: int


def told_of(headers: Mapping[str, object]) -> Told | None:
    """Return what headers say of a rate, None where they say nothing that can be read."""
    by_name = {str(name).lower(): str(value) for name, value in headers.items()}
    left = by_name.get("x-bapi-limit-status", "")
    reset = by_name.get("x-bapi-limit-reset-timestamp", "")
    if not (_is_number(left) and _is_number(reset)):
        return None
    return Told(int(left), int(reset))


def heed(network: Network, pacer: Pacer, headers: Mapping[str, object]) -> None:
    """Send nothing more of a sort before the venue will take it; each sort has its own count."""
    told = told_of(headers)
    if told is None or told.left > 0:
        return
    now_ns = network.clock.now_ns()
    until_ns = (told.reset_ms - network.skew_ms) * 1_000_000 + DOUBT_NS
    if until_ns > now_ns:
        pacer.scopes[0].silence(min(until_ns, now_ns + MOST_SILENCE_NS))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16
