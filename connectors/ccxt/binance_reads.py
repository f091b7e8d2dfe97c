"""Read an account's books at Binance's USD-M futures: whole answers or VenueError."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from connectors.ccxt import binance_wire as wire
from connectors.ccxt.account_reads import AccountReads
from connectors.ccxt.binance_words import own_fill, own_order, own_position
from connectors.ccxt.clock import told_clock
from connectors.ccxt.library import Exchange
from connectors.ccxt.names import Names
from connectors.ccxt.native.binance_rest import USUAL_H
from connectors.ccxt.network import Network
from connectors.ccxt.units import decimal
from connectors.ccxt.words import OwnFill, OwnOrder, OwnPosition, OwnWallet, Rates
from connectors.model.account import Fee, Payment
from connectors.model.errors import Plan, VenueError
from connectors.socket import Malformed

T = TypeVar("T")
DAY_MS = 86_400_000
HISTORY_MS = 180 * DAY_MS
"""How far back trades can be asked for."""
PAGE = 1000
MOST_PAGES = 2000


class Trade(Protocol):
    """A trade as either market tells it: `id` rises within a symbol."""

    symbol: str
    id: int
    orderId: int
    price: str
    qty: str
    commission: str
    commissionAsset: str
    time: int
    maker: bool

    @property
    def side(self) -> str: ...


class BinanceReads(AccountReads):
    """The reads of one account. Spot has the same answers to the same questions elsewhere."""

    time = "fapiPublicGetTime"
    best = "fapiPublicGetTickerBookTicker"
    open = "fapiPrivateGetOpenOrders"
    all = "fapiPrivateGetAllOrders"
    one = "fapiPrivateGetOrder"
    trades = "fapiPrivateGetUserTrades"
    trade: type[Trade] = wire.Trade
    span_ms = 7 * DAY_MS - 1
    """The longest span that one read of trades may cover."""

    def __init__(self, exchange: Exchange, network: Network, names: Names) -> None:
        super().__init__(exchange, network)
        self._names = names

    async def set_clock(self) -> None:
        """Learn how far the venue's clock is from ours."""
        before_ns = self._network.clock.now_ns()
        said = await getattr(self._exchange, self.time)()
        told_clock(self._network, int(said["serverTime"]) * 1_000_000, before_ns)

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every market in ccxt's words."""
        await self.ask_clock()
        ask = self._exchange.load_markets
        return list((await self._reader.ask("markets", lambda: ask(True))).values())

    async def account(self) -> str:
        """Return the venue's code of the account."""
        rows = await self._rows("balance", "fapiPrivateV3GetBalance", {})
        names = {str(row["accountAlias"]) for row in rows if row.get("accountAlias")}
        if len(names) != 1:
            raise VenueError(
                f"{self._network.venue} balance: expected one accountAlias, was {sorted(names)}:"
                " name the account with venue.account",
                Plan.HALT,
            )
        return names.pop()

    async def position(self, symbol: str) -> OwnPosition:
        """Return the position in a market, flat or not."""
        return own_position(await self.setting(symbol))

    async def setting(self, symbol: str) -> wire.Position:
        """Return a position with its symbol's leverage and margin type; raise VenueError where both
        sides are held apart."""
        asked = {"symbol": symbol}
        rows = await self._typed("positions", "fapiPrivateV2GetPositionRisk", asked, wire.Position)
        held = [row for row in rows if row.symbol == symbol]
        if not held:
            raise VenueError(f"{self._network.venue} {symbol}: no word of its position")
        if len(held) > 1 or held[0].positionSide != "BOTH":
            raise VenueError(
                f"{self._network.venue} {symbol}: expected one position a market, was in hedge"
                " mode: set the account to one-way mode",
                Plan.HALT,
            )
        return held[0]

    async def is_one_way(self) -> bool:
        """Tell whether both sides of every market net."""
        said = await self._ask("position mode", "fapiPrivateGetPositionSideDual", {})
        return said["dualSidePosition"] in (False, "false")

    async def fee_bps(self, symbol: str) -> tuple[Decimal, Decimal]:
        """Return what the account pays on a market as maker and as taker [bps]."""
        said = await self._ask("fees", "fapiPrivateGetCommissionRate", {"symbol": symbol})
        maker, taker = said["makerCommissionRate"], said["takerCommissionRate"]
        return decimal(maker) * 10_000, decimal(taker) * 10_000

    async def money(self) -> OwnWallet:
        """Return what the account is worth: its stream tells balances alone."""
        what, method = "account", "fapiPrivateV3GetAccount"
        told = self._as(await self._said(what, method, {}), what, wire.Money)
        return OwnWallet(
            decimal(told.totalMarginBalance),
            decimal(told.availableBalance),
            decimal(told.totalMaintMargin),
            {row.asset: decimal(row.walletBalance) for row in told.assets},
        )

    async def open_orders(self, symbol: str) -> list[OwnOrder]:
        """Return every order that rests."""
        return await self._orders(self.open, {"symbol": symbol})

    async def last_orders(self, symbol: str) -> list[OwnOrder]:
        """Return the orders that were sent last, a page of them."""
        return await self._orders(self.all, {"symbol": symbol, "limit": PAGE})

    async def order(self, symbol: str, client_text: str) -> OwnOrder | None:
        """Return an order by our id, or None where the venue knows none."""
        return await self._order(symbol, {"origClientOrderId": client_text})

    async def fills(self, symbol: str, since_ms: int) -> list[OwnFill]:
        """Return our trades from a moment on, what the venue has closed by itself included."""
        now_ms = self._network.now_ms()
        start_ms = max(since_ms, now_ms - HISTORY_MS)
        while start_ms <= now_ms:
            span = {"symbol": symbol, "startTime": start_ms, "endTime": start_ms + self.span_ms}
            rows = await self._trades(span)
            if rows:
                return await self._named(await self._rest_of(symbol, rows))
            start_ms += self.span_ms + 1
        return []

    async def last_fills(self, symbol: str) -> list[OwnFill]:
        """Return the latest of the week's trades, a page of them."""
        return await self._named(await self._trades({"symbol": symbol}))

    async def payments(self, symbol: str, since_ms: int) -> list[Payment]:
        """Return the funding of our position from a moment on."""
        found: dict[int, wire.Income] = {}
        for _ in range(MOST_PAGES):
            asked = {"symbol": symbol, "incomeType": "FUNDING_FEE", "startTime": since_ms}
            what, method = "income", "fapiPrivateGetIncome"
            rows = await self._typed(what, method, {**asked, "limit": PAGE}, wire.Income)
            known = len(found)
            found |= {row.tranId: row for row in rows if row.symbol == symbol}
            if len(rows) < PAGE:
                return [_payment(row) for row in found.values()]
            if len(found) == known:
                break
            since_ms = max(row.time for row in rows)
        raise VenueError(f"{self._network.venue} income: no end of its pages")

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask; texts that are empty where a side is."""
        said = await self._ask("touch", self.best, {"symbol": symbol})
        best = [str(said[f"{side}Price"]) for side in ("bid", "ask")]
        bid, ask = ("" if not decimal(price) else price for price in best)
        return bid, ask

    async def rates(self, symbol: str) -> Rates:
        """Return marks and funding, with the market's own interval."""
        said = await self._ask("funding", "fapiPublicGetPremiumIndex", {"symbol": symbol})
        others = await self._rows("funding", "fapiPublicGetFundingInfo", {})
        hours = [row["fundingIntervalHours"] for row in others if row.get("symbol") == symbol]
        return Rates(
            symbol,
            str(said["markPrice"]),
            str(said["indexPrice"]),
            str(said["lastFundingRate"]),
            int(said["nextFundingTime"]),
            int(hours[0]) if hours else USUAL_H,
        )

    async def _rest_of(self, symbol: str, rows: list[Trade]) -> list[Trade]:
        """Return these trades and all that followed them, page by page of rising ids."""
        found = {row.id: row for row in rows}
        for _ in range(MOST_PAGES):
            page = await self._trades({"symbol": symbol, "fromId": max(found) + 1})
            found |= {row.id: row for row in page}
            if len(page) < PAGE:
                return [found[number] for number in sorted(found)]
        raise VenueError(f"{self._network.venue} trades: no end of their pages")

    async def _trades(self, asked: Mapping[str, Any]) -> list[Trade]:
        return await self._typed("trades", self.trades, {**asked, "limit": PAGE}, self.trade)

    async def _named(self, rows: Sequence[Trade]) -> list[OwnFill]:
        """Return trades with the ids of their orders, which are asked for where nobody knows."""
        fills = []
        for row in rows:
            text = self._names.find(row.symbol, row.orderId)
            if text is None:
                text = await self._name_of(row)
            fee = Fee(decimal(row.commission), row.commissionAsset)
            price, size, maker = row.price, row.qty, row.maker
            words = (row.symbol, row.id, row.orderId, text, row.side, price, size, maker)
            fills.append(own_fill(*words, row.time, fee))
        return fills

    async def _name_of(self, row: Trade) -> str:
        found = await self._order(row.symbol, {"orderId": row.orderId})
        if found is None:
            raise VenueError(
                f"{self._network.venue} {row.symbol}: trade {row.id} is of order {row.orderId},"
                " which the venue does not know: try again, or book it by hand"
            )
        return found.client_text

    async def _order(self, symbol: str, by: Mapping[str, Any]) -> OwnOrder | None:
        ask = getattr(self._exchange, self.one)
        said = await self._found("order", lambda: ask({"symbol": symbol, **by}))
        return None if said is None else self._known([said])[0]

    async def _orders(self, method: str, asked: Mapping[str, Any]) -> list[OwnOrder]:
        return self._known(await self._said("orders", method, asked))

    def _known(self, said: Any) -> list[OwnOrder]:
        """Return orders, and remember which of our ids each has."""
        rows = self._as(said, "orders", list[wire.Order])
        for row in rows:
            self._names.note(row.symbol, row.orderId, row.clientOrderId)
        return [own_order(row) for row in rows]

    async def _typed(
        self, what: str, method: str, asked: Mapping[str, Any], kind: type[T]
    ) -> list[T]:
        return self._as(await self._said(what, method, asked), what, list[kind])  # type: ignore[valid-type]

    async def _rows(self, what: str, method: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        return self._as(await self._said(what, method, asked), what, list[dict[str, Any]])


def _payment(row: wire.Income) -> Payment:
    try:
        amount = decimal(row.income)
    except Malformed as error:
        raise VenueError(f"funding: {error}") from None
    return Payment(str(row.tranId), row.time * 1_000_000, amount, row.asset)
