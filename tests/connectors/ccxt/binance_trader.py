"""Connect the adapter to Binance's stand-in on virtual time: real ccxt, our sockets in memory."""

from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from connectors.ccxt import account_parts
from connectors.ccxt.binance import BinanceUsdm
from connectors.ccxt.examining import ExaminedVenue
from connectors.ccxt.library import Keys
from connectors.ccxt.native.binance_rest import BinanceRest
from connectors.ccxt.native.binance_streams import binance_manner, binance_streams
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.public_only import PublicOnly, PublicTerms
from connectors.ccxt.safety import Terms
from connectors.model.instrument import Instrument
from tests.connectors.ccxt.standing import Standing, beside
from tests.venues.binance.client import Client, keys
from tests.venues.binance.faults import FAULTS
from tests.venues.binance.keys import API_KEY, SECRET, UID
from tests.venues.binance.venue import Setup, Venue
from tests.venues.common.line import Line
from tests.venues.common.scenario import step_of
from tests.virtual import VirtualClock

BTC = Instrument("BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"), 1, Decimal(100))
ETH = Instrument("ETHUSDT", "ETH", "USDT", Decimal("0.01"), Decimal("0.001"), 1, Decimal(20))
INSTRUMENTS = {"btc": BTC, "eth": ETH}
WHERE = PublicTerms("binanceusdm", "http://venue", "ws://venue", 30.0, 15.0, 300.0)
TERMS = Terms(Decimal(2), Decimal(5))


class Trader(Standing):
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
        script = tuple(step_of(FAULTS, step) for step in steps)
        there = Venue(Setup(script=script, **setup), clock.now_ns())
        there.open_account(UID, keys())
        super().__init__(clock, "binance_usdm", there, UID, INSTRUMENTS)
        self.client = Client(there)
        own = keys_used or Keys(API_KEY, SECRET)
        streams: Streams = PublicOnly(self.network, WHERE).public
        if is_native:
            rest = BinanceRest(self.network, "http://venue", False, clock.now_ns)
            manner = binance_manner(30.0, 15.0)
            streams = binance_streams(self.network, "ws://venue", rest, False, manner)
        self.parts = BinanceUsdm(
            account_parts.Setup(self.network, WHERE, streams, own, terms, sends=True)
        )
        self.venue = ExaminedVenue(self.network, self.parts, INSTRUMENTS)

    def account_line(self) -> Line:
        """Return the venue's end of the adapter's latest account stream."""
        return [wire.line for wire in self.way.lines if "listenKey" in wire.line.target][-1]


Act = Callable[[Trader], Coroutine[Any, Any, None]]


def trading(act: Act, *steps: dict[str, Any], before: Act | None = None, **setup: Any) -> Trader:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    def made(clock: VirtualClock) -> Trader:
        return Trader(clock, *steps, **{"has_crowd": True, **setup})

    return beside(made, act, before)
