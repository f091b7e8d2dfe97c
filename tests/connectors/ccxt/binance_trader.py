"""Connect the adapter to Binance's stand-in on virtual time: real ccxt, our sockets in memory."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from connectors.ccxt.binance import BinanceUsdm
from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.examining import ExaminedVenue
from connectors.ccxt.library import Keys
from connectors.ccxt.native.binance_rest import BinanceRest
from connectors.ccxt.native.binance_streams import binance_manner, binance_streams
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.network import Network
from connectors.ccxt.public_only import PublicOnly, PublicTerms
from connectors.ccxt.safety import Terms
from connectors.model.events import BUY, POST_ONLY
from connectors.model.instrument import Instrument
from tests import virtual
from tests.connectors.ccxt.bybit_trader import Sinks
from tests.venues.binance.client import Client, keys
from tests.venues.binance.faults import FAULTS
from tests.venues.binance.keys import API_KEY, SECRET, UID
from tests.venues.binance.venue import Setup, Venue
from tests.venues.common.line import Line
from tests.venues.common.memory import Within
from tests.venues.common.scenario import step_of
from tests.virtual import VirtualClock

BTC = Instrument("BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"), 1, Decimal(100))
ETH = Instrument("ETHUSDT", "ETH", "USDT", Decimal("0.01"), Decimal("0.001"), 1, Decimal(20))
INSTRUMENTS = {"btc": BTC, "eth": ETH}
CAPS = Caps(600, 10, 10, 10, 50, 100)
WHERE = PublicTerms("binanceusdm", "http://venue", "ws://venue", 30.0, 15.0, 300.0)
TERMS = Terms(Decimal(2), Decimal(5))
FAR = 290_000
"""A bid in ticks that rests on ETH."""
NEAR = 301_000
"""A bid in ticks that would take there."""


class Trader:
    """The stand-in, an adapter that trades there, and a client of the same account by hand."""

    def __init__(
        self,
        clock: VirtualClock,
        *steps: dict[str, Any],
        terms: Terms = TERMS,
        keys_used: Keys | None = None,
        is_native: bool = True,
        **setup: Any,
    ) -> None:
        self.clock = clock
        script = tuple(step_of(FAULTS, step) for step in steps)
        self.there = Venue(Setup(script=script, **setup), clock.now_ns())
        self.there.open_account(UID, keys())
        self.way = Within(self.there, clock.now_ns)
        self.client = Client(self.there)
        self.told: list[str] = []
        self.network = Network(
            "binance_usdm",
            Budgets(CAPS),
            self.way,
            self.way,
            clock,
            random.Random(3),
            lambda now_ns, market, text: self.told.append(f"{market}: {text}"),
            _nothing_to_close,
        )
        own = keys_used or Keys(API_KEY, SECRET)
        streams: Streams = PublicOnly(self.network, WHERE).public
        if is_native:
            rest = BinanceRest(self.network, "http://venue", False, clock.now_ns)
            manner = binance_manner(30.0, 15.0)
            streams = binance_streams(self.network, "ws://venue", rest, False, manner)
        self.parts = BinanceUsdm(self.network, WHERE, streams, own, terms, True)
        self.venue = ExaminedVenue(self.network, self.parts, INSTRUMENTS)
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
        return {n for order in live if (n := codec.number(order.link_id)) is not None}

    def account_line(self) -> Line:
        """Return the venue's end of the adapter's latest account stream."""
        return [wire.line for wire in self.way.lines if "listenKey" in wire.line.target][-1]


async def _nothing_to_close() -> None:
    """Keep nothing open: requests pass in memory."""


Act = Callable[[Trader], Coroutine[Any, Any, None]]


def trading(act: Act, *steps: dict[str, Any], before: Act | None = None, **setup: Any) -> Trader:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    async def main(clock: VirtualClock) -> Trader:
        stand = Trader(clock, *steps, **{"has_crowd": True, **setup})
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
