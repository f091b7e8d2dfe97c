"""Keep a public stream whose books have changes alone, and read their snapshots beside it."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.joining import JoiningFeed
from connectors.ccxt.native.rest import BookRest, NativeReads, PublicRest
from connectors.ccxt.native.snapshots import Snapshots
from connectors.ccxt.native.speech import Speech
from connectors.ccxt.native.stream import Manner, stream_of
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Running
from connectors.ccxt.public_feed import Deliver, OnLink


class Rest(PublicRest, BookRest, Protocol):
    """What such a venue is asked."""


def joined_stream(
    network: Network,
    url: str,
    markets: Sequence[PublicMarket],
    speech: Speech,
    rest: Rest,
    manner: Manner,
    deliver: Deliver,
    on_link: OnLink,
) -> list[Running]:
    """Return the stream of some markets, and what reads its snapshots."""
    snapshots = Snapshots(network, partial(NativeReads(network, rest).book, rest))
    feed = JoiningFeed(
        markets,
        speech,
        deliver,
        on_link,
        lambda text: network.say("", text),
        network.clock.now_ns,
        snapshots.ask,
    )
    snapshots.feed = feed
    subscriptions = speech.subscriptions([market.listed.symbol for market in markets])
    feed.line = stream = stream_of(network, url, subscriptions, feed, manner)
    return [stream, snapshots]
