"""Make MEXC's public streams: as many connections as its subscriptions take."""

from collections.abc import Sequence
from functools import partial

from connectors.ccxt.listing import Listed
from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.joined import joined
from connectors.ccxt.native.mexc import MexcSpeech
from connectors.ccxt.native.mexc_rest import MexcRest
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.native.rest import NativeReads
from connectors.ccxt.native.stream import Manner
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Running
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.pacing import Rule

WS = "wss://wbs-api.mexc.com"
PATH = "/ws"
PING = b'{"method":"PING"}'
MESSAGES = (Rule(50, 1_000_000_000, 0),)
"""A connection may say a hundred things a second."""
EACH = 15
"""Markets of a connection: it takes thirty subscriptions, and each market has two."""


def mexc_streams(network: Network, ws_url: str, rest: MexcRest, manner: Manner) -> Streams:
    """Return what makes the streams of market data."""
    read = partial(NativeReads(network, rest).book, rest)

    def streams(markets: Sequence[Listed], deliver: Deliver, on_link: OnLink) -> Sequence[Running]:
        url, made = ws_url + PATH, list[Running]()
        for k in range(0, len(markets), EACH):
            each = [PublicMarket(market) for market in markets[k : k + EACH]]
            made += joined(network, url, each, MexcSpeech(), read, manner, deliver, on_link)
        return made

    return streams


def mexc_manner(max_silence_s: float, ping_every_s: float) -> Manner:
    """Return how a stream is kept."""
    return Manner(max_silence_s, ping_every_s, PING, MESSAGES)
