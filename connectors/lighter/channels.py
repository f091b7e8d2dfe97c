"""Ask for channels and leave them."""

from collections.abc import Callable, Sequence

import msgspec

from connectors.socket import Subscription

PER_MARKET = ("order_book", "trade", "market_stats")
PER_SPOT_MARKET = ("order_book", "trade", "spot_market_stats")
FIRST_SPOT = 2048
"""Ids of spot markets begin here."""
TICKER = "ticker"
HEIGHT = "height"


def subscription(name: str, token: Callable[[], str] | None = None) -> Subscription:
    """Return what asks for a channel, as ``order_book/1``; with a token where it is an account's.

    The token is read each time that the channel is asked for.
    """

    def ask() -> bytes:
        auth = {} if token is None else {"auth": token()}
        return msgspec.json.encode({"type": "subscribe", "channel": name, **auth})

    def leave() -> bytes:
        return msgspec.json.encode({"type": "unsubscribe", "channel": name})

    return Subscription(name.replace("/", ":"), ask, leave)


def of_markets(market_ids: Sequence[int], has_ticker: bool) -> list[Subscription]:
    """Return the subscriptions of a public stream. The chain's height tells that it lives."""
    top = (TICKER,) if has_ticker else ()
    wanted = [
        subscription(f"{name}/{market_id}")
        for market_id in market_ids
        for name in (*(PER_SPOT_MARKET if market_id >= FIRST_SPOT else PER_MARKET), *top)
    ]
    return [*wanted, subscription(HEIGHT)]


def markets_a_stream(most_subscriptions: int, has_ticker: bool) -> int:
    """Return how many markets one connection can carry, at least one."""
    return max(1, (most_subscriptions - 1) // (len(PER_MARKET) + has_ticker))
