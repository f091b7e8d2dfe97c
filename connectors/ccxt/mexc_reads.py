"""Read an account's books at MEXC spot: whole answers or VenueError."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from connectors.ccxt import mexc_wire as wire
from connectors.ccxt.account_reads import AccountReads
from connectors.ccxt.clock import told_clock
from connectors.ccxt.library import Exchange
from connectors.ccxt.mexc_words import own_order, own_trade
from connectors.ccxt.names import Names
from connectors.ccxt.native.mexc_rest import MexcRest
from connectors.ccxt.network import Network
from connectors.ccxt.units import decimal
from connectors.ccxt.wallet import Balance
from connectors.ccxt.words import OwnFill, OwnOrder, OwnPosition, Rates
from connectors.model.account import Payment
from connectors.model.errors import Plan, VenueError

DAY_MS = 86_400_000
TRADES_PAGE, ORDERS_PAGE = 100, 1000
TRADES_MS, ORDERS_MS = 30 * DAY_MS, 7 * DAY_MS - 60_000
"""How far back trades and orders can be asked for."""
MOST_PAGES = 2000


class MexcReads(AccountReads):
    """The reads of one account."""

    def __init__(
        self, exchange: Exchange, network: Network, public: MexcRest, names: Names
    ) -> None:
        super().__init__(exchange, network)
        self._public = public
        self._names = names

    async def set_clock(self) -> None:
        """Learn how far the venue's clock is from ours."""
        before_ns = self._network.clock.now_ns()
        told_clock(self._network, await self._public.time_ms() * 1_000_000, before_ns)

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every spot market in ccxt's words: it has to know those that it sends orders to.

        What it would load by itself are contracts', too.
        """
        await self.ask_clock()
        rows = await self._reader.ask("markets", self._exchange.fetch_spot_markets)
        return list(self._exchange.set_markets(rows).values())

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, empty where a side is."""
        return await self._reader.ask("book", lambda: self._public.touch(symbol))

    async def rates(self, symbol: str) -> Rates:
        """Raise: there is no funding."""
        return await self._reader.ask("funding", lambda: self._public.rates(symbol))

    async def account(self) -> str:
        """Return the account's number."""
        return self._as(await self._said("uid", "spotPrivateGetUid", {}), "uid", wire.Uid).uid

    async def books(self) -> wire.Account:
        """Return what is held, and whether that may be traded."""
        said = await self._said("account", "spotPrivateGetAccount", {})
        return self._as(said, "account", wire.Account)

    async def balances(self) -> Mapping[str, Balance]:
        """Return what is held by currency."""
        told = (await self.books()).balances
        return {row.asset: Balance(decimal(row.free), decimal(row.locked)) for row in told}

    async def position(self, symbol: str) -> OwnPosition:
        """Raise: a wallet has no positions."""
        raise VenueError(f"{self._network.venue} {symbol}: a spot market has no position")

    async def fee_bps(self, symbol: str) -> tuple[Decimal, Decimal]:
        """Return what the account pays on a market as maker and as taker [bps]."""
        said = await self._said("fees", "spotPrivateGetTradeFee", {"symbol": symbol})
        told = self._as(said, "fees", wire.Commissions).data
        rates = (told.makerCommission, told.takerCommission)
        maker, taker = (decimal(str(rate)) * 10_000 for rate in rates)
        return maker, taker

    async def deducts(self) -> bool:
        """Tell whether fees are taken out of MX."""
        said = await self._said("MX deduction", "spotPrivateGetMxDeductEnable", {})
        return self._as(said, "MX deduction", wire.Deductions).data.mxDeductEnable

    async def open_orders(self, symbol: str) -> list[OwnOrder]:
        """Return every order that rests."""
        said = await self._said("orders", "spotPrivateGetOpenOrders", {"symbol": symbol})
        return self._noted(self._as(said, "orders", list[wire.Order]))

    async def last_orders(self, symbol: str) -> list[OwnOrder]:
        """Return the week's orders, the latest surely among them.

        The venue does not say which ones a full page leaves out: what may have followed the last
        of it is asked for too.
        """
        now_ms = self._network.now_ms()
        since_ms, found = now_ms - ORDERS_MS, dict[str, OwnOrder]()
        for _ in range(MOST_PAGES):
            asked = {"symbol": symbol, "startTime": since_ms, "endTime": now_ms}
            words = {**asked, "limit": ORDERS_PAGE}
            said = await self._said("orders", "spotPrivateGetAllOrders", words)
            rows = self._as(said, "orders", list[wire.Order])
            found |= {order.order_id: order for order in self._noted(rows)}
            newest_ms = max((row.time or 0 for row in rows), default=0)
            if len(rows) < ORDERS_PAGE or newest_ms <= since_ms:
                return list(found.values())
            since_ms = newest_ms
        raise VenueError(f"{self._network.venue} orders: no end of their pages")

    async def order(self, symbol: str, client_text: str) -> OwnOrder | None:
        """Return an order by our id, or None where the venue knows none."""
        return await self._order({"symbol": symbol, "origClientOrderId": client_text})

    async def fills(self, symbol: str, since_ms: int) -> list[OwnFill]:
        """Return our trades from a moment on."""
        now_ms = self._network.now_ms()
        start_ms, found = max(since_ms, now_ms - TRADES_MS), dict[str, wire.Trade]()
        while start_ms <= now_ms:
            last_ms = min(start_ms + DAY_MS - 1, now_ms)
            found |= await self._within(symbol, start_ms, last_ms)
            start_ms = last_ms + 1
        return await self._told(sorted(found.values(), key=lambda row: row.time))

    async def last_fills(self, symbol: str) -> list[OwnFill]:
        """Return the latest trades, a page of them."""
        return await self._told(await self._trades({"symbol": symbol}))

    async def payments(self, symbol: str, since_ms: int) -> list[Payment]:
        """Return nothing: spot pays no funding."""
        return []

    async def _within(self, symbol: str, first_ms: int, last_ms: int) -> dict[str, wire.Trade]:
        """Return the trades of a span, by the venue's ids of both.

        A full page is the span's oldest or its newest part, and the venue does not say which: what
        is before its first moment and after its last one is asked for, too.
        """
        due, found = [(first_ms, last_ms)], dict[str, wire.Trade]()
        for _ in range(MOST_PAGES):
            if not due:
                return found
            start_ms, end_ms = due.pop()
            span = {"symbol": symbol, "startTime": start_ms, "endTime": end_ms}
            rows = await self._trades(span)
            found |= {f"{row.orderId}:{row.id}": row for row in rows}
            if len(rows) < TRADES_PAGE:
                continue
            oldest_ms, newest_ms = min(row.time for row in rows), max(row.time for row in rows)
            if oldest_ms == newest_ms:
                raise VenueError(
                    f"{self._network.venue} {symbol}: expected less than {TRADES_PAGE} trades of"
                    f" one moment, were as many at {oldest_ms}: book them by hand",
                    Plan.HALT,
                )
            due += [(start_ms, oldest_ms), (newest_ms, end_ms)]
        raise VenueError(f"{self._network.venue} trades: no end of their pages")

    async def _trades(self, asked: Mapping[str, Any]) -> list[wire.Trade]:
        words = {**asked, "limit": TRADES_PAGE}
        said = await self._said("trades", "spotPrivateGetMyTrades", words)
        return self._as(said, "trades", list[wire.Trade])

    async def _told(self, rows: Sequence[wire.Trade]) -> list[OwnFill]:
        """Return trades with the ids of their orders, which are asked for where nobody knows."""
        return [own_trade(row, await self._name_of(row)) for row in rows]

    async def _name_of(self, row: wire.Trade) -> str:
        text = row.clientOrderId or self._names.find(row.symbol, row.orderId)
        if text is not None:
            return text
        found = await self._order({"symbol": row.symbol, "orderId": row.orderId})
        if found is None:
            raise VenueError(
                f"{self._network.venue} {row.symbol}: trade {row.id} is of order {row.orderId},"
                " which the venue does not know: try again, or book it by hand"
            )
        return found.client_text

    async def _order(self, by: Mapping[str, Any]) -> OwnOrder | None:
        ask = self._exchange.spotPrivateGetOrder
        said = await self._found("order", lambda: ask(dict(by)))
        return None if said is None else self._noted([self._as(said, "order", wire.Order)])[0]

    def _noted(self, rows: Sequence[wire.Order]) -> list[OwnOrder]:
        """Return orders, and remember which of our ids each has."""
        for row in rows:
            self._names.note(row.symbol, row.orderId, row.clientOrderId or "")
        return [own_order(row) for row in rows]
