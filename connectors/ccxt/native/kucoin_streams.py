"""Make KuCoin futures' public stream."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from connectors.ccxt.listing import Listed
from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.fundings import Fundings
from connectors.ccxt.native.joined import joined
from connectors.ccxt.native.kucoin import KucoinSpeech
from connectors.ccxt.native.kucoin_door import Door
from connectors.ccxt.native.kucoin_rest import KucoinRest
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.native.rest import NativeReads
from connectors.ccxt.native.stream import Manner
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Running
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.pacing import Rule

REST = "https://api-futures.kucoin.com"
URL = "market data"
"""Our name of the stream: where it is the venue says anew each time."""
PING = b'{"id":"0","type":"ping"}'
MESSAGES = (Rule(90, 10_000_000_000, 0),)
"""A connection may say a hundred things in ten seconds."""


def kucoin_streams(
    network: Network, ws_url: str | None, rest: KucoinRest, manner: Manner
) -> Streams:
    """Return what makes the stream of market data."""
    say = partial(network.say, "")
    door = Door(network.transport, rest.bullet, ws_url, manner.ping_every_s, say)
    negotiated = replace(network, transport=door)

    def streams(markets: Sequence[Listed], deliver: Deliver, on_link: OnLink) -> Sequence[Running]:
        each = [PublicMarket(market) for market in markets]
        speech = KucoinSpeech([market.symbol for market in markets])
        reads = NativeReads(network, rest)
        read = partial(reads.book, rest)
        books = joined(negotiated, URL, each, speech, read, manner, deliver, on_link)
        return [*books, Fundings(network, each, partial(reads.fundings, rest))]

    return streams


def kucoin_manner(max_silence_s: float, ping_every_s: float) -> Manner:
    """Return how the stream is kept."""
    return Manner(max_silence_s, ping_every_s, PING, MESSAGES)
