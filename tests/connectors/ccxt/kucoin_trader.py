"""Connect the adapter to KuCoin's stand-in on virtual time: real ccxt, our sockets in memory."""

from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from connectors.ccxt.account_parts import Setup as AccountSetup
from connectors.ccxt.examining import ExaminedVenue
from connectors.ccxt.kucoin import Kucoin
from connectors.ccxt.library import Keys
from connectors.ccxt.native.kucoin_rest import KucoinRest
from connectors.ccxt.native.kucoin_streams import kucoin_manner, kucoin_streams
from connectors.ccxt.public_only import PublicTerms
from connectors.ccxt.safety import Terms
from connectors.model.instrument import Instrument
from tests.connectors.ccxt.standing import Standing, beside
from tests.venues.common.line import Line
from tests.venues.kucoin.client import Client, keys
from tests.venues.kucoin.keys import API_KEY, PASSPHRASE, SECRET, UID
from tests.venues.kucoin.venue import Setup, Venue, step_of
from tests.virtual import VirtualClock

BTC = Instrument("XBTUSDTM", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"), 1, Decimal(0))
ETH = Instrument("ETHUSDTM", "ETH", "USDT", Decimal("0.01"), Decimal("0.01"), 1, Decimal(0))
INSTRUMENTS = {"btc": BTC, "eth": ETH}
WHERE = PublicTerms("kucoinfutures", "http://venue", "ws://venue", 30.0, 10.0, 300.0)
TERMS = Terms(Decimal(2), Decimal(6), "cross", 5)
KEYS = Keys(API_KEY, SECRET, PASSPHRASE)


class Trader(Standing):
    """The stand-in, an adapter that trades there, and a client of the same account by hand."""

    def __init__(
        self,
        clock: VirtualClock,
        *steps: dict[str, Any],
        terms: Terms = TERMS,
        keys_used: Keys = KEYS,
        where: PublicTerms = WHERE,
        **setup: Any,
    ) -> None:
        script = tuple(step_of(step) for step in steps)
        there = Venue(Setup(script=script, **setup), clock.now_ns())
        there.open_account(UID, keys())
        super().__init__(clock, "kucoin_futures", there, UID, INSTRUMENTS)
        self.client = Client(there)
        rest = KucoinRest(self.network, "http://venue")
        manner = kucoin_manner(where.max_silence_s, where.ping_every_s)
        streams = kucoin_streams(self.network, where.ws_url, rest, manner)
        self.parts = Kucoin(AccountSetup(self.network, where, streams, keys_used, terms, True))
        self.venue = ExaminedVenue(self.network, self.parts, INSTRUMENTS)
        self.examined = self.venue

    def account_line(self) -> Line:
        """Return the venue's end of the adapter's latest account stream."""
        return [wire.line for wire in self.way.lines if "=own" in wire.line.target][-1]


Act = Callable[[Trader], Coroutine[Any, Any, None]]


def trading(act: Act, *steps: dict[str, Any], before: Act | None = None, **setup: Any) -> Trader:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    def made(clock: VirtualClock) -> Trader:
        return Trader(clock, *steps, **{"has_crowd": True, **setup})

    return beside(made, act, before)
