"""Say where a network of Lighter is and how its streams are kept."""

from dataclasses import dataclass

from connectors.lighter.budgets import Caps
from connectors.socket import Limits
from connectors.stream import Reconnect

PING = b'{"type":"ping"}'
PONG = b'{"type":"pong"}'


@dataclass(frozen=True, slots=True)
class Terms:
    """One network as configured."""

    rest_url: str
    ws_url: str
    caps: Caps
    has_ticker: bool
    max_silence_s: float
    """Without any frame for so long a stream is dead; blocks alone come every few."""
    ping_every_s: float
    max_age_s: float
    relist_every_s: float
    """Time between two looks at how our markets are listed."""
    funding_every_s: float = 3600.0
    """Time between two settlements of funding."""

    def limits(self) -> Limits:
        """Return what a connection may do before it counts as broken."""
        return Limits(
            max_silence_s=self.max_silence_s,
            ping_every_s=self.ping_every_s,
            ping_frame=PING,
        )

    def reconnect(self) -> Reconnect:
        """Return how a connection is replaced."""
        return Reconnect(max_age_s=self.max_age_s)

    def public_url(self) -> str:
        """Return where market data are told, also to regions that may not trade."""
        return f"{self.ws_url}?readonly=true"
