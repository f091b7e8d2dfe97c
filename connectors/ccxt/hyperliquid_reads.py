"""Read an account's books at Hyperliquid: whole answers or VenueError.

Everybody may ask for anybody's: an account is named by its address, and nothing is signed.
"""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar, cast

from connectors.ccxt import hyperliquid_wire as wire
from connectors.ccxt.clock import told_clock
from connectors.ccxt.hyperliquid_words import bps_of, own_fill, own_order, position_of
from connectors.ccxt.native.hyperliquid_rest import LIGHT, USUAL, HyperliquidRest
from connectors.ccxt.network import Network
from connectors.ccxt.reading import Reader
from connectors.ccxt.units import decimal
from connectors.ccxt.words import OwnFill, OwnOrder, OwnPosition, Rates
from connectors.model.account import Payment
from connectors.model.errors import VenueError
from connectors.pacing import Kind
from connectors.socket import Malformed

T = TypeVar("T")
MINUTE_MS, WEEK_MS = 60_000, 604_800_000
FULL = 500
"""From so many rows on a page may have left some out ("Info endpoint: Pagination")."""
MOST_PAGES = 200
LISTED = 21
"""The weight of a list: that of the question, and one for each twenty rows, which are few."""
ROLE = 60
UNKNOWN = "unknownOid"
FRESH_NS = 5_000_000_000
"""How long what is of all markets, and proves nothing of an order, serves for the next one."""


class HyperliquidReads:
    """The reads of the account with an address."""

    def __init__(self, network: Network, rest: HyperliquidRest, address: str) -> None:
        self._network = network
        self._rest = rest
        self._address = address
        self._reader = Reader(network, self.set_clock)
        self.numbers: dict[str, int] = {}
        """The number of each market, which orders name."""
        self.quota_left: int | None = None
        """How many requests the account may still make; None: it has not been asked."""
        self._lately: dict[str, tuple[int, Any]] = {}
        """Answers and when they were asked for."""
        self._newest_ms: dict[str, int] = {}
        """When each market's latest trade was made, of those that were read."""

    async def set_clock(self) -> None:
        """Learn how far the venue's clock is from ours."""
        before_ns = self._network.clock.now_ns()
        told_clock(self._network, await self._rest.time_ms() * 1_000_000, before_ns)

    async def ask_clock(self) -> None:
        """Learn the venue's time, and what is left of the account's requests."""
        await self._reader.ask("time", self.set_clock)
        told = await self._ask("requests left", wire.Quota, USUAL, type="userRateLimit")
        self.quota_left = max(0, told.nRequestsCap - told.nRequestsUsed)

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every perpetual in ccxt's words."""
        return await self._fresh("markets", self._listed)

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, empty where a side is."""
        return await self._reader.ask("book", lambda: self._rest.touch(symbol))

    async def rates(self, symbol: str) -> Rates:
        """Return mark, oracle and funding."""
        return await self._reader.ask("funding", lambda: self._rest.rates(symbol))

    async def account(self) -> str:
        """Return the account's address."""
        return self._address

    async def role(self, address: str) -> wire.Role:
        """Return what an address is."""

        def ask() -> Awaitable[wire.Role]:
            return self._rest.ask(wire.Role, ROLE, type="userRole", user=address)

        return await self._reader.ask("role", ask)

    async def leverage(self, symbol: str) -> wire.Leverage:
        """Return what the account has chosen for a market."""
        told = await self._ask("leverage", wire.Chosen, USUAL, type="activeAssetData", coin=symbol)
        return told.leverage

    async def fee_bps(self, symbol: str) -> tuple[Decimal, Decimal]:
        """Return what the account pays as maker and as taker [bps], on any market."""
        told = await self._fresh(
            "fees", lambda: self._ask("fees", wire.Fees, USUAL, type="userFees")
        )
        return self._read("fees", lambda: (bps_of(told.userAddRate), bps_of(told.userCrossRate)))

    async def position(self, symbol: str) -> OwnPosition:
        """Return the position in a market, flat or not."""
        state = await self._ask("positions", wire.State, LIGHT, type="clearinghouseState")
        held = next((h for h in state.assetPositions if h.position.coin == symbol), None)
        return position_of(symbol, held)

    async def open_orders(self, symbol: str) -> list[OwnOrder]:
        """Return every order that rests."""
        rows = await self._ask("orders", list[wire.Order], USUAL, type="frontendOpenOrders")
        mine = [wire.Update(row, "open", row.timestamp) for row in rows if row.coin == symbol]
        return self._read("orders", lambda: [own_order(each, is_read=True) for each in mine])

    async def last_orders(self, symbol: str) -> list[OwnOrder]:
        """Return the orders that ended last."""

        def ask() -> Awaitable[list[wire.Update]]:
            return self._ask("orders", list[wire.Update], LISTED, type="historicalOrders")

        rows = await self._fresh("history", ask)
        mine = [row for row in rows if row.order.coin == symbol]
        return self._read("orders", lambda: [own_order(each, is_read=True) for each in mine])

    async def order(self, symbol: str, client_text: str) -> OwnOrder | None:
        """Return an order by our id, or None where the venue knows none."""
        told = await self._ask(
            "order", wire.Known, LIGHT, Kind.REDUCE, type="orderStatus", oid=client_text
        )
        if told.status == UNKNOWN:
            return None
        found = told.order
        if found is None or found.order.coin != symbol:
            raise VenueError(f"{self._network.venue} order: not as documented: {told.status[:80]}")
        return self._read("order", lambda: own_order(found, is_read=True))

    async def fills(self, symbol: str, since_ms: int) -> list[OwnFill]:
        """Return our trades from a moment on, what the venue has closed by itself included."""
        rows = await self._paged(
            "trades", "userFillsByTime", wire.Fill, since_ms, lambda row: (row.oid, row.tid)
        )
        mine = [row for row in rows if row.coin == symbol and row.time >= since_ms]
        if mine:
            known_ms = self._newest_ms.get(symbol, 0)
            self._newest_ms[symbol] = max(known_ms, *(row.time for row in mine))
        return self._read("trades", lambda: [own_fill(row, self._address) for row in mine])

    async def last_fills(self, symbol: str) -> list[OwnFill]:
        """Return the latest of our trades: from the last on that is known, or of a week."""
        since_ms = self._network.now_ms() - WEEK_MS
        return await self.fills(symbol, self._newest_ms.get(symbol, since_ms))

    async def payments(self, symbol: str, since_ms: int) -> list[Payment]:
        """Return the funding of our position from a moment on."""
        rows = await self._paged(
            "funding", "userFunding", wire.Funding, since_ms, lambda row: (row.delta.coin, row.time)
        )
        mine = [row for row in rows if row.delta.coin == symbol and row.time >= since_ms]
        return self._read("funding", lambda: [_payment(row) for row in mine])

    async def _paged(
        self, what: str, kind: str, row: type[T], since_ms: int, number: Callable[[T], object]
    ) -> list[T]:
        """Return all rows from a minute on, so that markets may share an answer.

        A page that is full ends where the next one begins, whichever way the venue sorts.
        """
        found: dict[object, T] = {}
        begin_ms = max(0, since_ms - since_ms % MINUTE_MS)
        words: dict[str, Any] = {"type": kind, "startTime": begin_ms}
        for _ in range(MOST_PAGES):
            page: list[Any] = await self._ask(what, list[row], LISTED, **words)  # type: ignore[valid-type]
            known = len(found)
            found |= {number(each): each for each in page}
            if len(page) < FULL or len(found) == known:
                return list(found.values())
            is_rising = page[0].time <= page[-1].time
            words["startTime" if is_rising else "endTime"] = page[-1].time
        raise VenueError(f"{self._network.venue} {what}: no end of its pages")

    async def _listed(self) -> list[Mapping[str, Any]]:
        await self._reader.ask("time", self.set_clock)
        found = await self._reader.ask("markets", self._rest.markets)
        self.numbers |= {str(each["id"]): number for number, each in enumerate(found)}
        return found

    async def _fresh(self, name: str, ask: Callable[[], Awaitable[T]]) -> T:
        """Return an answer that is some seconds old at most."""
        now_ns = self._network.clock.now_ns()
        asked_ns, known = self._lately.get(name, (now_ns - FRESH_NS, None))
        if now_ns - asked_ns < FRESH_NS:
            return cast(T, known)
        said = await ask()
        self._lately[name] = now_ns, said
        return said

    async def _ask(
        self, what: str, kind: type[T], weight: int, urgency: Kind = Kind.READ, **words: object
    ) -> T:
        asked = {**words, "user": self._address}
        return await self._reader.ask(what, lambda: self._rest.ask(kind, weight, urgency, **asked))

    def _read(self, what: str, read: Callable[[], T]) -> T:
        """Return what rows say, or raise VenueError."""
        try:
            return read()
        except Malformed as error:
            raise VenueError(f"{self._network.venue} {what}: not as documented: {error}") from None


def _payment(row: wire.Funding) -> Payment:
    """Return a payment; the venue gives it no number, and a market has one at a moment."""
    name = f"{row.delta.coin}:{row.time}"
    return Payment(name, row.time * 1_000_000, decimal(row.delta.usdc), "USDC")
