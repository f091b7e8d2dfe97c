"""Read an account's books at Binance spot: whole answers or VenueError."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from connectors.ccxt import binance_spot_wire as wire
from connectors.ccxt.answers import Meaning, Told
from connectors.ccxt.binance_reads import MOST_PAGES, PAGE, BinanceReads
from connectors.ccxt.binance_words import own_fill
from connectors.ccxt.clock import told_clock
from connectors.ccxt.units import decimal
from connectors.ccxt.wallet import Balance
from connectors.ccxt.words import OwnFill, OwnOrder, Rates
from connectors.model.account import Fee, Payment
from connectors.model.errors import Plan, VenueError

DAY_MS = 86_400_000
"""The longest span that one read of trades may cover."""
HISTORY_MS = 180 * DAY_MS


class BinanceSpotReads(BinanceReads):
    """The reads of one account that holds currencies."""

    async def set_clock(self) -> None:
        """Learn how far the venue's clock is from ours."""
        before_ns = self._network.clock.now_ns()
        said = await self._exchange.publicGetTime()
        told_clock(self._network, int(said["serverTime"]) * 1_000_000, before_ns)

    async def account(self) -> str:
        """Return the account's number."""
        return str((await self.books()).uid)

    async def books(self) -> wire.Account:
        """Return the whole account."""
        asked = {"omitZeroBalances": "true"}
        said = await self._ask("account", "privateGetAccount", asked)
        return self._one("account", said, wire.Account)

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
        said = await self._ask("fees", "privateGetAccountCommission", {"symbol": symbol})
        return self._one("fees", said, wire.Commission)

    async def open_orders(self, symbol: str) -> list[OwnOrder]:
        """Return every order that rests."""
        return await self._orders("privateGetOpenOrders", {"symbol": symbol})

    async def last_orders(self, symbol: str) -> list[OwnOrder]:
        """Return the orders that were sent last, a page of them."""
        return await self._orders("privateGetAllOrders", {"symbol": symbol, "limit": PAGE})

    async def fills(self, symbol: str, since_ms: int) -> list[OwnFill]:
        """Return our trades from a moment on."""
        now_ms = self._network.now_ms()
        start_ms = max(since_ms, now_ms - HISTORY_MS)
        while start_ms <= now_ms:
            span = {"symbol": symbol, "startTime": start_ms, "endTime": start_ms + DAY_MS - 1}
            rows = await self._own_trades(span)
            if rows:
                return await self._told(await self._following(symbol, rows))
            start_ms += DAY_MS
        return []

    async def last_fills(self, symbol: str) -> list[OwnFill]:
        """Return the latest trades, a page of them."""
        return await self._told(await self._own_trades({"symbol": symbol}))

    async def payments(self, symbol: str, since_ms: int) -> list[Payment]:
        """Return nothing: spot pays no funding."""
        return []

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask; texts that are empty where a side is."""
        said = await self._ask("touch", "publicGetTickerBookTicker", {"symbol": symbol})
        best = [str(said[f"{side}Price"]) for side in ("bid", "ask")]
        bid, ask = ("" if not decimal(price) else price for price in best)
        return bid, ask

    async def rates(self, symbol: str) -> Rates:
        """Raise: there is no funding."""
        raise VenueError(f"{self._network.venue} {symbol}: a spot market has no funding", Plan.HALT)

    async def _own_trades(self, asked: Mapping[str, Any]) -> list[wire.Trade]:
        words = {**asked, "limit": PAGE}
        return await self._typed("trades", "privateGetMyTrades", words, wire.Trade)

    async def _following(self, symbol: str, rows: list[wire.Trade]) -> list[wire.Trade]:
        """Return these trades and all that followed them, page by page of rising ids."""
        found = {row.id: row for row in rows}
        for _ in range(MOST_PAGES):
            page = await self._own_trades({"symbol": symbol, "fromId": max(found) + 1})
            found |= {row.id: row for row in page}
            if len(page) < PAGE:
                return [found[number] for number in sorted(found)]
        raise VenueError(f"{self._network.venue} trades: no end of its pages")

    async def _told(self, rows: list[wire.Trade]) -> list[OwnFill]:
        """Return trades with the ids of their orders, which are asked for where nobody knows."""
        return [await self._fill(row) for row in rows]

    async def _fill(self, row: wire.Trade) -> OwnFill:
        text = self._names.find(row.symbol, row.orderId)
        if text is None:
            found = await self._order(row.symbol, {"orderId": row.orderId})
            if found is None:
                raise VenueError(
                    f"{self._network.venue} {row.symbol}: trade {row.id} is of order"
                    f" {row.orderId}, which the venue does not know: try again, or book it by hand"
                )
            text = found.client_text
        fee = Fee(decimal(row.commission), row.commissionAsset)
        size = (row.price, row.qty, row.maker, row.time, fee)
        return own_fill(row.symbol, row.id, row.orderId, text, row.side, *size)

    async def _order(self, symbol: str, by: Mapping[str, Any]) -> OwnOrder | None:
        async def read() -> Any:
            try:
                return await self._exchange.privateGetOrder({"symbol": symbol, **by})
            except Told as told:
                if told.answer.meaning is Meaning.NOT_FOUND:
                    return []
                raise

        found = self._known(await self._reader.ask("order", read))
        return found[0] if found else None


def fees_of(told: wire.Commission) -> tuple[Decimal, Decimal]:
    """Return fees as maker and as taker [bps]: all kinds of them, before any discount."""
    rates = (told.standardCommission, told.taxCommission, told.specialCommission)
    more = sum((max(decimal(r.buyer), decimal(r.seller)) for r in rates), Decimal(0))
    maker = sum((decimal(rate.maker) for rate in rates), more)
    taker = sum((decimal(rate.taker) for rate in rates), more)
    return maker * 10_000, taker * 10_000
