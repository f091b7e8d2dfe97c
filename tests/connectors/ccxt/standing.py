"""Connect an adapter to a stand-in on virtual time: real ccxt, our sockets in memory."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.network import Network
from connectors.model.events import BUY, POST_ONLY, AccountRows, MarketRows
from connectors.model.instrument import Instrument
from tests import virtual
from tests.venues.common.loopback import Behind
from tests.venues.common.memory import Within
from tests.virtual import VirtualClock

CAPS = Caps(600, 10, 10, 10, 50, 100)
FAR = 290_000
"""A bid in ticks that rests on ETH."""
NEAR = 301_000
"""A bid in ticks that would take there."""
Row = tuple[int, ...]


class Sinks:
    """A `Sink` of one market that keeps what it hears."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.account: list[Row] = []
        self.fees: list[object] = []
        self.links: list[bool] = []
        self.stamps: list[tuple[int, int]] = []

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Keep the rows."""
        self.rows += zip(rows.kind, rows.ticks, rows.lots, strict=True)
        self.stamps += zip(rows.venue_ns, rows.recv_ns, strict=True)
        columns = (account.kind, account.client_id, account.side, account.ticks, account.lots)
        self.account += zip(*columns, account.code, account.trade_id, strict=True)
        self.fees += account.fee

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Keep the word."""
        self.links.append(is_whole)


class Standing:
    """A stand-in and the way to it; a venue's own trader adds the adapter as `venue`."""

    venue: CcxtVenue
    there: Any
    caps = CAPS

    def __init__(
        self,
        clock: VirtualClock,
        name: str,
        there: Behind[Any],
        uid: int,
        instruments: Mapping[str, Instrument],
    ) -> None:
        """`there` is the venue, where `uid` is our account."""
        self.clock = clock
        self.there = there
        self.way = Within(there, clock.now_ns)
        self.told: list[str] = []
        self.network = Network(
            name,
            Budgets(self.caps),
            self.way,
            self.way,
            clock,
            random.Random(3),
            self._hear,
            self._nothing_to_close,
        )
        self.sinks = {market: Sinks() for market in instruments}
        self._uid = uid
        self._eth = instruments["eth"].symbol

    @property
    def account(self) -> Any:
        """Return our account as the venue keeps it."""
        return self.there.exchange.accounts[self._uid]

    def place(self, number: int, ticks: int = FAR, flags: int = POST_ONLY, side: int = BUY) -> int:
        """Place an order of 10 lots in ETH through the adapter; return its id."""
        client_id = 2176 * number
        self.venue.place("eth", client_id, side, ticks, 10, flags)
        return client_id

    def heard(self, client_id: int) -> list[int]:
        """Return the kinds of rows told of an order."""
        return [row[0] for row in self.sinks["eth"].account if row[1] == client_id]

    def resting(self) -> set[int]:
        """Return our orders in ETH that truly rest at the venue."""
        codec = self.venue._listings.known["eth"].codec
        texts = [order.link_id for order in self.account.live_orders(self._eth)]
        return {n for text in texts if (n := codec.number(text)) is not None}

    def _hear(self, now_ns: int, market: str, text: str) -> None:
        self.told.append(f"{market}: {text}")

    async def _nothing_to_close(self) -> None:
        """Keep nothing open: requests pass in memory."""


S = TypeVar("S", bound=Standing)


def beside(
    make: Callable[[VirtualClock], S],
    act: Callable[[S], Coroutine[Any, Any, None]],
    before: Callable[[S], Coroutine[Any, Any, None]] | None = None,
) -> S:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    async def main(clock: VirtualClock) -> S:
        stand = make(clock)
        keeper = asyncio.create_task(stand.way.keep_time())
        if before is not None:
            await before(stand)
        task = asyncio.create_task(stand.venue.run(stand.sinks))
        await asyncio.sleep(2)
        if task.done():
            task.result()
        await act(stand)
        task.cancel()
        await asyncio.wait((task,))
        if not task.cancelled():
            task.result()
        keeper.cancel()
        return stand

    return virtual.run(main)
