"""Speak MEXC's public streams of spot: aggregated changes of books, and trades.

A change counts versions: its first is the one after the last of the change before. REST brings the
snapshot. Trades have no ids of their own.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from connectors.ccxt.native.mexc_push import said_in
from connectors.ccxt.native.speech import Confirmed, Denied, Said
from connectors.ccxt.words import Book, Levels, Print, Prints
from connectors.socket import Malformed, Subscription

MS = 1_000_000
EVERY = "10ms"
"""How often the venue tells what has changed: as often as it does."""
BOOK, TRADES = "spot@public.aggre.depth.v3.api.pb", "spot@public.aggre.deals.v3.api.pb"
BUY, SELL = 1, 2
CHANNEL = "spot@"
REFUSALS = ("Not Subscribed", "Invalid listen key")


class MexcSpeech:
    """Books and trades of some markets, each a subscription of its own: the answer to one names
    what was let in, and of several it may leave some out."""

    is_strict = False

    def said(self, frame: bytes) -> Said:
        """Return what a frame says."""
        said = said_in(frame)
        if isinstance(said, dict):
            return answered(said)
        if said.HasField("publicAggreDepths"):
            return _book(said)
        if said.HasField("publicAggreDeals"):
            return _prints(said)
        return None

    def subscriptions(self, symbols: Sequence[str]) -> list[Subscription]:
        """Return two a market."""
        channels = [channel for symbol in symbols for channel in sorted(self.channels(symbol))]
        return [Subscription(each, asks(each, k)) for k, each in enumerate(channels, 1)]

    def channels(self, symbol: str) -> frozenset[str]:
        """Return its book's and its trades'."""
        return frozenset(f"{kind}@{EVERY}@{symbol}" for kind in (BOOK, TRADES))

    def book_channel(self, symbol: str) -> str:
        """Return none: no subscription brings a snapshot."""
        return ""


def asks(channel: str, number: int) -> Callable[[], bytes]:
    """Return what asks for a channel."""
    return partial(msgspec.json.encode, subscription(channel, number))


def subscription(channel: str, number: int) -> dict[str, Any]:
    """Return the request for a channel."""
    return {"method": "SUBSCRIPTION", "params": [channel], "id": number}


def answered(said: dict[str, Any]) -> Confirmed | Denied | None:
    """Return whether a subscription was let in. A refusal has the code of a success, too: only an
    answer that repeats the channel is one."""
    text, code = str(said.get("msg", "")), said.get("code", 0)
    if code or text.startswith(REFUSALS):
        return Denied(text or str(said)[:160])
    return Confirmed(text) if text.startswith(CHANNEL) else None


def _book(push: Any) -> Book:
    depths = push.publicAggreDepths
    try:
        first, last = int(depths.fromVersion), int(depths.toVersion)
    except ValueError:
        raise Malformed(f"no versions: {depths.fromVersion!r}, {depths.toVersion!r}") from None
    bids, asks = _levels(depths.bids), _levels(depths.asks)
    return Book(push.symbol, False, last, first - 1, bids, asks, push.sendTime * MS)


def _levels(rows: Sequence[Any]) -> Levels:
    return [(row.price, row.quantity) for row in rows]


def _prints(push: Any) -> Prints:
    """Return trades. Each is known by all that is told of it, and by how many of its message are
    the same: so one that two connections bring is one."""
    told: list[Print] = []
    times: dict[str, int] = {}
    for deal in sorted(push.publicAggreDeals.deals, key=lambda deal: deal.time):
        if deal.tradeType not in (BUY, SELL):
            raise Malformed(f"no side: {deal.tradeType}")
        words = f"{deal.time} {deal.tradeType} {deal.price} {deal.quantity}"
        times[words] = nth = times.get(words, 0) + 1
        is_buy, at_ns = deal.tradeType == BUY, deal.time * MS
        told.append(Print(f"{words} {nth}", is_buy, deal.price, deal.quantity, at_ns))
    return Prints(push.symbol, tuple(told))
