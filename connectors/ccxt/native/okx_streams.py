"""Make OKX's public stream."""

from collections.abc import Sequence
from types import MappingProxyType

from connectors.ccxt.listing import Listed
from connectors.ccxt.native.okx import OkxSpeech
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.native.stream import Manner, native_stream
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Running
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.pacing import Rule

REST, WS = "https://www.okx.com", "wss://ws.okx.com:8443"
DEMO = MappingProxyType({"x-simulated-trading": "1"})
"""What tells the venue that its demo is meant: on the mainnet it trades."""
PATH = "/ws/v5/public"
PING = b"ping"
MESSAGES = (Rule(480, 3_600_000_000_000, 0), Rule(10, 1_000_000_000, 0))
"""A connection may ask 480 times an hour."""


def okx_streams(network: Network, ws_url: str, manner: Manner) -> Streams:
    """Return what makes the stream of market data."""

    def streams(markets: Sequence[Listed], deliver: Deliver, on_link: OnLink) -> Sequence[Running]:
        url, speech = ws_url + PATH, OkxSpeech()
        return [native_stream(network, url, markets, speech, manner, deliver, on_link)]

    return streams


def okx_manner(max_silence_s: float, ping_every_s: float) -> Manner:
    """Return how the stream is kept."""
    return Manner(max_silence_s, ping_every_s, PING, MESSAGES)
