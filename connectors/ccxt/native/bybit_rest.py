"""Ask Bybit's public REST of linear perpetuals."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from connectors.ccxt.answers import RATE, UNKNOWN, Told
from connectors.ccxt.native.listed import market
from connectors.ccxt.native.rest import Rest, T, converted
from connectors.ccxt.network import Network
from connectors.ccxt.words import Rates
from connectors.socket import Malformed

PERPETUAL = "LinearPerpetual"
TRADING = "Trading"
PAGE = 1000
MOST_PAGES = 20
TOO_FAST = (10006, 10018)


class PriceFilter(Struct):
    """A market's step of price."""

    tickSize: str


class LotFilter(Struct):
    """A market's sizes."""

    minOrderQty: str
    qtyStep: str
    minNotionalValue: str = "0"


class Instrument(Struct):
    """A market's description."""

    symbol: str
    contractType: str
    status: str
    baseCoin: str
    quoteCoin: str
    priceFilter: PriceFilter
    lotSizeFilter: LotFilter


class Page(Struct):
    """Some of the markets, and where the next ones begin."""

    list: list[Instrument]
    nextPageCursor: str = ""


class Ticker(Struct):
    """A market's touch, marks and funding."""

    symbol: str
    bid1Price: str = ""
    ask1Price: str = ""
    markPrice: str = ""
    indexPrice: str = ""
    fundingRate: str = ""
    nextFundingTime: int = 0
    fundingIntervalHour: int | None = None


class Tickers(Struct):
    """Tickers as they were asked for."""

    list: list[Ticker]


class Answer(Struct):
    """What every answer begins with."""

    retCode: int
    retMsg: str = ""
    result: dict[str, Any] = {}


class BybitRest:
    """Bybit's `PublicRest`."""

    def __init__(self, network: Network, url: str) -> None:
        self._rest = Rest(network, url)

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every perpetual, page by page."""
        found: list[Instrument] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            more = {"cursor": cursor} if cursor else {}
            page = await self._ask("/v5/market/instruments-info", Page, limit=PAGE, **more)
            found += page.list
            cursor = page.nextPageCursor
            if not cursor:
                return [_market(each) for each in found if each.contractType == PERPETUAL]
        raise Malformed(f"more than {MOST_PAGES} pages of markets")

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask."""
        told = await self._ticker(symbol)
        return told.bid1Price, told.ask1Price

    async def rates(self, symbol: str) -> Rates:
        """Return marks and funding."""
        told = await self._ticker(symbol)
        return Rates(
            symbol,
            told.markPrice,
            told.indexPrice,
            told.fundingRate,
            told.nextFundingTime,
            told.fundingIntervalHour,
        )

    async def _ticker(self, symbol: str) -> Ticker:
        tickers = (await self._ask("/v5/market/tickers", Tickers, symbol=symbol)).list
        for ticker in tickers:
            if ticker.symbol == symbol:
                return ticker
        raise Malformed(f"tickers without {symbol}")

    async def _ask(self, path: str, kind: type[T], **query: str | int) -> T:
        answer = await self._rest.get(path, Answer, category="linear", **query)
        if answer.retCode:
            meaning = RATE if answer.retCode in TOO_FAST else UNKNOWN
            raise Told(str(answer.retCode), answer.retMsg, 200, meaning)
        return converted(answer.result, kind, path)


def _market(told: Instrument) -> Mapping[str, Any]:
    sizes = told.lotSizeFilter
    return market(
        told.symbol,
        told.baseCoin,
        told.quoteCoin,
        is_spot=False,
        is_active=told.status == TRADING,
        tick=told.priceFilter.tickSize,
        lot=sizes.qtyStep,
        least=sizes.minOrderQty,
        least_cost=sizes.minNotionalValue,
    )
