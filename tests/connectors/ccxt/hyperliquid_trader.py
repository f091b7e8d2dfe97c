"""Connect the adapter to Hyperliquid's stand-in on virtual time: our sockets in memory."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from decimal import Decimal
from typing import Any

from connectors.ccxt.account_parts import Setup as Parts
from connectors.ccxt.hyperliquid import Hyperliquid, HyperliquidVenue
from connectors.ccxt.library import Keys
from connectors.ccxt.native.hyperliquid_streams import hyperliquid_manner, hyperliquid_streams
from connectors.ccxt.public_only import PublicTerms
from connectors.ccxt.safety import Terms
from connectors.model.events import BUY, POST_ONLY
from connectors.model.instrument import Instrument
from tests.connectors.ccxt.standing import CAPS, FAR, Standing, beside
from tests.venues.common.line import Line
from tests.venues.hyperliquid.client import Client, keys
from tests.venues.hyperliquid.keys import ADDRESS, AGENT_KEY, UID
from tests.venues.hyperliquid.scenario import step_of
from tests.venues.hyperliquid.venue import Setup, Venue
from tests.virtual import VirtualClock


def instrument(name: str, tick: str, lot: str) -> Instrument:
    """Return a market as the stand-in lists it."""
    steps = Decimal(tick), Decimal(lot)
    return Instrument(name, name, "USDC", *steps, 1, Decimal(10), price_digits=5)


INSTRUMENTS = {
    "btc": instrument("BTC", "0.1", "0.00001"),
    "eth": instrument("ETH", "0.01", "0.0001"),
}
WHERE = PublicTerms("hyperliquid", "http://venue", "ws://venue", 30.0, 15.0, 300.0)
TERMS = Terms(Decimal("1.5"), Decimal("4.5"), "cross")
KEYS = Keys(ADDRESS, AGENT_KEY)
LOTS = 100
"""Of ETH: worth more than the least."""


class Trader(Standing):
    """The stand-in, an adapter that trades there, and a client of the same account by hand."""

    caps = replace(CAPS, look_weight=85)

    def __init__(
        self,
        clock: VirtualClock,
        *steps: dict[str, Any],
        terms: Terms = TERMS,
        keys_used: Keys = KEYS,
        **setup: Any,
    ) -> None:
        script = tuple(step_of(step) for step in steps)
        there = Venue(Setup(script=script, **setup), clock.now_ns())
        there.open_account(UID, keys())
        super().__init__(clock, "hyperliquid", there, UID, INSTRUMENTS)
        self.client = Client(there)
        streams = hyperliquid_streams(self.network, "ws://venue", hyperliquid_manner(30.0, 15.0))
        own = Parts(self.network, WHERE, streams, keys_used, terms, sends=True)
        self.parts = Hyperliquid(own, ["BTC", "ETH"], is_mainnet=False)
        self.venue = HyperliquidVenue(self.network, self.parts, INSTRUMENTS)
        self.examined = self.venue

    def place(self, number: int, ticks: int = FAR, flags: int = POST_ONLY, side: int = BUY) -> int:
        """Place an order in ETH through the adapter; return its id."""
        client_id = 2176 * number
        self.venue.place("eth", client_id, side, ticks, LOTS, flags)
        return client_id

    def account_line(self) -> Line:
        """Return the venue's end of the adapter's latest account stream."""
        sessions = [each for each in self.there.sessions if each.own]
        return sessions[-1].line  # type: ignore[no-any-return]


Act = Callable[[Trader], Coroutine[Any, Any, None]]


def trading(act: Act, *steps: dict[str, Any], before: Act | None = None, **setup: Any) -> Trader:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    def made(clock: VirtualClock) -> Trader:
        return Trader(clock, *steps, **{"has_crowd": True, **setup})

    return beside(made, act, before)
