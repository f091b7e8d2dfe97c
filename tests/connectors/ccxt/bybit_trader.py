"""Connect the adapter to Bybit's stand-in on virtual time: real ccxt, our sockets in memory."""

from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.bybit import Bybit, Terms
from connectors.ccxt.bybit_safety import Safety
from connectors.ccxt.library import Keys
from connectors.model.instrument import Instrument
from tests.connectors.ccxt.standing import Standing, beside
from tests.venues.bybit.client import Client, keys
from tests.venues.bybit.keys import API_KEY, SECRET, UID
from tests.venues.bybit.scenario import step_of
from tests.venues.bybit.venue import Setup, Venue
from tests.virtual import VirtualClock

BTC = Instrument("BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"), 1, Decimal(5))
ETH = Instrument("ETHUSDT", "ETH", "USDT", Decimal("0.01"), Decimal("0.01"), 1, Decimal(5))
INSTRUMENTS = {"btc": BTC, "eth": ETH}
TERMS = Terms("http://venue", "ws://venue", "ws://venue", "ws://venue", None, 15.0, 15.0, 300.0)
OVER_HTTP = Terms("http://venue", "ws://venue", "ws://venue", None, "demo", 15.0, 15.0, 300.0)


class Trader(Standing):
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
        script = tuple(step_of(step) for step in steps)
        there = Venue(Setup(script=script, **setup), clock.now_ns())
        there.open_account(UID, keys())
        super().__init__(clock, "bybit", there, UID, INSTRUMENTS)
        self.client = Client(there)
        own = Keys(API_KEY, SECRET) if has_keys else None
        self.parts = Bybit(self.network, terms, own, has_keys, safety)
        self.venue = CcxtVenue(self.network, self.parts, INSTRUMENTS)


Act = Callable[[Trader], Coroutine[Any, Any, None]]


def trading(act: Act, *steps: dict[str, Any], before: Act | None = None, **setup: Any) -> Trader:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    def made(clock: VirtualClock) -> Trader:
        return Trader(clock, *steps, **{"has_crowd": False, **setup})

    return beside(made, act, before)
