"""Ask Binance's public REST: spot, or linear perpetuals."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.ccxt.answers import INVALID, Told
from connectors.ccxt.native import binance_wire as wire
from connectors.ccxt.native.listed import market
from connectors.ccxt.native.rest import Rest
from connectors.ccxt.network import Network
from connectors.ccxt.words import Book, Rates

MS = 1_000_000
DEPTH = 1000
TRADING = "TRADING"
PERPETUAL = "PERPETUAL"
USUAL_H = 8
"""Hours between payments of a market that the list of other intervals does not name."""


class BinanceRest:
    """Binance's `PublicRest`, and its `BookRest`."""

    def __init__(
        self, network: Network, url: str, is_spot: bool, now_ns: Callable[[], int]
    ) -> None:
        self._rest = Rest(network, url)
        self._is_spot = is_spot
        self._path = "/api/v3" if is_spot else "/fapi/v1"
        self._now_ns = now_ns

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every market of our kind."""
        told = (await self._rest.get(f"{self._path}/exchangeInfo", wire.Symbols)).symbols
        return [self._market(each) for each in told if self._is_ours(each)]

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask."""
        path = f"{self._path}/ticker/bookTicker"
        told = await self._rest.get(path, wire.Touch, symbol=symbol)
        return told.bidPrice, told.askPrice

    async def rates(self, symbol: str) -> Rates:
        """Return marks and funding; raise Told for a spot market, which has none."""
        if self._is_spot:
            raise Told("", f"{symbol} is a spot market: it has no funding", 0, INVALID)
        told = await self._rest.get("/fapi/v1/premiumIndex", wire.Premium, symbol=symbol)
        due_ms = told.nextFundingTime or None
        hours = (await self.intervals()).get(symbol, USUAL_H)
        return Rates(symbol, told.markPrice, told.indexPrice, told.lastFundingRate, due_ms, hours)

    async def intervals(self) -> Mapping[str, int]:
        """Return the hours between payments of perpetuals that have others than usual."""
        told = await self._rest.get("/fapi/v1/fundingInfo", list[wire.Interval])
        return {each.symbol: each.fundingIntervalHours for each in told}

    async def book(self, symbol: str) -> Book:
        """Return the book as it stood at its id."""
        path = f"{self._path}/depth"
        told = await self._rest.get(path, wire.Snapshot, symbol=symbol, limit=DEPTH)
        venue_ns = self._now_ns() if told.T is None else told.T * MS
        return Book(symbol, True, told.lastUpdateId, 0, told.bids, told.asks, venue_ns)

    def _is_ours(self, told: wire.Symbol) -> bool:
        if self._is_spot:
            return True
        return told.contractType == PERPETUAL and told.marginAsset == told.quoteAsset

    def _market(self, told: wire.Symbol) -> Mapping[str, Any]:
        rules = {each.filterType: each for each in told.filters}
        none = wire.Filter("")
        price, lot = rules.get("PRICE_FILTER", none), rules.get("LOT_SIZE", none)
        cost = rules.get("NOTIONAL", rules.get("MIN_NOTIONAL", none))
        return market(
            told.symbol,
            told.baseAsset,
            told.quoteAsset,
            is_spot=self._is_spot,
            is_active=told.status == TRADING,
            tick=price.tickSize,
            lot=lot.stepSize,
            least=lot.minQty or None,
            least_cost=cost.notional or cost.minNotional,
        )
