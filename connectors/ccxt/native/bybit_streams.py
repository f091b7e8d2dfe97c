"""Make Bybit's public stream of linear perpetuals."""

from collections.abc import Sequence

from connectors.ccxt.listing import Listed
from connectors.ccxt.native.bybit import BybitSpeech
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.native.stream import Manner, native_stream
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Running
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.pacing import Rule

PATH = "/v5/public/linear"
PING = b'{"op":"ping"}'
MESSAGES = (Rule(100, 1_000_000_000, 0),)
"""What is said on a stream: the venue names no limit."""


def bybit_streams(network: Network, public_url: str, manner: Manner) -> Streams:
    """Return what makes the stream of market data."""

    def streams(markets: Sequence[Listed], deliver: Deliver, on_link: OnLink) -> Sequence[Running]:
        url, speech = public_url + PATH, BybitSpeech()
        return [native_stream(network, url, markets, speech, manner, deliver, on_link)]

    return streams


def bybit_manner(max_silence_s: float, ping_every_s: float) -> Manner:
    """Return how the stream is kept."""
    return Manner(max_silence_s, ping_every_s, PING, MESSAGES)
