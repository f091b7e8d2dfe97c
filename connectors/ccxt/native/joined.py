"""Make a public stream whose books have changes alone, and what reads their snapshots beside it."""

from collections.abc import Awaitable, Callable, Sequence

from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.joining import JoiningFeed
from connectors.ccxt.native.snapshots import Snapshots
from connectors.ccxt.native.speech import Speech
from connectors.ccxt.native.stream import Manner, stream_of
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Running
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.ccxt.words import Book


def joined(
    network: Network,
    url: str,
    markets: Sequence[PublicMarket],
    speech: Speech,
    read: Callable[[str], Awaitable[Book]],
    manner: Manner,
    deliver: Deliver,
    on_link: OnLink,
) -> list[Running]:
    """Return the stream and its snapshots, of which neither runs yet; `read` reads one."""
    snapshots = Snapshots(network, read)
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
