"""Send orders with the adapter, made of settings as a live deploy makes it."""

import asyncio
import os
import sys
from collections import Counter
from contextlib import suppress
from time import monotonic_ns

from connectors.lighter.adapter import LighterVenue
from connectors.model.errors import MmrunnerError, VenueError
from connectors.model.events import ACCEPTED, AMENDED, BUY, CANCELLED, AccountRows, MarketRows
from runner.engine.clock import SystemClock
from runner.wiring.lighter import lighter_venue
from tests.bench.deploy import settings_of
from tests.bench.orders_sdk import BATCH, LOTS, TICKS, Decided
from tests.bench.orders_venue import OURS
from tests.venues.lighter.keys import private

KEY = 5
KEY_ENV = "LIGHTER_SANDBOX_PRIVATE"
CANCEL_KEY = 6
CANCEL_KEY_ENV = "LIGHTER_CANCEL_KEY_PRIVATE"
SIGNED_AHEAD = (f"venue.cancel_key_index={CANCEL_KEY}", "venue.presign_cancels=true")
"""Cancels by a key and a connection of their own, signed before they are asked for."""
MARKET = "eth"
WITHIN_S = 10.0


class Heard:
    """A `Sink` that counts rows by kind and order, and lets wait for them."""

    def __init__(self) -> None:
        self.rows: Counter[tuple[int, int]] = Counter()
        self._news = asyncio.Event()
        self._is_late = False

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Take what is told of orders."""
        if len(account):
            self.rows.update(zip(account.kind, account.client_id, strict=True))
            self._news.set()

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Nothing hangs on it here."""

    async def until(self, kind: int, client_id: int) -> None:
        """Return once a row is told; raise MmrunnerError where it is not told in time.

        It does next to nothing before it waits: that would be counted as the order's.
        """
        late = asyncio.get_running_loop().call_later(WITHIN_S, self._give_up)
        while not self.rows[kind, client_id]:
            if self._is_late:
                told = [row for row in self.rows if row[1] == client_id]
                raise MmrunnerError(
                    f"order {client_id}: expected {kind} within {WITHIN_S:g} s, was told {told}:"
                    " is the machine busy?"
                )
            self._news.clear()
            await self._news.wait()
        late.cancel()

    def _give_up(self) -> None:
        self._is_late = True
        self._news.set()


class Ours:
    """The adapter at the stand-in of a port, with other settings where `words` say so."""

    def __init__(self, port: int, account: int = OURS, *words: str) -> None:
        os.environ |= {KEY_ENV: private(KEY), CANCEL_KEY_ENV: private(CANCEL_KEY)}
        settings = settings_of(
            "experiment=lighter_sandbox",
            f"venue.rest_url=http://127.0.0.1:{port}",
            f"venue.ws_url=ws://127.0.0.1:{port}/stream",
            f"venue.account_index={account}",
            f"venue.key_index={KEY}",
            "venue.sends_per_min=40000",
            *words,
        )
        self.heard = Heard()
        self._last = 0
        self._venue: LighterVenue = lighter_venue(settings, (MARKET,), SystemClock(), _tell)
        self._run = asyncio.create_task(self._venue.run({MARKET: self.heard}))

    async def until_ready(self) -> None:
        """Return once an order was accepted."""
        for _ in range(round(WITHIN_S / 0.05)):
            await asyncio.sleep(0.05)
            client_id = self.next_id()
            try:
                self.place(client_id)
            except VenueError:
                continue
            await self.heard.until(ACCEPTED, client_id)
            self.cancel(client_id)
            await self.heard.until(CANCELLED, client_id)
            return
        raise MmrunnerError("lighter: expected an adapter that sends, it never did")

    def next_id(self) -> int:
        """Return the id of an order that is not placed yet."""
        self._last += 1
        return self._last

    def place(self, client_id: int) -> None:
        """Place an order that rests."""
        self._venue.place(MARKET, client_id, BUY, TICKS, LOTS)

    def cancel(self, client_id: int) -> None:
        """Cancel it."""
        self._venue.cancel(MARKET, client_id)

    async def one_by_one(self, orders: int) -> Decided:
        """Place, change and cancel orders; return when each was decided."""
        decided: Decided = []
        for _ in range(orders):
            index = self.next_id()
            decided.append(("CREATE", index, monotonic_ns()))
            self.place(index)
            await self.heard.until(ACCEPTED, index)
            decided.append(("MODIFY", index, monotonic_ns()))
            self._venue.amend(MARKET, index, BUY, TICKS - 10, LOTS)
            await self.heard.until(AMENDED, index)
            decided.append(("CANCEL", index, monotonic_ns()))
            self.cancel(index)
            await self.heard.until(CANCELLED, index)
        return decided

    async def batch(self) -> Decided:
        """Place a batch, and cancel it; return when it was decided."""
        indexes = [self.next_id() for _ in range(BATCH)]
        decided_ns = monotonic_ns()
        for index in indexes:
            self.place(index)
        for index in indexes:
            await self.heard.until(ACCEPTED, index)
        for index in indexes:
            self.cancel(index)
        for index in indexes:
            await self.heard.until(CANCELLED, index)
        return [("CREATE", index, decided_ns) for index in indexes]

    async def close(self) -> None:
        """End streams and signer."""
        self._run.cancel()
        with suppress(asyncio.CancelledError):
            await self._run
        self._venue.close()


def _tell(now_ns: int, market: str, text: str) -> None:
    print(f"orders: {market} {text}", file=sys.stderr)
