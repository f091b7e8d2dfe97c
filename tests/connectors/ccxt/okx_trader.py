"""Connect the adapter to OKX's stand-in on virtual time: real ccxt, our sockets in memory."""

from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from connectors.ccxt import account_parts
from connectors.ccxt.examining import ExaminedVenue
from connectors.ccxt.library import Keys
from connectors.ccxt.native.okx_streams import okx_manner, okx_streams
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.okx import Okx
from connectors.ccxt.public_only import PublicOnly, PublicTerms
from connectors.ccxt.safety import Terms
from connectors.model.instrument import Instrument
from tests.connectors.ccxt.standing import Standing, beside
from tests.venues.common.line import Line
from tests.venues.okx.client import Client, keys
from tests.venues.okx.keys import API_KEY, PASSPHRASE, SECRET, UID
from tests.venues.okx.scenario import step_of
from tests.venues.okx.sessions import PRIVATE
from tests.venues.okx.venue import Setup, Venue
from tests.virtual import VirtualClock

BTC = Instrument("BTC-USDT-SWAP", "BTC", "USDT", Decimal("0.1"), Decimal("0.0001"), 1, Decimal(0))
ETH = Instrument("ETH-USDT-SWAP", "ETH", "USDT", Decimal("0.01"), Decimal("0.001"), 1, Decimal(0))
INSTRUMENTS = {"btc": BTC, "eth": ETH}
WHERE = PublicTerms("okx", "http://venue", "ws://venue", 30.0, 15.0, 300.0)
TERMS = Terms(Decimal(2), Decimal(5), "cross")
KEYS = Keys(API_KEY, SECRET, PASSPHRASE)


class Trader(Standing):
    """The stand-in, an adapter that trades there, and a client of the same account by hand."""

    def __init__(
        self,
        clock: VirtualClock,
        *steps: dict[str, Any],
        terms: Terms = TERMS,
        keys_used: Keys = KEYS,
        is_native: bool = True,
        is_demo: bool = True,
        **setup: Any,
    ) -> None:
        script = tuple(step_of(step) for step in steps)
        there = Venue(Setup(script=script, **setup), clock.now_ns())
        there.open_account(UID, keys())
        super().__init__(clock, "okx_demo", there, UID, INSTRUMENTS)
        self.client = Client(there)
        streams: Streams = PublicOnly(self.network, WHERE).public
        if is_native:
            streams = okx_streams(self.network, "ws://venue", okx_manner(30.0, 15.0))
        setup = account_parts.Setup(self.network, WHERE, streams, keys_used, terms, sends=True)
        self.parts = Okx(setup, is_demo=is_demo)
        self.venue = ExaminedVenue(self.network, self.parts, INSTRUMENTS)
        self.examined = self.venue

    def account_line(self) -> Line:
        """Return the venue's end of the adapter's latest account stream."""
        return [wire.line for wire in self.way.lines if wire.line.target == PRIVATE][-1]


Act = Callable[[Trader], Coroutine[Any, Any, None]]


def trading(act: Act, *steps: dict[str, Any], before: Act | None = None, **setup: Any) -> Trader:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    def made(clock: VirtualClock) -> Trader:
        return Trader(clock, *steps, **{"has_crowd": True, **setup})

    return beside(made, act, before)
