"""Connect an adapter that trades to the stand-in, on virtual time."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from connectors.calls import Lost, Reply, Request
from connectors.lighter.adapter import Holder, LighterVenue
from connectors.lighter.manner import Manner
from connectors.lighter.trading import orders_of
from connectors.lighter.transactions import SignedTx, Wanted, attributes, verified
from connectors.model.events import BUY, POST_ONLY
from tests import virtual
from tests.connectors.lighter.house import stopped
from tests.connectors.lighter.standin import StandIn
from tests.venues.common.truth import Executed, Signed
from tests.venues.lighter.keys import ACCOUNT, private
from tests.venues.lighter.signer import TX_LIFE_MS, PlainSigner
from tests.venues.lighter.transactions import TxType
from tests.virtual import VirtualClock

KEY = 5
"""Another than the one that the stand-in's own client signs with."""
CANCEL_KEY = 6
FAR, NEAR = 290_000, 310_000
"""Bids in ticks: one that rests and one that takes."""


class PlainTxSigner:
    """A `TxSigner` in plain Python, on the virtual clock, that takes no time."""

    account = ACCOUNT

    def __init__(self, clock: VirtualClock, key_index: int = KEY) -> None:
        self.key_index = key_index
        self._clock = clock
        self._plain = PlainSigner(304, ACCOUNT, key_index, private(key_index), random.Random(5))
        self.signed: list[SignedTx] = []
        self.is_closed = False

    async def auth_token(self, expires_s: int) -> str:
        """Return a token."""
        return self._plain.token(expires_s)

    async def sign(
        self, wanted: Sequence[Wanted], nonce: int, skips: bool = True
    ) -> list[SignedTx]:
        """Sign."""
        txs = [self._signed(each, nonce + k, skips) for k, each in enumerate(wanted)]
        self.signed += txs
        return txs

    def _signed(self, wanted: Wanted, nonce: int, skips: bool) -> SignedTx:
        expires_ms = self._clock.now_ns() // 1_000_000 + TX_LIFE_MS
        kind, fields = TxType(wanted.kind), wanted.fields()
        said = attributes(wanted, skips)
        made = self._plain.transaction(kind, fields, nonce, expires_ms, said)
        return verified(wanted, ACCOUNT, self.key_index, nonce, made.info, made.tx_hash, skips)

    def close(self) -> None:
        """Note it."""
        self.is_closed = True


class Http:
    """The way of transactions over HTTP, which a test may cut."""

    def __init__(self, stand: StandIn) -> None:
        self._way = stand.way
        self.sent = 0
        self.is_reachable = True

    async def send(self, request: Request) -> Reply:
        """Send."""
        if not self.is_reachable:
            raise Lost("the name cannot be resolved", False)
        self.sent += 1
        return await self._way.send(request)


class Trader(StandIn):
    """The stand-in, and an adapter that trades there."""

    def __init__(self, clock: VirtualClock, *steps: dict[str, Any], **setup: Any) -> None:
        manner: Manner = setup.pop("manner", Manner())
        has_cancel_key: bool = setup.pop("has_cancel_key", False)
        super().__init__(clock, *steps, **setup)
        self.signer = PlainTxSigner(clock)
        self.cancels = PlainTxSigner(clock, CANCEL_KEY) if has_cancel_key else None
        self.http = Http(self)
        self.orders = orders_of(
            self.network,
            self.http,
            self.signer,
            manner=manner,
            cancel_signer=self.cancels,
        )
        holder = Holder(ACCOUNT, self.signer)
        self.venue = LighterVenue(self.network, self.instruments, holder, self.orders)

    def place(self, number: int, ticks: int = FAR, flags: int = POST_ONLY, side: int = BUY) -> int:
        """Place an order in ETH through the adapter; return its id."""
        client_id = 2176 * number
        self.venue.place("eth", client_id, side, ticks, 1_000, flags)
        return client_id

    def amend(self, number: int, ticks: int, lots: int = 1_000, side: int = BUY) -> None:
        """Change an order in ETH through the adapter."""
        self.venue.amend("eth", 2176 * number, side, ticks, lots)

    def terms(self, number: int) -> tuple[int, int]:
        """Return the price and the size in all that an order truly has."""
        order = self.there.exchange.accounts[ACCOUNT].by_client[2176 * number]
        return order.ticks, order.lots

    def told_terms(self, number: int, kind: int) -> list[tuple[int, int]]:
        """Return the price and size of the rows of a kind told of an order."""
        rows = self.sinks["eth"].account
        return [(row[3], row[4]) for row in rows if row[:2] == (kind, 2176 * number)]

    def heard(self, client_id: int) -> list[int]:
        """Return the kinds of rows told of an order."""
        return [row[0] for row in self.sinks["eth"].account if row[1] == client_id]

    def end_all(self) -> None:
        """End all our orders, as the venue may."""
        for order in self.there.exchange.accounts[ACCOUNT].live_orders():
            self.there.exchange.end(order, "canceled-expired")

    def resting(self) -> set[int]:
        """Return our orders that truly rest at the venue."""
        live = self.there.exchange.accounts[ACCOUNT].live_orders()
        return {order.client_index for order in live}

    def known(self) -> set[int]:
        """Return our orders that the venue has ever had."""
        return set(self.there.exchange.accounts[ACCOUNT].by_client)

    def at_door(self) -> list[tuple[str, int, int]]:
        """Return what came to the venue's door: kind, order and the answer's code."""
        return [(s.kind, s.client_id, s.code) for s in self.there.truth.of(Signed)]

    def executed(self) -> int:
        """Return how many transactions were carried out well."""
        return sum(not e.error for e in self.there.truth.of(Executed))


Act = Callable[[Trader], Coroutine[Any, Any, None]]


def trading(act: Act, *steps: dict[str, Any], **setup: Any) -> Trader:
    """Run the adapter at a stand-in beside `act`; return both."""

    async def main(clock: VirtualClock) -> Trader:
        stand = Trader(clock, *steps, **{"has_crowd": False, **setup})
        keeper = asyncio.create_task(stand.way.keep_time())
        task = asyncio.create_task(stand.venue.run(stand.sinks))
        await asyncio.sleep(1)
        await act(stand)
        await stopped(task)
        keeper.cancel()
        stand.venue.close()
        return stand

    return virtual.run(main)
