"""Make Hyperliquid's public stream."""

from collections.abc import Sequence

from connectors.ccxt.listing import Listed
from connectors.ccxt.native.hyperliquid import HyperliquidSpeech
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.native.stream import Manner, native_stream
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Running
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.pacing import Rule

REST, WS = "https://api.hyperliquid.xyz", "wss://api.hyperliquid.xyz"
PATH = "/ws"
PING = b'{"method":"ping"}'
MESSAGES = (Rule(1_500, 60_000_000_000, 0),)
"""An address may say two thousand things a minute, over all of its connections."""


def hyperliquid_streams(network: Network, ws_url: str, manner: Manner) -> Streams:
    """Return what makes the stream of market data."""

    def streams(markets: Sequence[Listed], deliver: Deliver, on_link: OnLink) -> Sequence[Running]:
        speech = HyperliquidSpeech()
        return [native_stream(network, ws_url + PATH, markets, speech, manner, deliver, on_link)]

    return streams


def hyperliquid_manner(max_silence_s: float, ping_every_s: float) -> Manner:
    """Return how the stream is kept."""
    return Manner(max_silence_s, ping_every_s, PING, MESSAGES)
