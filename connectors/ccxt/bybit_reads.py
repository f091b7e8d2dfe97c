"""Read Bybit's books: whole answers or VenueError.

ccxt's own reads leave out what the venue has closed by itself, and ask for an empty id where only
ours is known; these ask the same addresses for everything.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from connectors.ccxt import bybit_wire as wire
from connectors.ccxt.account_reads import AccountReads
from connectors.ccxt.bybit_reach import Ratios, ratios_of
from connectors.ccxt.bybit_words import (
    FUNDING,
    decimal,
    is_fill,
    own_fill,
    own_order,
    own_position,
    own_wallet,
)
from connectors.ccxt.clock import told_clock
from connectors.ccxt.library import Exchange
from connectors.ccxt.network import Network
from connectors.ccxt.told import told_as
from connectors.ccxt.words import OwnFill, OwnOrder, OwnPosition, OwnWallet, Rates
from connectors.model.account import Payment
from connectors.model.errors import Plan, VenueError
from connectors.socket import Malformed

T = TypeVar("T")

LINEAR = {"category": "linear"}
WEEK_MS = 7 * 86_400_000 - 1
"""The longest span that one read of executions may cover."""
HISTORY_MS = 730 * 86_400_000
"""What the venue keeps."""
ORDERS_PAGE = 50
FILLS_PAGE = 100
MOST_PAGES = 2000


class BybitReads(AccountReads):
    """The reads of one account, or of none: then only what is public answers."""

    def __init__(self, exchange: Exchange, network: Network) -> None:
        super().__init__(exchange, network)
        self.ratios: Mapping[str, Ratios] = {}
        """How far orders of each market may be from its mark and index."""

    async def set_clock(self) -> None:
        """Learn how far the venue's clock is from ours."""
        before_ns = self._network.clock.now_ns()
        said = await self._exchange.publicGetV5MarketTime()
        told_clock(self._network, int(said["result"]["timeNano"]), before_ns)

    async def margin_mode(self) -> str:
        """Return the account's margin mode, in the venue's word."""
        said = await self._ask("account", "privateGetV5AccountInfo", {})
        return str(said.get("marginMode"))

    async def disconnect_cancel_s(self) -> int | None:
        """Return how long after a loss of connection the venue cancels; None: it does not."""
        said = await self._ask("account", "privateGetV5AccountQueryDcpInfo", {})
        for row in said.get("dcpInfos", ()):
            if row.get("product") == "DERIVATIVES" and row.get("dcpStatus") == "ON":
                return int(row["timeWindow"])
        return None

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every market in ccxt's words."""
        await self.ask_clock()
        ask = self._exchange.load_markets
        found = list((await self._reader.ask("markets", lambda: ask(True))).values())
        self.ratios = ratios_of(found)
        return found

    async def account(self) -> str:
        """Return the user's number."""
        said = await self._ask("account", "privateGetV5UserQueryApi", {})
        return str(said["userID"])

    async def position(self, symbol: str) -> OwnPosition:
        """Return the position in a market, flat or not; raise VenueError where both sides are held
        apart."""
        params = {**LINEAR, "symbol": symbol}
        rows = await self._rows("positions", "privateGetV5PositionList", params, wire.Position, 200)
        held = [own_position(row) for row in rows if row.symbol == symbol]
        if not all(p.is_one_way for p in held) or len(held) > 1:
            raise VenueError(
                f"bybit {symbol}: expected one position a market, was in hedge mode: set the"
                " account to one-way mode",
                Plan.HALT,
            )
        if not held:
            raise VenueError(f"bybit {symbol}: no word of its position, flat or not")
        return held[0]

    async def wallet(self) -> OwnWallet:
        """Return the account's money."""
        params = {"accountType": "UNIFIED"}
        said = await self._ask("wallet", "privateGetV5AccountWalletBalance", params)
        rows = _rows(said, wire.Wallet)
        if not rows:
            raise VenueError("bybit wallet: no word of the account's money")
        return own_wallet(rows[0])

    async def open_orders(self, symbol: str) -> list[OwnOrder]:
        """Return every order that rests."""
        params = {**LINEAR, "symbol": symbol, "openOnly": 0}
        return await self._orders("privateGetV5OrderRealtime", params)

    async def last_orders(self, symbol: str) -> list[OwnOrder]:
        """Return the orders that were sent last, a page of them."""
        params = {**LINEAR, "symbol": symbol, "limit": ORDERS_PAGE}
        said = await self._ask("orders", "privateGetV5OrderHistory", params)
        return [own_order(row) for row in _rows(said, wire.Order)]

    async def order(self, symbol: str, client_text: str) -> OwnOrder | None:
        """Return an order by our id, or None where neither open nor past orders have it."""
        params = {**LINEAR, "symbol": symbol, "orderLinkId": client_text}
        for method in ("privateGetV5OrderRealtime", "privateGetV5OrderHistory"):
            said = await self._ask("order", method, params)
            found = [o for o in _rows(said, wire.Order) if o.orderLinkId == client_text]
            if found:
                return own_order(found[0])
        return None

    async def fills(self, symbol: str, since_ms: int) -> list[OwnFill]:
        """Return our trades from a moment on, what the venue has closed by itself included."""
        return [own_fill(e) for e in await self._executions(symbol, since_ms, {}) if is_fill(e)]

    async def last_fills(self, symbol: str) -> list[OwnFill]:
        """Return the latest of the week's trades, a page of them."""
        params = {**LINEAR, "symbol": symbol, "limit": FILLS_PAGE}
        said = await self._ask("executions", "privateGetV5ExecutionList", params)
        return [own_fill(e) for e in _rows(said, wire.Execution) if is_fill(e)]

    async def payments(self, symbol: str, since_ms: int) -> list[Payment]:
        """Return the funding of our position from a moment on: a fee is what we paid."""
        found = await self._executions(symbol, since_ms, {"execType": FUNDING})
        return [_payment(e) for e in found if e.execType == FUNDING]

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask; texts that are empty where a side is."""
        row = await self._ticker(symbol)
        return str(row["bid1Price"]), str(row["ask1Price"])

    async def rates(self, symbol: str) -> Rates:
        """Return marks and funding, with the market's own interval."""
        row = await self._ticker(symbol)
        hours = row.get("fundingIntervalHour")
        return Rates(
            symbol,
            str(row["markPrice"]),
            str(row["indexPrice"]),
            str(row["fundingRate"]),
            int(row["nextFundingTime"]),
            int(hours) if hours else None,
        )

    async def _ticker(self, symbol: str) -> Mapping[str, Any]:
        params = {**LINEAR, "symbol": symbol}
        said = await self._ask("tickers", "publicGetV5MarketTickers", params)
        rows = [row for row in said["list"] if row["symbol"] == symbol]
        if not rows:
            raise VenueError(f"bybit tickers: no {symbol}")
        return rows[0]  # type: ignore[no-any-return]

    async def _executions(
        self, symbol: str, since_ms: int, more: Mapping[str, Any]
    ) -> list[wire.Execution]:
        """Return every execution from a moment on, the oldest first, week by week."""
        now_ms = self._network.now_ms()
        start_ms = max(since_ms, now_ms - HISTORY_MS)
        found: dict[str, wire.Execution] = {}
        while start_ms <= now_ms:
            params = {
                **LINEAR,
                **more,
                "symbol": symbol,
                "startTime": start_ms,
                "endTime": start_ms + WEEK_MS,
            }
            method = "privateGetV5ExecutionList"
            rows = await self._rows("executions", method, params, wire.Execution, FILLS_PAGE)
            found |= {row.execId: row for row in rows if row.symbol == symbol}
            start_ms += WEEK_MS + 1
        return sorted(found.values(), key=lambda row: (int(row.execTime), row.execId))

    async def _orders(self, method: str, params: Mapping[str, Any]) -> list[OwnOrder]:
        rows = await self._rows("orders", method, params, wire.Order, ORDERS_PAGE)
        return [own_order(row) for row in rows]

    async def _rows(
        self, what: str, method: str, params: Mapping[str, Any], kind: type[T], limit: int
    ) -> list[T]:
        """Return the rows of every page; raise VenueError where there is no end of them."""
        found: list[T] = []
        asked = {**params, "limit": limit}
        for _ in range(MOST_PAGES):
            said = await self._ask(what, method, asked)
            rows = _rows(said, kind)
            found += rows
            cursor = said.get("nextPageCursor")
            if not cursor or not rows:
                return found
            asked["cursor"] = cursor
        raise VenueError(f"bybit {what}: more than {MOST_PAGES} pages")

    async def _ask(self, what: str, method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        said = await self._said(what, method, params)
        result = said.get("result") if isinstance(said, dict) else None
        if not isinstance(result, dict):
            raise self._not_as_documented(what, str(said)[:120])
        return result


def _rows(said: Mapping[str, Any], kind: type[T]) -> list[T]:
    try:
        return told_as(said["list"], list[kind])  # type: ignore[valid-type]
    except (Malformed, KeyError) as error:
        raise VenueError(f"bybit: rows not as documented: {error}") from None


def _payment(execution: wire.Execution) -> Payment:
    try:
        paid, rate = decimal(execution.execFee), decimal(execution.feeRate or "0")
    except Malformed as error:
        raise VenueError(f"bybit funding: {error}") from None
    currency = execution.feeCurrency or execution.feeCoin or "USDT"
    return Payment(
        execution.execId,
        int(execution.execTime) * 1_000_000,
        -paid,
        currency,
        rate if execution.feeRate else None,
    )
