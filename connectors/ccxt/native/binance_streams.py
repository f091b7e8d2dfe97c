"""Make Binance's public streams: books and trades, and of perpetuals their marks apart."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from connectors.ccxt.listing import Listed
from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.binance import MARKS, BinanceSpeech
from connectors.ccxt.native.binance_rest import USUAL_H, BinanceRest
from connectors.ccxt.native.intervals import Intervals
from connectors.ccxt.native.joined import joined
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.native.rates import RatesFeed
from connectors.ccxt.native.rest import NativeReads
from connectors.ccxt.native.stream import Manner, stream_of
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Running
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.pacing import Rule
from connectors.stream import Stream

SPOT_REST, SPOT_WS = "https://api.binance.com", "wss://stream.binance.com:9443"
USDM_REST, USDM_WS = "https://fapi.binance.com", "wss://fstream.binance.com"
MESSAGES = (Rule(4, 1_000_000_000, 0),)
"""A connection may say five things a second, its pongs included."""


def binance_streams(
    network: Network, ws_url: str, rest: BinanceRest, is_spot: bool, manner: Manner
) -> Streams:
    """Return what makes the streams of market data."""

    def streams(markets: Sequence[Listed], deliver: Deliver, on_link: OnLink) -> Sequence[Running]:
        symbols = [market.symbol for market in markets]
        speech, each = BinanceSpeech(symbols), [PublicMarket(market) for market in markets]
        reads = NativeReads(network, rest)
        read = partial(reads.book, rest)
        url = f"{ws_url}/ws" if is_spot else f"{ws_url}/public/ws"
        books = joined(network, url, each, speech, read, manner, deliver, on_link)
        if is_spot:
            return books
        marks = _marks(network, f"{ws_url}/market/ws", each, manner)
        intervals = Intervals(network, each, partial(reads.intervals, rest), USUAL_H)
        return [*books, marks, intervals]

    return streams


def binance_manner(max_silence_s: float, ping_every_s: float) -> Manner:
    """Return how a stream is kept."""
    return Manner(max_silence_s, ping_every_s, None, MESSAGES)


def _marks(network: Network, url: str, markets: Sequence[PublicMarket], manner: Manner) -> Stream:
    symbols = [market.listed.symbol for market in markets]
    speech = BinanceSpeech(symbols, MARKS)
    feed = RatesFeed(dict(zip(symbols, markets, strict=True)), speech)
    patient = replace(manner, max_silence_s=None)
    feed.line = stream = stream_of(network, url, speech.subscriptions(symbols), feed, patient)
    return stream
