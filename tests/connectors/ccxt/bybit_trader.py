"""Connect the adapter to Bybit's stand-in on virtual time: real ccxt, our sockets in memory."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.bybit import Bybit, Terms
from connectors.ccxt.bybit_safety import Safety
from connectors.ccxt.library import Keys
from connectors.ccxt.network import Network
from connectors.model.events import BUY, POST_ONLY, AccountRows, MarketRows
from connectors.model.instrument import Instrument
from tests import virtual
from tests.venues.bybit.client import Client, keys
from tests.venues.bybit.keys import API_KEY, SECRET, UID
from tests.venues.bybit.scenario import step_of
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.memory import Within
from tests.virtual import VirtualClock

BTC = Instrument("BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"), 1, Decimal(5))
ETH = Instrument("ETHUSDT", "ETH", "USDT", Decimal("0.01"), Decimal("0.01"), 1, Decimal(5))
INSTRUMENTS = {"btc": BTC, "eth": ETH}
CAPS = Caps(600, 10, 10, 10, 50, 100)
TERMS = Terms("http://venue", "ws://venue", "ws://venue", "ws://venue", None, 15.0, 15.0, 300.0)
OVER_HTTP = Terms("http://venue", "ws://venue", "ws://venue", None, "demo", 15.0, 15.0, 300.0)
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


class Trader:
    """The stand-in, an adapter that trades there, and a client of the same account by hand."""

    def __init__(
        self,
        clock: VirtualClock,
        *steps: dict[str, Any],
        terms: Terms = TERMS,
        safety: Safety | None = None,
        has_keys: bool = True,
        **setup: Any,
    ) -> None:
        self.clock = clock
        script = tuple(step_of(step) for step in steps)
        self.there = Venue(Setup(script=script, **setup), clock.now_ns())
        self.there.open_account(UID, keys())
        self.way = Within(self.there, clock.now_ns)
        self.client = Client(self.there)
        self.told: list[str] = []
        self.network = Network(
            "bybit",
            Budgets(CAPS),
            self.way,
            self.way,
            clock,
            random.Random(3),
            self._hear,
            self._nothing_to_close,
        )
        own = Keys(API_KEY, SECRET) if has_keys else None
        self.parts = Bybit(self.network, terms, own, has_keys, safety)
        self.venue = CcxtVenue(self.network, self.parts, INSTRUMENTS)
        self.sinks = {name: Sinks() for name in INSTRUMENTS}

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
        live = self.there.exchange.accounts[UID].live_orders("ETHUSDT")
        texts = [order.link_id for order in live]
        return {n for text in texts if (n := codec.number(text)) is not None}

    def _hear(self, now_ns: int, market: str, text: str) -> None:
        self.told.append(f"{market}: {text}")

    async def _nothing_to_close(self) -> None:
        """Keep nothing open: requests pass in memory."""


Act = Callable[[Trader], Coroutine[Any, Any, None]]


def trading(act: Act, *steps: dict[str, Any], before: Act | None = None, **setup: Any) -> Trader:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    async def main(clock: VirtualClock) -> Trader:
        stand = Trader(clock, *steps, **{"has_crowd": False, **setup})
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
