"""Read both streams: frames into batches, and whether what they say can be trusted."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from connectors.model.events import GAP, AccountRows, MarketRows
from connectors.model.instrument import Instrument
from connectors.socket import Malformed
from connectors.stream import Stream
from connectors.venue import Sink
from tests.stage.decode import MONEY, Chain, add_account_row, words_of

BETWEEN_SNAPSHOTS_NS = 1_000_000_000
"""A venue whose snapshots are no good is not stormed for more."""


class Deliver(Protocol):
    """Where batches go, and the orders that were heard of."""

    heard: set[int]

    def deliver(self, market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None: ...


class Link:
    """Tell each market's worker when its link breaks and when it is whole: once a change."""

    def __init__(self, to: Deliver, sinks: Mapping[str, Sink]) -> None:
        self.to = to
        self._sinks = sinks
        self._wrong: dict[str, set[str]] = {market: {"market", "account"} for market in sinks}
        self._is_whole: dict[str, bool | None] = dict.fromkeys(sinks)

    def set(self, market: str, part: str, is_whole: bool, now_ns: int) -> None:
        """Note that a part of a market's link, `market` or `account`, broke or is whole."""
        wrong = self._wrong[market]
        (wrong.discard if is_whole else wrong.add)(part)
        if self._is_whole[market] is (not wrong):
            return
        if wrong and self._is_whole[market] is None and is_whole:
            return
        self._is_whole[market] = not wrong
        self._sinks[market].on_link(not wrong, now_ns)

    def set_all(self, part: str, is_whole: bool, now_ns: int) -> None:
        """Note it for every market."""
        for market in self._sinks:
            self.set(market, part, is_whole, now_ns)


class MarketFeed:
    """The public stream of all markets."""

    stream: Stream

    def __init__(self, link: Link, instruments: Mapping[str, Instrument]) -> None:
        self._link = link
        self._chains = {name: Chain(of) for name, of in instruments.items()}
        self._names = {of.symbol: name for name, of in instruments.items()}
        self._now_ns = 0
        self._asked_ns: dict[str, int] = {}

    def channel_of(self, frame: bytes) -> str | None:
        """Return the market whose snapshot this is."""
        words = words_of(frame)
        if words.get("type") != "snapshot":
            return None
        return self._names.get(words.get("market", ""))

    def on_frames(self, frames: list[bytes], recv_ns: int) -> bool:
        """Deliver one batch a market."""
        self._now_ns = recv_ns
        batches: dict[str, MarketRows] = {}
        for frame in frames:
            try:
                self._take(words_of(frame), batches, recv_ns)
            except (Malformed, KeyError) as error:
                self.stream.drop(str(error))
        for market, rows in batches.items():
            if rows:
                self._link.to.deliver(market, rows, AccountRows(), recv_ns)
        return bool(batches)

    def on_backlog(self, frames: int) -> None:
        """Go on: rows of one batch are taken at once."""

    def on_connected(self) -> None:
        """Forget all sequences."""
        for chain in self._chains.values():
            chain.reset()

    def on_whole(self) -> None:
        """Nothing: each market's snapshot has said so."""

    def on_down(self, reason: str) -> None:
        """Let every market know that its book is no longer known."""
        for market, chain in self._chains.items():
            if chain.last is not None:
                chain.reset()
                rows = MarketRows()
                rows.add(GAP, 0, 0, self._now_ns, self._now_ns)
                self._link.to.deliver(market, rows, AccountRows(), self._now_ns)
        self._link.set_all("market", False, self._now_ns)

    def _take(self, words: dict[str, Any], batches: dict[str, MarketRows], recv_ns: int) -> None:
        market = self._names[words["market"]]
        chain = self._chains[market]
        rows = batches.setdefault(market, MarketRows())
        was_known = chain.last is not None
        if not chain.take(words, rows, recv_ns):
            self._link.set(market, "market", False, recv_ns)
            self._ask_again(market, recv_ns)
        elif chain.last is not None and not was_known:
            self._link.set(market, "market", True, recv_ns)

    def _ask_again(self, market: str, now_ns: int) -> None:
        """Ask for a new snapshot, at once or when the last one was asked for long enough ago."""
        wait_ns = max(0, self._asked_ns.get(market, 0) + BETWEEN_SNAPSHOTS_NS - now_ns)
        self._asked_ns[market] = now_ns + wait_ns
        loop = asyncio.get_running_loop()
        loop.call_later(wait_ns / 1e9, self.stream.resubscribe, market)


class AccountFeed:
    """The account's stream."""

    stream: Stream

    def __init__(self, link: Link, instruments: Mapping[str, Instrument]) -> None:
        self._link = link
        self._instruments = {of.symbol: (name, of) for name, of in instruments.items()}
        self._now_ns = 0

    def channel_of(self, frame: bytes) -> str | None:
        """Return the account's channel for its greeting."""
        return "account" if words_of(frame).get("kind") == "hello" else None

    def on_frames(self, frames: list[bytes], recv_ns: int) -> bool:
        """Deliver one batch a market."""
        self._now_ns = recv_ns
        batches: dict[str, AccountRows] = {}
        for frame in frames:
            try:
                words = words_of(frame)
                if words["kind"] not in MONEY:
                    name, instrument = self._instruments[words["market"]]
                    rows = batches.setdefault(name, AccountRows())
                    add_account_row(instrument, words, rows, recv_ns)
            except (Malformed, KeyError) as error:
                self.stream.drop(str(error))
        for market, rows in batches.items():
            if rows:
                self._link.to.heard.update(rows.client_id)
                self._link.to.deliver(market, MarketRows(), rows, recv_ns)
        return True

    def on_backlog(self, frames: int) -> None:
        """Go on: nothing of an account is ever left out."""

    def on_connected(self) -> None:
        """Nothing: the channel has no sequence."""

    def on_whole(self) -> None:
        """Trust it again."""
        self._link.set_all("account", True, self._now_ns)

    def on_down(self, reason: str) -> None:
        """Trust nothing until it is back."""
        self._link.set_all("account", False, self._now_ns)
