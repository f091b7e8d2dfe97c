"""Ask KuCoin's public REST of linear perpetuals."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from connectors.ccxt.answers import RATE, UNKNOWN, Told
from connectors.ccxt.native import kucoin_wire as wire
from connectors.ccxt.native.kucoin import shown
from connectors.ccxt.native.listed import market
from connectors.ccxt.native.rest import Rest, T, converted
from connectors.ccxt.network import Network
from connectors.ccxt.words import Book, Rates

DONE = "200000"
TOO_FAST = ("200002", "429000", "1015")
PERPETUAL, OPEN, SETTLED_IN = "FFWCSX", "Open", "USDT"
HOUR_MS = 3_600_000
NAMES = {"XBT": "BTC"}
"""What the venue calls otherwise than everybody."""


class Answer(Struct):
    """What every answer is."""

    code: str
    msg: str = ""
    data: Any = None


class KucoinRest:
    """KuCoin futures' `PublicRest`, and its `BookRest`."""

    def __init__(self, network: Network, url: str) -> None:
        self._rest = Rest(network, url)

    async def time_ms(self) -> int:
        """Return the venue's time."""
        return await self._ask("/api/v1/timestamp", int)

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every linear perpetual that is settled in USDT."""
        return [_market(each) for each in await self._contracts()]

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, empty where a side is."""
        told = await self._ask("/api/v1/ticker", wire.Ticker, symbol=symbol)
        bid, ask = (str(price or "") for price in (told.bestBidPrice, told.bestAskPrice))
        return bid, ask

    async def rates(self, symbol: str) -> Rates:
        """Return mark, index and funding, with the market's own interval."""
        return _rates(await self._ask(f"/api/v1/contracts/{symbol}", wire.Contract))

    async def fundings(self) -> Mapping[str, Rates]:
        """Return what each market announces of funding."""
        return {each.symbol: _rates(each) for each in await self._contracts()}

    async def book(self, symbol: str) -> Book:
        """Return the book as it stood at its number."""
        told = await self._ask("/api/v1/level2/snapshot", wire.Snapshot, symbol=symbol)
        return Book(symbol, True, told.sequence, 0, told.bids, told.asks, told.ts)

    async def bullet(self) -> wire.Bullet:
        """Ask for what lets one connection in."""
        return self._told(await self._rest.post("/api/v1/bullet-public", Answer), wire.Bullet)

    async def _contracts(self) -> list[wire.Contract]:
        told = await self._ask("/api/v1/contracts/active", list[wire.Contract])
        return [each for each in told if _is_ours(each)]

    async def _ask(self, path: str, kind: type[T], **query: str) -> T:
        return self._told(await self._rest.get(path, Answer, **query), kind, path)

    def _told(self, answer: Answer, kind: type[T], what: str = "bullet") -> T:
        if answer.code != DONE:
            meaning = RATE if answer.code in TOO_FAST else UNKNOWN
            raise Told(answer.code, answer.msg, 200, meaning)
        return converted(answer.data, kind, what)


def _is_ours(told: wire.Contract) -> bool:
    return told.type == PERPETUAL and not told.isInverse and told.settleCurrency == SETTLED_IN


def _rates(told: wire.Contract) -> Rates:
    prices = shown(told.markPrice), shown(told.indexPrice)
    hours = (told.fundingRateGranularity or 0) // HOUR_MS or None
    due_ms = told.nextFundingRateDateTime
    return Rates(told.symbol, *prices, shown(told.fundingFeeRate), due_ms, hours)


def _market(told: wire.Contract) -> Mapping[str, Any]:
    base = NAMES.get(told.baseCurrency, told.baseCurrency)
    made = market(
        told.symbol,
        base,
        told.quoteCurrency,
        is_spot=False,
        is_active=told.status == OPEN,
        tick=str(told.tickSize),
        lot=str(told.lotSize),
        least=str(told.lotSize),
        least_cost=None,
        contract_size=str(told.multiplier),
    )
    return {**made, "symbol": f"{base}/{told.quoteCurrency}:{told.settleCurrency}"}
