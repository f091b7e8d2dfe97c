"""Read an account's books at Binance spot: whole answers or VenueError."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NoReturn

from connectors.ccxt import binance_spot_wire as wire
from connectors.ccxt.binance_reads import DAY_MS, BinanceReads
from connectors.ccxt.units import decimal
from connectors.ccxt.wallet import Balance
from connectors.ccxt.words import Rates
from connectors.model.account import Payment
from connectors.model.errors import Plan, VenueError


class BinanceSpotReads(BinanceReads):
    """The reads of one account that holds currencies."""

    time = "publicGetTime"
    best = "publicGetTickerBookTicker"
    open = "privateGetOpenOrders"
    all = "privateGetAllOrders"
    one = "privateGetOrder"
    trades = "privateGetMyTrades"
    trade = wire.Trade
    span_ms = DAY_MS - 1

    async def account(self) -> str:
        """Return the account's number."""
        return str((await self.books()).uid)

    async def books(self) -> wire.Account:
        """Return the whole account."""
        what, asked = "account", {"omitZeroBalances": "true"}
        return self._as(await self._said(what, "privateGetAccount", asked), what, wire.Account)

    async def balances(self) -> Mapping[str, Balance]:
        """Return what is held by currency."""
        told = (await self.books()).balances
        return {row.asset: Balance(decimal(row.free), decimal(row.locked)) for row in told}

    async def setting(self, symbol: str) -> NoReturn:
        """Raise: a wallet has no positions."""
        raise VenueError(f"{self._network.venue} {symbol}: a spot market has no position")

    async def fee_bps(self, symbol: str) -> tuple[Decimal, Decimal]:
        """Return what the account pays on a market as maker and as taker [bps], without a discount:
        whether there is something to pay it with nobody knows beforehand."""
        return fees_of(await self.commission(symbol))

    async def commission(self, symbol: str) -> wire.Commission:
        """Return what an account pays on a market, and out of what."""
        said = await self._said("fees", "privateGetAccountCommission", {"symbol": symbol})
        return self._as(said, "fees", wire.Commission)

    async def payments(self, symbol: str, since_ms: int) -> list[Payment]:
        """Return nothing: spot pays no funding."""
        return []

    async def rates(self, symbol: str) -> Rates:
        """Raise: there is no funding."""
        raise VenueError(f"{self._network.venue} {symbol}: a spot market has no funding", Plan.HALT)


def fees_of(told: wire.Commission) -> tuple[Decimal, Decimal]:
    """Return fees as maker and as taker [bps]: all kinds of them, before any discount."""
    rates = (told.standardCommission, told.taxCommission, told.specialCommission)
    more = sum((max(decimal(r.buyer), decimal(r.seller)) for r in rates), Decimal(0))
    maker = sum((decimal(rate.maker) for rate in rates), more)
    taker = sum((decimal(rate.taker) for rate in rates), more)
    return maker * 10_000, taker * 10_000
