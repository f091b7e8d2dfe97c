"""Keep a venue's public stream: our own socket, and a feed that turns frames into rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.ccxt.listing import Listed
from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.feed import NativeFeed
from connectors.ccxt.native.speech import Speech
from connectors.ccxt.network import Network
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.pacing import Pacer, Rule, Scope
from connectors.socket import Feed, Limits, Subscription
from connectors.stream import Reconnect, Stream


@dataclass(frozen=True, slots=True)
class Manner:
    """How a venue's stream is kept: what it takes of us, and how it is asked for a sign of life."""

    max_silence_s: float | None
    ping_every_s: float
    ping_frame: bytes | None
    """The venue's own ping; None: the protocol's."""
    messages: tuple[Rule, ...]
    """How much a connection may say."""

    def limits(self) -> Limits:
        """Return when a connection counts as broken."""
        return Limits(
            max_silence_s=self.max_silence_s,
            ping_every_s=self.ping_every_s,
            ping_frame=self.ping_frame,
        )


def stream_of(
    network: Network,
    url: str,
    subscriptions: Sequence[Subscription],
    feed: Feed,
    manner: Manner,
) -> Stream:
    """Return a stream that is not running yet."""
    return Stream(
        lambda: url,
        subscriptions,
        feed,
        network.transport,
        network.budgets.doors,
        Pacer(Scope("messages", manner.messages)),
        network.clock,
        network.rng,
        manner.limits(),
        Reconnect(),
    )


def native_stream(
    network: Network,
    url: str,
    markets: Sequence[Listed],
    speech: Speech,
    manner: Manner,
    deliver: Deliver,
    on_link: OnLink,
) -> Stream:
    """Return the stream of some markets, which is not running yet."""
    feed = NativeFeed(
        [PublicMarket(market) for market in markets],
        speech,
        deliver,
        on_link,
        lambda text: network.say("", text),
        network.clock.now_ns,
    )
    subscriptions = speech.subscriptions([market.symbol for market in markets])
    feed.line = stream = stream_of(network, url, subscriptions, feed, manner)
    return stream
