"""Speak to the scripted venue as a real adapter speaks to a real one: the model for those.

What it was asked it does once. What became of it is told by the account's stream, or by an answer
that is definite; everything else is OUTCOME_UNKNOWN until a read proves more.
"""

import asyncio
import json
import random
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from connectors.calls import (
    Calls,
    Confirmed,
    Outcome,
    Patience,
    Refused,
    Request,
    Sender,
)
from connectors.model.account import Fate, Payment, Standing, Trade
from connectors.model.errors import Refusal
from connectors.model.events import (
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    CANCEL_REJECTED,
    IOC,
    OUTCOME_UNKNOWN,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
    AccountRows,
    MarketRows,
)
from connectors.model.instrument import Instrument
from connectors.pacing import Kind, Pacer, Rule, Scope
from connectors.socket import Limits, Subscription, Transport
from connectors.stream import Reconnect, Stream
from connectors.venue import Sink
from runner.engine.clock import Clock
from tests.stage.decode import MS, REFUSALS
from tests.stage.feeds import AccountFeed, Link, MarketFeed
from tests.stage.reads import Reads

NAMES = ("buy", "sell")
URL = "https://stage.test"
STREAMS = "wss://stage.test"
TIMEOUT_S = 2.0
MOST_SILENCE_S = 1.5
WAKE_S = 0.1
"""A worker is given a batch so often, whether or not anything has come."""
BUDGET = Rule(limit=3_000, window_ns=10_000_000_000, reserve=600, step=200)
DOORS = Rule(limit=40, window_ns=60_000_000_000, reserve=0)


class Wire(Sender, Transport, Protocol):
    """Both ways to the venue."""


class StageVenue:
    """One account at the scripted venue."""

    cancel_all_out_of_loop = None
    countdown = None
    rescue = None
    amends = True
    look_every_ns = 0

    def __init__(
        self, wire: Wire, instruments: Mapping[str, Instrument], clock: Clock, rng: random.Random
    ) -> None:
        self.requests = Scope("requests", (BUDGET,))
        self._wire = wire
        self._instruments = dict(instruments)
        self._clock = clock
        self._rng = rng
        self.scopes = (self.requests,)
        self._pacer = Pacer(self.requests)
        self._calls = Calls(wire, self._pacer, clock, rng, Patience(TIMEOUT_S))
        self._reads = Reads(self._calls, self._instruments, clock)
        self._sinks: Mapping[str, Sink] = {}
        self._batch_ns: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.heard: set[int] = set()
        """Orders of which the account's stream has told: their creates are proven."""

    async def standing(self, market: str) -> Standing:
        """Read position, cash, highest ids and what rests."""
        return await self._reads.standing(market)

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Read every trade with a higher id, page by page."""
        return await self._reads.trades_after(market, trade_id)

    async def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Read the funding that was paid after a moment."""
        return await self._reads.payments_after(market, after_ns)

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Read what became of an order; absent is what several looks at all lists agree on."""
        return await self._reads.order_fate(market, client_id)

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Keep both streams and deliver what they bring."""
        self._sinks = sinks
        link = Link(self, sinks)
        market_feed = MarketFeed(link, {m: self._instruments[m] for m in sinks})
        account_feed = AccountFeed(link, self._instruments)
        doors, messages = Pacer(Scope("doors", (DOORS,))), Pacer(Scope("messages", (BUDGET,)))
        market_feed.stream = self._stream("market", market_feed, self._books(), doors, messages)
        account_feed.stream = self._stream("account", account_feed, _ACCOUNT, doors, messages)
        async with asyncio.TaskGroup() as group:
            group.create_task(market_feed.stream.run(), name="stage:market")
            group.create_task(account_feed.stream.run(), name="stage:account")
            group.create_task(self._wake(), name="stage:wake")

    def place(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Send an order, once, if the budget has room for it now."""
        self._reads.sent_ns[client_id] = self._clock.now_ns()
        row = (client_id, side, ticks, lots)
        kind = Kind.REDUCE if flags & REDUCE_ONLY else Kind.PLACE
        if self._pacer.try_take(1, kind, self._clock.now_ns(), market):
            self._later(self._refuse(market, row, Refusal.RATE_LIMIT))
            return
        of = self._instruments[market]
        words = {
            "market": of.symbol,
            "cid": client_id,
            "side": NAMES[side],
            "price": str(of.price(ticks)),
            "size": str(of.size_base(lots)),
            "tif": "ioc" if flags & IOC else "post_only" if flags & POST_ONLY else "gtc",
            "reduce_only": bool(flags & REDUCE_ONLY),
            "ts": self._clock.now_ns() // MS,
        }
        self._later(self._place(market, row, words))

    def amend(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Send new terms, once, if the budget has room for it now."""
        row = (client_id, side, ticks, lots)
        now_ns = self._clock.now_ns()
        if self._pacer.try_take(1, Kind.PLACE, now_ns, market):
            self._later(self._refuse(market, row, Refusal.RATE_LIMIT, AMEND_REJECTED))
            return
        self._reads.amended_ns[client_id] = now_ns
        of = self._instruments[market]
        words = {
            "market": of.symbol,
            "cid": client_id,
            "price": str(of.price(ticks)),
            "size": str(of.size_base(lots)),
            "ts": now_ns // MS,
        }
        self._later(self._amend(market, row, words))

    def cancel(self, market: str, client_id: int) -> None:
        """Send a cancel, once; it waits where the venue has asked for silence."""
        self._later(self._cancel(market, client_id))

    def close(self) -> None:
        """Let go of what is under way."""
        for task in self._tasks:
            task.cancel()

    def deliver(self, market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Give a batch to a market's worker."""
        sink = self._sinks.get(market)
        if sink is not None:
            self._batch_ns[market] = now_ns
            sink.on_batch(rows, account, now_ns)

    async def _place(self, market: str, row: tuple[int, ...], words: dict[str, Any]) -> None:
        outcome = await self._calls.write(
            Request("POST", f"{URL}/orders", body=json.dumps(words).encode()), _by_code
        )
        if isinstance(outcome, Confirmed):
            return  # received is not accepted: the stream says that
        code = _refusal(outcome)
        if code is None and row[0] not in self.heard:
            self._tell(market, OUTCOME_UNKNOWN, row, 0)
        elif code is not None:
            self._tell(market, REJECTED, row, code)

    async def _amend(self, market: str, row: tuple[int, ...], words: dict[str, Any]) -> None:
        outcome = await self._calls.write(
            Request("PUT", f"{URL}/orders", body=json.dumps(words).encode()), _by_code
        )
        code = None if isinstance(outcome, Confirmed) else _refusal(outcome)
        if isinstance(outcome, Confirmed) or code is not None:
            self._reads.amended_ns[row[0]] = 0
        if code is not None:
            self._tell(market, AMEND_REJECTED, row, code)
        elif not isinstance(outcome, Confirmed):
            self._tell(market, AMEND_UNKNOWN, row, 0)

    async def _cancel(self, market: str, client_id: int) -> None:
        await self._pacer.turn(1, Kind.CANCEL, self._clock, market)
        words = {"market": self._instruments[market].symbol, "cid": client_id}
        outcome = await self._calls.write(
            Request("DELETE", f"{URL}/orders", body=json.dumps(words).encode()), _by_code
        )
        row = (client_id, 0, 0, 0)
        if isinstance(outcome, Refused) and outcome.text == "not_found":
            self._tell(market, CANCEL_REJECTED, row, 0)
        elif not isinstance(outcome, Confirmed):
            self._tell(market, OUTCOME_UNKNOWN, row, 0)

    async def _refuse(
        self, market: str, row: tuple[int, ...], code: Refusal, kind: int = REJECTED
    ) -> None:
        self._tell(market, kind, row, code)

    def _tell(self, market: str, kind: int, row: tuple[int, ...], code: int) -> None:
        """Deliver a row that an answer proves, or the word that nothing is proven."""
        now_ns = self._clock.now_ns()
        account = AccountRows()
        account.add(kind, row[0], row[1], row[2], row[3], code, 0, now_ns, now_ns)
        self.deliver(market, MarketRows(), account, now_ns)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="stage:call")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wake(self) -> None:
        """Give a batch to every worker that has had none for a while."""
        while True:
            await asyncio.sleep(WAKE_S)
            now_ns = self._clock.now_ns()
            for market in self._sinks:
                if now_ns - self._batch_ns.get(market, 0) >= WAKE_S * 1e9:
                    self.deliver(market, MarketRows(), AccountRows(), now_ns)

    def _books(self) -> list[Subscription]:
        return [_book(market, self._instruments[market].symbol) for market in self._sinks]

    def _stream(
        self,
        name: str,
        feed: MarketFeed | AccountFeed,
        subscriptions: list[Subscription],
        doors: Pacer,
        messages: Pacer,
    ) -> Stream:
        return Stream(
            lambda: f"{STREAMS}/{name}",
            subscriptions,
            feed,
            self._wire,
            doors,
            messages,
            self._clock,
            self._rng,
            Limits(MOST_SILENCE_S if name == "market" else None, ping_every_s=5.0),
            Reconnect(first_s=0.1, most_s=5.0),
        )


def _book(market: str, symbol: str) -> Subscription:
    asked = json.dumps({"op": "subscribe", "ch": "market", "market": symbol}).encode()
    return Subscription(market, lambda: asked)


_ACCOUNT = [Subscription("account", lambda: b'{"op":"subscribe","ch":"account"}')]


def _by_code(status: int, body: Any) -> Outcome:
    """Judge by the status, and keep the venue's own code."""
    if 200 <= status < 300:
        return Confirmed(body)
    return Refused(status, str(body.get("code", "")) if isinstance(body, dict) else "")


def _refusal(outcome: Outcome) -> Refusal | None:
    """Return the reason of a definite refusal; None where the order may be there all the same."""
    if not isinstance(outcome, Refused) or outcome.text == "duplicate_id":
        return None
    if outcome.code == 0:
        return Refusal.NOT_SENT
    return REFUSALS.get(outcome.text, Refusal.OTHER)
