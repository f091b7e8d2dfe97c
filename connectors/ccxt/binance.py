"""Be Binance's USD-M futures with an account: its linear perpetuals, on mainnet or testnet."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from connectors.calls import Request
from connectors.ccxt.account_parts import AccountParts, Setup
from connectors.ccxt.binance_rates import heed
from connectors.ccxt.binance_reads import BinanceReads
from connectors.ccxt.binance_safety import examine, prepare
from connectors.ccxt.binance_words import BinanceWords
from connectors.ccxt.cares import BINANCE_USDM as CARE
from connectors.ccxt.countdown import AnsweredCountdown
from connectors.ccxt.dialects import BINANCE_USDM
from connectors.ccxt.emergency import Emergency
from connectors.ccxt.keeper import Watch
from connectors.ccxt.library import Way
from connectors.ccxt.listing import Listed
from connectors.ccxt.names import Names
from connectors.ccxt.outgoing import cleaned
from connectors.ccxt.writes import DialectWrites
from connectors.examined import Remark
from connectors.model.instrument import Instrument

STREAM = "account"
PROLONGED_S = 1200.0
"""The stream's key ends an hour after it was last prolonged."""


class BinanceUsdm(AccountParts):
    """The `Parts` of Binance's USD-M futures."""

    alphabet = BINANCE_USDM.alphabet
    amends = True
    life_ns = BINANCE_USDM.life_ms * 1_000_000
    channels = (STREAM,)

    def __init__(self, setup: Setup) -> None:
        way, network = setup.where.way(), setup.network
        network.heed = partial(heed, network)
        super().__init__(setup, Way(way.exchange, way.options, BINANCE_USDM.codes, way.addresses))
        self._names = Names()
        self.reads = BinanceReads(self.exchange, network, self._names)
        self.writes = DialectWrites(self.exchange, network, BINANCE_USDM) if setup.sends else None

    async def prepare(self, market: Listed) -> None:
        """Set and read back what an account has to be like, or raise VenueError."""
        await prepare(self.exchange, self.reads, self._network, self._terms, market)

    async def examine(self, market: Listed) -> list[Remark]:
        """Remark on the account and on a market of it."""
        return await examine(self.reads, self._terms, market)

    def speech(self) -> BinanceWords:
        """Return how the account's stream speaks."""
        return BinanceWords(self._names)

    def watches(self) -> Sequence[Watch]:
        """Return what opens a stream with a key of its own, and prolongs the key while it lasts."""
        return [self._listen, self._prolong]

    def countdown(self, symbols: Sequence[str], lasts_s: int) -> AnsweredCountdown:
        """Return the venue's countdown, which each market has for itself."""

        async def arm(symbol: str, seconds: int) -> int:
            said = await CARE.countdown(self.exchange, symbol, seconds)
            return int(said["countdownTime"]) // 1000

        return AnsweredCountdown(self._network, symbols, lasts_s, arm)

    def emergency(self, instruments: Sequence[Instrument]) -> Emergency:
        """Return what cancels all orders from another thread."""

        def sign(symbol: str) -> Request:
            made: Any = self.exchange.sign(
                "allOpenOrders", ["fapiPrivate"], "DELETE", {"symbol": symbol}
            )
            return cleaned(made["method"], made["url"], made["headers"], made["body"])

        symbols = [each.symbol for each in instruments]
        return Emergency(self._network.venue, symbols, sign, "200")

    async def _listen(self) -> None:
        key = str((await self.exchange.fapiPrivatePostListenKey())["listenKey"])
        line = self.exchange.client(self.exchange.get_private_ws_url("linear", key))
        await line.connect(None)
        self.keeper.hear(STREAM)
        await line.future("its end")

    async def _prolong(self) -> None:
        await asyncio.sleep(PROLONGED_S)
        await self.exchange.fapiPrivatePutListenKey()
