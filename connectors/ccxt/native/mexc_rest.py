"""Ask MEXC's public REST of spot."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.ccxt.answers import INVALID, Told
from connectors.ccxt.native import mexc_wire as wire
from connectors.ccxt.native.listed import market
from connectors.ccxt.native.rest import Rest
from connectors.ccxt.network import Network
from connectors.ccxt.words import Book, Rates

REST = "https://api.mexc.com"
DEPTH = 1000
ONLINE = "1"


class MexcRest:
    """MEXC's `PublicRest`, and its `BookRest`."""

    def __init__(self, network: Network, url: str, now_ns: Callable[[], int]) -> None:
        self._rest = Rest(network, url)
        self._now_ns = now_ns

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every spot market."""
        told = await self._rest.get("/api/v3/exchangeInfo", wire.Symbols)
        return [_market(each) for each in told.symbols]

    async def time_ms(self) -> int:
        """Return the venue's time."""
        return (await self._rest.get("/api/v3/time", wire.Time)).serverTime

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask."""
        told = await self._rest.get("/api/v3/ticker/bookTicker", wire.Touch, symbol=symbol)
        return told.bidPrice or "", told.askPrice or ""

    async def rates(self, symbol: str) -> Rates:
        """Raise Told: there is no funding."""
        raise Told("", f"{symbol} is a spot market: it has no funding", 0, INVALID)

    async def book(self, symbol: str) -> Book:
        """Return the book as it stood at its version; the venue gives no time."""
        told = await self._rest.get("/api/v3/depth", wire.Snapshot, symbol=symbol, limit=DEPTH)
        return Book(symbol, True, told.lastUpdateId, 0, told.bids, told.asks, self._now_ns())


def _market(told: wire.Symbol) -> Mapping[str, Any]:
    return market(
        told.symbol,
        told.baseAsset,
        told.quoteAsset,
        is_spot=True,
        is_active=told.status == ONLINE and told.isSpotTradingAllowed,
        tick=f"1e-{told.quoteAssetPrecision}",
        lot=f"1e-{told.baseAssetPrecision}",
        least=told.baseSizePrecision,
        least_cost=told.quoteAmountPrecision,
    )
