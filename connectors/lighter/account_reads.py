"""Read what the venue's books say of the account: raw answers, whole or VenueError."""

from collections.abc import Sequence

from msgspec import Struct

from connectors.lighter.account_wire import Amount, Asset, Order, Position
from connectors.lighter.budgets import INACTIVE_READ, READ, TRADES_READ
from connectors.lighter.rest import Rest
from connectors.lighter.tokens import Tokens
from connectors.lighter.wire import Count, Trade
from connectors.model.errors import Plan, VenueError

PAGE = 100
MOST_PAGES = 300
MOST_IDS = 20
"""Client ids that one read may name."""


class Detail(Struct):
    """An account's positions and assets, and its margin that is left where that is told."""

    index: Count
    positions: list[Position]
    assets: list[Asset] = []
    available_balance: Amount | None = None

    def position(self, market_id: int) -> Position | None:
        """Return what is told of a market."""
        return next((p for p in self.positions if p.market_id == market_id), None)


class Details(Struct):
    """Accounts that fit a question."""

    accounts: list[Detail]


class OrdersPage(Struct):
    """Orders, and where the next ones are."""

    orders: list[Order]
    next_cursor: str | None = None


class TradesPage(Struct):
    """Trades, and where the next ones are."""

    trades: list[Trade]
    next_cursor: str | None = None


class Funding(Struct):
    """What one position got, or paid (less than zero), at one full hour."""

    timestamp: Count
    market_id: Count
    funding_id: Count
    change: str


class FundingPage(Struct):
    """Payments, the latest first, and where the next ones are."""

    position_fundings: list[Funding]
    next_cursor: str | None = None


class AccountReads:
    """The reads of one account."""

    def __init__(self, rest: Rest, tokens: Tokens, account: int) -> None:
        self._rest = rest
        self._tokens = tokens
        self._account = account

    async def holdings(self) -> Detail:
        """Return every position and every asset."""
        token = await self._tokens.fresh()
        params: dict[str, str | int] = {"by": "index", "value": self._account}
        said = await self._rest.get("account", params, READ, Details, token)
        if len(said.accounts) != 1 or said.accounts[0].index != self._account:
            told = [account.index for account in said.accounts]
            raise VenueError(f"lighter account: asked for {self._account}, was {told}", Plan.HALT)
        return said.accounts[0]

    async def active_orders(self) -> list[Order]:
        """Return every open order on all markets."""
        return await self._orders("accountActiveOrders", {}, READ, MOST_PAGES)

    async def last_orders(self, market_id: int) -> list[Order]:
        """Return the orders of a market that ended last, a page of them."""
        params: dict[str, str | int] = {"market_id": market_id, "limit": PAGE}
        return await self._orders("accountInactiveOrders", params, INACTIVE_READ, 1)

    async def orders_by_client_id(self, client_ids: Sequence[int]) -> list[Order]:
        """Return those orders that the venue knows, of at most MOST_IDS."""
        wanted = ",".join(map(str, client_ids))
        return await self._orders("accountOrders", {"client_order_indexes": wanted}, READ, 1)

    async def trades(self, after_id: int, market_id: int | None = None) -> list[Trade]:
        """Return our trades with a higher id, of a market or of all, by rising ids: every one, or
        raise VenueError."""
        for limit in (PAGE, PAGE - 1):
            found, is_whole = await self._trades(after_id, market_id, limit)
            if is_whole:
                fresh = {trade.trade_id: trade for trade in found if trade.trade_id > after_id}
                return [fresh[trade_id] for trade_id in sorted(fresh)]
        raise VenueError(f"lighter trades: {PAGE - 1} and {PAGE} of them, and no word of others")

    async def fundings(self, market_id: int, after_s: int) -> list[Funding]:
        """Return what a market's position got later than a moment, or raise VenueError."""
        params: dict[str, str | int] = {
            "account_index": self._account,
            "market_id": market_id,
            "limit": PAGE,
        }
        found: list[Funding] = []
        for _ in range(MOST_PAGES):
            token = await self._tokens.fresh()
            page = await self._rest.get("positionFunding", params, READ, FundingPage, token)
            stamps = [row.timestamp for row in page.position_fundings]
            if stamps != sorted(stamps, reverse=True):
                raise VenueError("lighter positionFunding: not the latest first")
            found += page.position_fundings
            if not page.next_cursor or (stamps and stamps[-1] <= after_s):
                return [row for row in found if row.timestamp > after_s]
            params["cursor"] = page.next_cursor
        raise VenueError(f"lighter positionFunding: more than {MOST_PAGES} pages")

    async def last_trades(self, market_id: int | None = None) -> tuple[list[Trade], bool]:
        """Return our last trades, of a market or of all: a page of them, the latest first, and
        whether there are no others. Raises VenueError."""
        page = await self._trades_page(market_id, PAGE, "")
        return page.trades, not page.next_cursor and len(page.trades) < PAGE

    async def _trades(
        self, after_id: int, market_id: int | None, limit: int
    ) -> tuple[list[Trade], bool]:
        """Read pages back to `after_id`; tell whether it is proven that none is left out.

        A full page without a cursor may be the last, or one whose cursor was lost.
        """
        found: list[Trade] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await self._trades_page(market_id, limit, cursor)
            found += page.trades
            ids = [trade.trade_id for trade in page.trades]
            if ids and ids[-1] <= after_id:
                return found, True
            cursor = page.next_cursor or ""
            if not cursor:
                return found, len(ids) < limit
        raise VenueError(f"lighter trades: more than {MOST_PAGES} pages since {after_id}")

    async def _trades_page(self, market_id: int | None, limit: int, cursor: str) -> TradesPage:
        params: dict[str, str | int] = {
            "account_index": self._account,
            "sort_by": "trade_id",
            "sort_dir": "desc",
            "limit": limit,
        }
        if market_id is not None:
            params["market_id"] = market_id
        if cursor:
            params["cursor"] = cursor
        token = await self._tokens.fresh()
        page = await self._rest.get("trades", params, TRADES_READ, TradesPage, token)
        ids = [trade.trade_id for trade in page.trades]
        if ids != sorted(ids, reverse=True):
            raise VenueError("lighter trades: not in the order that was asked for")
        return page

    async def _orders(
        self, path: str, asked: dict[str, str | int], weight: int, most_pages: int
    ) -> list[Order]:
        """Read pages of orders: to the last, or so many where only the first matter."""
        found: list[Order] = []
        params: dict[str, str | int] = {"account_index": self._account, **asked}
        for _ in range(most_pages):
            token = await self._tokens.fresh()
            page = await self._rest.get(path, params, weight, OrdersPage, token)
            found += page.orders
            if not page.next_cursor:
                return found
            params["cursor"] = page.next_cursor
        if most_pages == 1:
            return found
        raise VenueError(f"lighter {path}: more than {most_pages} pages")
