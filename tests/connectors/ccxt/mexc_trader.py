"""Connect the adapter to MEXC's stand-in on virtual time: real ccxt, our sockets in memory."""

from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from connectors.ccxt.account_parts import Setup as AccountSetup
from connectors.ccxt.examining import ExaminedVenue
from connectors.ccxt.library import Keys
from connectors.ccxt.mexc import Mexc
from connectors.ccxt.native.mexc_rest import MexcRest
from connectors.ccxt.native.mexc_streams import mexc_manner, mexc_streams
from connectors.ccxt.public_only import PublicTerms
from connectors.ccxt.safety import Terms
from connectors.model.events import BUY, POST_ONLY
from connectors.model.instrument import Instrument
from tests.connectors.ccxt.standing import FAR, Standing, beside
from tests.venues.common.line import Line
from tests.venues.common.scenario import step_of
from tests.venues.mexc.faults import FAULTS
from tests.venues.mexc.keys import API_KEY, SECRET, UID, keys
from tests.venues.mexc.venue import Setup, Venue
from tests.virtual import VirtualClock

BTC = Instrument(
    "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"), 1, Decimal(5), is_spot=True
)
ETH = Instrument(
    "ETHUSDT", "ETH", "USDT", Decimal("0.01"), Decimal("0.0001"), 1, Decimal(5), is_spot=True
)
INSTRUMENTS = {"btc": BTC, "eth": ETH}
WHERE = PublicTerms("mexc", "http://venue", "ws://venue", 30.0, 15.0, 300.0)
TERMS = Terms(Decimal(0), Decimal(5))


class Trader(Standing):
    """The stand-in, and an adapter that trades there."""

    def __init__(
        self,
        clock: VirtualClock,
        *steps: dict[str, Any],
        terms: Terms = TERMS,
        keys_used: Keys | None = None,
        **setup: Any,
    ) -> None:
        script = tuple(step_of(FAULTS, step) for step in steps)
        there = Venue(Setup(script=script, **setup), clock.now_ns())
        there.open_account(UID, keys())
        super().__init__(clock, "mexc", there, UID, INSTRUMENTS)
        rest = MexcRest(self.network, "http://venue", clock.now_ns)
        streams = mexc_streams(self.network, "ws://venue", rest, mexc_manner(30.0, 15.0))
        own = keys_used or Keys(API_KEY, SECRET)
        self.parts = Mexc(AccountSetup(self.network, WHERE, streams, own, terms, True))
        self.venue = ExaminedVenue(self.network, self.parts, INSTRUMENTS)

    def order(self, number: int, ticks: int = FAR, flags: int = POST_ONLY, lots: int = 100) -> int:
        """Place a bid in ETH through the adapter; return its id."""
        client_id = 2176 * number
        self.venue.place("eth", client_id, BUY, ticks, lots, flags)
        return client_id

    def account_line(self) -> Line:
        """Return the venue's end of the adapter's latest account stream."""
        return [wire.line for wire in self.way.lines if "listenKey" in wire.line.target][-1]


Act = Callable[[Trader], Coroutine[Any, Any, None]]


def trading(act: Act, *steps: dict[str, Any], before: Act | None = None, **setup: Any) -> Trader:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    def made(clock: VirtualClock) -> Trader:
        return Trader(clock, *steps, **{"has_crowd": True, **setup})

    return beside(made, act, before)
