"""Read an account's books at KuCoin futures: whole answers or VenueError."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from connectors.ccxt import kucoin_wire as wire
from connectors.ccxt.account_reads import AccountReads
from connectors.ccxt.clock import told_clock
from connectors.ccxt.kucoin_sent import Sent
from connectors.ccxt.kucoin_words import (
    OURS,
    SETTLED_IN,
    own_fill,
    own_order,
    own_position,
    own_wallet,
)
from connectors.ccxt.library import Exchange
from connectors.ccxt.native.kucoin_rest import KucoinRest
from connectors.ccxt.network import Network
from connectors.ccxt.units import decimal
from connectors.ccxt.words import OwnFill, OwnOrder, OwnPosition, OwnWallet, Rates
from connectors.model.account import Payment
from connectors.model.errors import Plan, VenueError
from connectors.socket import Malformed

T = TypeVar("T")
PAGE = 500
"""Rows of a page, where a thousand are the most."""
MOST_PAGES = 2000
DAY_MS = 86_400_000
SPAN_MS = 7 * DAY_MS - 1
"""The longest span that one read of trades may cover."""
HISTORY_MS = 180 * DAY_MS
PAID_SPAN_MS = 3 * DAY_MS
"""A span in which funding is paid less often than an answer has rows, were it each hour."""
PAID_ROWS = 100


class KucoinReads(AccountReads):
    """The reads of one account. `margin_mode` is the one that its orders name."""

    def __init__(
        self,
        exchange: Exchange,
        network: Network,
        public: KucoinRest,
        sent: Sent,
        margin_mode: str,
    ) -> None:
        super().__init__(exchange, network)
        self._public = public
        self._sent = sent
        self._margin_mode = margin_mode.upper()

    async def set_clock(self) -> None:
        """Learn how far the venue's clock is from ours."""
        before_ns = self._network.clock.now_ns()
        told_clock(self._network, await self._public.time_ms() * 1_000_000, before_ns)

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every linear perpetual in ccxt's words."""
        await self.ask_clock()
        return await self._reader.ask("markets", self._public.markets)

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, empty where a side is."""
        return await self._reader.ask("book", lambda: self._public.touch(symbol))

    async def rates(self, symbol: str) -> Rates:
        """Return mark and funding, with the market's own interval."""
        return await self._reader.ask("funding", lambda: self._public.rates(symbol))

    async def account(self) -> str:
        """Return the account's number."""
        return str((await self.key()).uid)

    async def key(self) -> wire.Key:
        """Return whose the API key is, and what it may."""
        return await self._data("account", "privateGetUserApiKey", {}, wire.Key)

    async def is_one_way(self) -> bool:
        """Tell whether both sides of every market net."""
        method = "futuresPrivateGetPositionGetPositionMode"
        mode = await self._data("position mode", method, {}, wire.PositionMode)
        return mode.positionMode == 0

    async def margin_mode(self, symbol: str) -> str:
        """Return a market's margin mode: ``cross`` or ``isolated``."""
        method, asked = "futuresPrivateGetPositionGetMarginMode", {"symbol": symbol}
        return (await self._data("margin mode", method, asked, wire.MarginMode)).marginMode.lower()

    async def cross_leverage(self, symbol: str) -> str:
        """Return a market's leverage in cross margin."""
        method, asked = "futuresPrivateGetGetCrossUserLeverage", {"symbol": symbol}
        return (await self._data("leverage", method, asked, wire.Leverage)).leverage

    async def fee_bps(self, symbol: str) -> tuple[Decimal, Decimal]:
        """Return what the account pays on a market as maker and as taker [bps]."""
        asked = {"symbol": symbol}
        told = await self._data("fees", "futuresPrivateGetTradeFees", asked, wire.Fees)
        try:
            return decimal(told.makerFeeRate) * 10_000, decimal(told.takerFeeRate) * 10_000
        except Malformed as error:
            raise self._not_as_documented("fees", error) from None

    async def position(self, symbol: str) -> OwnPosition:
        """Return the position in a market, flat or not.

        Raises VenueError where sides are held apart, or something is held in the other margin mode.
        """
        method, asked = "futuresPrivateGetPosition", {"symbol": symbol}
        held = await self._data("position", method, asked, wire.PositionEvent)
        if held.symbol != symbol or held.currentQty is None:
            raise self._not_as_documented("position", f"{held.symbol[:40]} without a size")
        if held.currentQty and (held.positionSide, held.mode) != ("BOTH", self._margin_mode):
            raise VenueError(
                f"{self._network.venue} {symbol}: expected one net position in"
                f" {self._margin_mode} margin, was {held.currentQty} {held.positionSide} in"
                f" {held.mode}: close it by hand",
                Plan.HALT,
            )
        return own_position(held)

    async def wallet(self) -> OwnWallet:
        """Return what the account is worth by now."""
        method, asked = "futuresPrivateGetAccountOverview", {"currency": SETTLED_IN}
        return own_wallet(await self._data("money", method, asked, wire.Overview))

    async def open_orders(self, symbol: str) -> list[OwnOrder]:
        """Return every order that rests."""
        return await self._orders({"symbol": symbol, "status": "active"})

    async def last_orders(self, symbol: str) -> list[OwnOrder]:
        """Return the orders that ended last, a page of them."""
        asked = {"symbol": symbol, "status": "done", "pageSize": PAGE, "currentPage": 1}
        page = await self._data("orders", "futuresPrivateGetOrders", asked, wire.Orders)
        return [own_order(row, self._sent) for row in page.items]

    async def order(self, symbol: str, client_text: str) -> OwnOrder | None:
        """Return an order by our id, or None where the venue knows none."""
        asked = {"clientOid": client_text}
        ask = self._exchange.futuresPrivateGetOrdersByClientOid
        return await self._one_order(lambda: ask(asked))

    async def fills(self, symbol: str, since_ms: int) -> list[OwnFill]:
        """Return our trades from a moment on, what the venue has closed by itself included."""
        now_ms = self._network.now_ms()
        start_ms = max(since_ms, now_ms - HISTORY_MS)
        found: dict[str, wire.Trade] = {}
        while start_ms <= now_ms:
            span = {"symbol": symbol, "startAt": start_ms, "endAt": start_ms + SPAN_MS}
            found |= {f"{row.orderId}:{row.tradeId}": row for row in await self._trades(span)}
            start_ms += SPAN_MS + 1
        return await self._named(list(found.values()))

    async def last_fills(self, symbol: str) -> list[OwnFill]:
        """Return the latest of our trades, those of a day, or a page of those of a week."""
        asked: Mapping[str, Any] = {"symbol": symbol}
        rows = await self._data("trades", "futuresPrivateGetRecentFills", asked, list[wire.Trade])
        if not rows:
            page = {**asked, "pageSize": PAGE, "currentPage": 1}
            told = await self._data("trades", "futuresPrivateGetFills", page, wire.Trades)
            rows = told.items
        return await self._named(rows)

    async def payments(self, symbol: str, since_ms: int) -> list[Payment]:
        """Return the funding of our position from a moment on."""
        now_ms, found = self._network.now_ms(), list[wire.Paid]()
        start_ms = max(since_ms, now_ms - HISTORY_MS)
        while start_ms <= now_ms:
            asked = {
                "symbol": symbol,
                "startAt": start_ms,
                "endAt": start_ms + PAID_SPAN_MS - 1,
                "maxCount": PAID_ROWS,
            }
            method = "futuresPrivateGetFundingHistory"
            told = await self._data("funding", method, asked, wire.Payments)
            if told.hasMore:
                raise self._not_as_documented("funding", f"more than {PAID_ROWS} in three days")
            found += told.dataList
            start_ms += PAID_SPAN_MS
        return [_payment(row) for row in found if row.symbol == symbol]

    async def _orders(self, asked: Mapping[str, Any]) -> list[OwnOrder]:
        rows = await self._paged("orders", "futuresPrivateGetOrders", asked, wire.Orders)
        return [own_order(row, self._sent) for row in {row.id: row for row in rows}.values()]

    async def _trades(self, asked: Mapping[str, Any]) -> list[wire.Trade]:
        rows: list[wire.Trade]
        rows = await self._paged("trades", "futuresPrivateGetFills", asked, wire.Trades)
        return rows

    async def _paged(self, what: str, method: str, asked: Mapping[str, Any], kind: Any) -> Any:
        """Return the rows of all pages: news move rows on to the next, and leave none out."""
        rows: list[Any] = []
        for number in range(1, MOST_PAGES):
            words = {**asked, "pageSize": PAGE, "currentPage": number}
            page = await self._data(what, method, words, kind)
            rows += page.items
            if number >= page.totalPage:
                return rows
        raise VenueError(f"{self._network.venue} {what}: no end of its pages")

    async def _named(self, rows: list[wire.Trade]) -> list[OwnFill]:
        """Return trades with the ids of their orders, which are asked for where nobody knows."""
        return [own_fill(row, await self._name_of(row), self._sent) for row in rows]

    async def _name_of(self, row: wire.Trade) -> str:
        text = self._sent.names.find(row.symbol, row.orderId)
        if text is not None or row.tradeType != OURS:
            return text or ""
        ask = self._exchange.futuresPrivateGetOrdersOrderId
        found = await self._one_order(lambda: ask({"orderId": row.orderId}))
        if found is None:
            raise VenueError(
                f"{self._network.venue} {row.symbol}: trade {row.tradeId} is of order"
                f" {row.orderId}, which the venue does not know: try again, or book it by hand"
            )
        return found.client_text

    async def _one_order(self, ask: Callable[[], Awaitable[Any]]) -> OwnOrder | None:
        said = await self._found("order", ask)
        if said is None:
            return None
        return own_order(self._within(said, "order", wire.Order), self._sent)

    async def _data(self, what: str, method: str, asked: Mapping[str, Any], kind: type[T]) -> T:
        return self._within(await self._said(what, method, asked), what, kind)

    def _within(self, said: Any, what: str, kind: type[T]) -> T:
        if not isinstance(said, dict) or "data" not in said:
            raise self._not_as_documented(what, str(said)[:120])
        return self._as(said["data"], what, kind)


def _payment(row: wire.Paid) -> Payment:
    paid_ns = row.timePoint * 1_000_000
    return Payment(str(row.id), paid_ns, Decimal(str(row.funding)), row.settleCurrency)
