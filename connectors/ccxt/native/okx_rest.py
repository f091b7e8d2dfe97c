"""Ask OKX's public REST of linear perpetuals."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from connectors.ccxt.answers import RATE, UNKNOWN, Told
from connectors.ccxt.native import okx_wire as wire
from connectors.ccxt.native.listed import market
from connectors.ccxt.native.okx import HOUR_MS
from connectors.ccxt.native.rest import NO_HEADERS, Headers, Rest, T, converted
from connectors.ccxt.network import Network
from connectors.ccxt.words import Rates
from connectors.socket import Malformed

TOO_FAST = ("50011", "50061")
LINEAR, LIVE, SWAP = "linear", "live", "SWAP"


class Answer(Struct):
    """What every answer is."""

    code: str
    msg: str = ""
    data: list[Any] = []


class OkxRest:
    """OKX's `PublicRest`."""

    def __init__(self, network: Network, url: str, headers: Headers = NO_HEADERS) -> None:
        """`headers` tell the venue which of its networks is meant."""
        self._rest = Rest(network, url, headers)

    async def time_ms(self) -> int:
        """Return the venue's time."""
        return (await self._one("/api/v5/public/time", wire.Time)).ts

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every linear perpetual."""
        told = await self._ask("/api/v5/public/instruments", wire.Instrument, instType=SWAP)
        return [_market(each) for each in told if each.ctType == LINEAR]

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, empty where a side is."""
        book = await self._one("/api/v5/market/books", wire.Best, instId=symbol, sz=1)
        bids, asks = book.bids, book.asks
        return bids[0][0] if bids else "", asks[0][0] if asks else ""

    async def rates(self, symbol: str) -> Rates:
        """Return mark and funding."""
        funding = await self._one("/api/v5/public/funding-rate", wire.FundingRow, instId=symbol)
        path = "/api/v5/public/mark-price"
        mark = await self._one(path, wire.MarkRow, instType=SWAP, instId=symbol)
        every_ms = funding.nextFundingTime - funding.fundingTime
        hours = every_ms // HOUR_MS if every_ms > 0 else None
        return Rates(symbol, mark.markPx, None, funding.fundingRate, funding.fundingTime, hours)

    async def _one(self, path: str, kind: type[T], **query: str | int) -> T:
        rows = await self._ask(path, kind, **query)
        if not rows:
            raise Malformed(f"{path}: expected a row, was none")
        return rows[0]

    async def _ask(self, path: str, kind: type[T], **query: str | int) -> list[T]:
        answer = await self._rest.get(path, Answer, **query)
        if answer.code != "0":
            meaning = RATE if answer.code in TOO_FAST else UNKNOWN
            raise Told(answer.code, answer.msg, 200, meaning)
        return [converted(row, kind, path) for row in answer.data]


def _market(told: wire.Instrument) -> Mapping[str, Any]:
    base, _, quote = told.instFamily.partition("-")
    made = market(
        told.instId,
        base,
        quote,
        is_spot=False,
        is_active=told.state == LIVE,
        tick=told.tickSz,
        lot=told.lotSz,
        least=told.minSz,
        least_cost=None,
        contract_size=told.ctVal,
    )
    return {**made, "symbol": f"{base}/{quote}:{told.settleCcy}"}
