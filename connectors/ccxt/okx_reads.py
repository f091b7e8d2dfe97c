"""Read an account's books at OKX: whole answers or VenueError."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from connectors.ccxt import okx_wire as wire
from connectors.ccxt.account_reads import AccountReads
from connectors.ccxt.clock import told_clock
from connectors.ccxt.library import Exchange
from connectors.ccxt.native.okx_rest import OkxRest
from connectors.ccxt.network import Network
from connectors.ccxt.okx_words import ms_of, own_fill, own_order, own_position
from connectors.ccxt.units import decimal
from connectors.ccxt.words import OwnFill, OwnOrder, OwnPosition, Rates
from connectors.model.account import Payment
from connectors.model.errors import Plan, VenueError
from connectors.socket import Malformed

T = TypeVar("T")
SWAP = "SWAP"
FUNDING = "8"
"""The type of bills that are payments of funding."""
PAGE = 100
MOST_PAGES = 2000
DAY_MS = 86_400_000
RECENT_MS = 3 * DAY_MS - 3_600_000
"""How far back the quick read of trades reaches, with an hour to spare."""
HISTORY_MS = 89 * DAY_MS
"""And the slow one."""
BILLS_MS = 7 * DAY_MS - 3_600_000
FLAT = "0"


class OkxReads(AccountReads):
    """The reads of one account. `margin_mode` is the one that its orders name."""

    def __init__(
        self, exchange: Exchange, network: Network, public: OkxRest, margin_mode: str
    ) -> None:
        super().__init__(exchange, network)
        self._public = public
        self._margin_mode = margin_mode

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
        return (await self.config()).uid

    async def config(self) -> wire.Config:
        """Return what the account is like."""
        return await self._one("account", "privateGetAccountConfig", {}, wire.Config)

    async def leverage(self, symbol: str) -> str:
        """Return a market's leverage in the margin mode of our orders."""
        asked = {"instId": symbol, "mgnMode": self._margin_mode}
        what, method = "leverage", "privateGetAccountLeverageInfo"
        return (await self._one(what, method, asked, wire.Leverage)).lever

    async def fee_bps(self, symbol: str) -> tuple[Decimal, Decimal]:
        """Return what the account pays on a market as maker and as taker [bps]."""
        asked = {"instType": SWAP, "instFamily": symbol.removesuffix(f"-{SWAP}")}
        rate = await self._one("fees", "privateGetAccountTradeFee", asked, wire.Rate)
        try:
            return -decimal(rate.makerU) * 10_000, -decimal(rate.takerU) * 10_000
        except Malformed as error:
            raise VenueError(f"{self._network.venue} fees: {error}") from None

    async def position(self, symbol: str) -> OwnPosition:
        """Return the position in a market, flat or not: what is closed is not listed.

        Raises VenueError where sides are held apart, or something is held in the other margin mode.
        """
        asked = {"instType": SWAP, "instId": symbol}
        method = "privateGetAccountPositions"
        rows = await self._rows("positions", method, asked, wire.Position)
        held = [row for row in rows if row.instId == symbol and row.pos.strip("-0.")]
        for row in held:
            if (row.posSide, row.mgnMode) != ("net", self._margin_mode):
                raise VenueError(
                    f"{self._network.venue} {symbol}: expected one net position in"
                    f" {self._margin_mode} margin, was {row.pos} {row.posSide} in {row.mgnMode}:"
                    " close it by hand",
                    Plan.HALT,
                )
        if held:
            return own_position(held[0])
        return OwnPosition(symbol, FLAT, "", "", "", 0, is_one_way=True)

    async def open_orders(self, symbol: str) -> list[OwnOrder]:
        """Return every order that rests."""
        asked = {"instType": SWAP, "instId": symbol}
        method = "privateGetTradeOrdersPending"
        rows = await self._paged("orders", method, asked, wire.Order, lambda row: row.ordId)
        return [own_order(row) for row in rows]

    async def last_orders(self, symbol: str) -> list[OwnOrder]:
        """Return the orders that ended last, a page of them."""
        asked = {"instType": SWAP, "instId": symbol, "limit": PAGE}
        rows = await self._rows("orders", "privateGetTradeOrdersHistory", asked, wire.Order)
        return [own_order(row) for row in rows]

    async def order(self, symbol: str, client_text: str) -> OwnOrder | None:
        """Return an order by our id, or None where the venue knows none."""
        asked = {"instId": symbol, "clOrdId": client_text}
        said = await self._found("order", lambda: self._exchange.privateGetTradeOrder(asked))
        rows = [] if said is None else self._data(said, "order", wire.Order)
        return own_order(rows[0]) if rows else None

    async def fills(self, symbol: str, since_ms: int) -> list[OwnFill]:
        """Return our trades from a moment on, what the venue has closed by itself included."""
        now_ms = self._network.now_ms()
        start_ms = max(since_ms, now_ms - HISTORY_MS)
        is_recent = start_ms >= now_ms - RECENT_MS
        method = "privateGetTradeFills" if is_recent else "privateGetTradeFillsHistory"
        asked = {"instType": SWAP, "instId": symbol, "begin": start_ms}
        rows = await self._paged("trades", method, asked, wire.Fill, lambda row: row.billId)
        found = (own_fill(row) for row in rows)
        return [fill for fill in found if fill.venue_ms >= start_ms]

    async def last_fills(self, symbol: str) -> list[OwnFill]:
        """Return the latest of our trades, a page of them."""
        asked = {"instType": SWAP, "instId": symbol, "limit": PAGE}
        rows = await self._rows("trades", "privateGetTradeFills", asked, wire.Fill)
        if not rows:
            rows = await self._rows("trades", "privateGetTradeFillsHistory", asked, wire.Fill)
        return [own_fill(row) for row in rows]

    async def payments(self, symbol: str, since_ms: int) -> list[Payment]:
        """Return the funding of our position from a moment on."""
        is_recent = since_ms >= self._network.now_ms() - BILLS_MS
        method = "privateGetAccountBills" if is_recent else "privateGetAccountBillsArchive"
        asked = {"instType": SWAP, "instId": symbol, "type": FUNDING, "begin": since_ms}
        rows = await self._paged("funding", method, asked, wire.Bill, lambda row: row.billId)
        return [_payment(row) for row in rows if row.instId == symbol]

    async def _paged(
        self,
        what: str,
        method: str,
        asked: Mapping[str, Any],
        kind: type[T],
        number: Callable[[T], str],
    ) -> list[T]:
        """Return all rows, page by page towards the past."""
        found: dict[str, T] = {}
        words = {**asked, "limit": PAGE}
        for _ in range(MOST_PAGES):
            page = await self._rows(what, method, words, kind)
            known = len(found)
            found |= {number(row): row for row in page}
            if len(page) < PAGE:
                return list(found.values())
            if len(found) == known:
                break
            words["after"] = number(page[-1])
        raise VenueError(f"{self._network.venue} {what}: no end of its pages")

    async def _one(self, what: str, method: str, asked: Mapping[str, Any], kind: type[T]) -> T:
        rows = await self._rows(what, method, asked, kind)
        if not rows:
            raise VenueError(f"{self._network.venue} {what}: expected a row, was none")
        return rows[0]

    async def _rows(
        self, what: str, method: str, asked: Mapping[str, Any], kind: type[T]
    ) -> list[T]:
        return self._data(await self._said(what, method, asked), what, kind)

    def _data(self, said: Any, what: str, kind: type[T]) -> list[T]:
        try:
            rows = said["data"]
        except (LookupError, TypeError) as error:
            raise self._not_as_documented(what, error) from None
        return self._as(rows, what, list[kind])  # type: ignore[valid-type]


def _payment(row: wire.Bill) -> Payment:
    try:
        return Payment(row.billId, ms_of(row.ts) * 1_000_000, decimal(row.pnl), row.ccy)
    except Malformed as error:
        raise VenueError(f"funding: {error}") from None
