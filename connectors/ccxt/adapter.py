"""Be a venue: an exchange of ccxt's, its market data, and the account where there is one.

Without keys there is no account: the reads raise. Without orders nothing is sent: `place` and
`cancel` raise, so that nobody takes an order for sent.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from connectors.ccxt.account import Account
from connectors.ccxt.announcing import announced, collateral
from connectors.ccxt.listing import Listed
from connectors.ccxt.listings import Listings
from connectors.ccxt.network import Network
from connectors.ccxt.orders import CcxtOrders
from connectors.ccxt.own import AccountState
from connectors.ccxt.parts import Limited, Parts
from connectors.ccxt.words import OwnPosition, OwnWallet, Rates
from connectors.funded import Announced, Collateral
from connectors.links import Links, links_of
from connectors.margined import MINUTE_NS, Liquidation
from connectors.model.account import Fate, Payment, Standing, Trade
from connectors.model.errors import Plan, VenueError
from connectors.model.events import POST_ONLY, AccountRows, MarketRows
from connectors.model.instrument import Instrument
from connectors.pacing import Scope
from connectors.reports import Reporter
from connectors.socket import Malformed
from connectors.venue import Countdown, RescueWords, Sink
from connectors.weighed import Equity

ACCOUNT = "the account"
CLOCK_EVERY_S = 60.0


class CcxtVenue:
    """The markets of a deploy at one exchange."""

    cancel_all_out_of_loop: Callable[[], None] | None = None
    countdown: Countdown | None = None
    rescue: RescueWords | None = None
    """None: what a venue has of the kind watches our connection, and is set when the venue is
    prepared."""

    def __init__(
        self, network: Network, parts: Parts, instruments: Mapping[str, Instrument]
    ) -> None:
        """`instruments` are the markets by our names, with the steps they are expected to have."""
        self._network = network
        self._parts = parts
        self._listings = Listings(
            network, instruments, parts.alphabet, parts.reads.markets, parts.relist_every_s
        )
        self._sinks: Mapping[str, Sink] = {}
        self._state = AccountState()
        self._orders: CcxtOrders | None = None
        if parts.writes is not None:
            self._orders = CcxtOrders(
                network,
                parts.writes,
                self._state,
                lambda: self._listings.known,
                parts.reads.ask_clock,
            )
        self._started_ns = network.clock.now_ns()
        self._books = Account(
            self._state,
            parts.reads,
            network,
            self._dead_since_ns,
            self._is_amended,
            parts.account_name,
        )

    @property
    def scopes(self) -> Sequence[Scope]:
        """What the venue counts our requests by."""
        return self._network.budgets.scopes

    @property
    def look_every_ns(self) -> int:
        """Leave reads to questions about orders and funding, too."""
        return (self._listings.count + 1) * self._network.budgets.look_ns

    @property
    def amends(self) -> bool:
        """Tell whether resting orders are changed in place."""
        return self._parts.amends

    def position(self, market: str) -> OwnPosition | None:
        """Return what was last said of a position: its leverage, liquidation price and ADL rank."""
        return self._state.positions.get(market)

    @property
    def wallet(self) -> OwnWallet | None:
        """What was last said of the account's money; None: nothing."""
        return self._state.wallet

    def lends(self, market: str) -> bool:
        """Tell whether there is an account, and the market is a perpetual."""
        return self._parts.has_account and not self._listings.is_spot(market)

    def liquidation(self, market: str) -> Liquidation | None:
        """Return where a position is liquidated, by the last word of the last minute or so."""
        listed = self._listings.known.get(market)
        if listed is None:
            return None
        since_ns = self._network.clock.now_ns() - max(MINUTE_NS, 3 * self.look_every_ns)
        return self._state.brinks.liquidation(listed, self._state.wallet, since_ns)

    def announced(self, market: str) -> Announced | None:
        """Return what the streams have announced of a market's funding."""
        listed = self._listings.known.get(market)
        return None if listed is None else announced(listed.latest.rates)

    def collateral(self, market: str) -> Collateral | None:
        """Return what stands behind a market's position."""
        return collateral(self._state.wallet, self.liquidation(market))

    def equities(self) -> Sequence[Equity] | None:
        """Return what the account's perpetuals stand on, in dollars; None while nobody has said."""
        known = self._listings.known
        names = tuple(name for name in known if not self._listings.is_spot(name))
        if not self._parts.has_account or not names:
            return ()
        wallet = self._state.wallet
        if wallet is None or wallet.equity is None:
            return None
        return (Equity(names, wallet.equity, "USD"),)

    def worst_ticks(self, market: str, side: int) -> int | None:
        """Return the worst price that the venue surely takes of a side now; None: nobody knows."""
        listed = self._listings.known.get(market)
        if listed is None or not isinstance(self._parts, Limited):
            return None
        return self._parts.worst_ticks(listed, side)

    async def rates(self, market: str) -> Rates:
        """Read mark, index and funding of a market, with its own interval."""
        return await self._parts.reads.rates((await self._listings.listed(market)).symbol)

    async def standing(self, market: str) -> Standing:
        """Read where the account stands in a market."""
        self._require_account(market)
        return await self._books.standing(await self._listings.listed(market))

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Read our trades with a higher id."""
        self._require_account(market)
        return await self._books.trades_after(await self._listings.listed(market), trade_id)

    async def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Read the funding that was paid after a moment."""
        self._require_account(market)
        return await self._books.payments_after(await self._listings.listed(market), after_ns)

    async def mid_half_ticks(self, market: str) -> int:
        """Read the middle of a market's touch."""
        listed = await self._listings.listed(market)
        touch = await self._parts.reads.touch(listed.symbol)
        try:
            return sum(listed.units.ticks(price) for price in touch)
        except Malformed:
            raise VenueError(
                f"{self._network.venue} {listed.symbol}: expected a book with two sides, was"
                f" {touch[0] or 'none'} and {touch[1] or 'none'}"
            ) from None

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Read what became of an order."""
        self._require_account(market)
        return await self._books.order_fate(await self._listings.listed(market), client_id)

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Deliver until cancelled. A market that is not listed as configured stays silent, is held
        and is told to a person; where that is all of them VenueError is raised.

        With an account every market is held until all of its streams are whole.
        """
        self._sinks = sinks
        try:
            found = await self._listings.found(sinks)
            if self._orders is not None:
                for market in found:
                    await self._network.until_answered(partial(self._parts.prepare, market))
            await self._serve(found, self._links(sinks, found))
        finally:
            await self._network.hang_up()

    async def _serve(self, found: Sequence[Listed], links: Links) -> None:
        async with asyncio.TaskGroup() as tasks:
            for stream in self._parts.public(found, self._deliver, self._on_public(links)):
                tasks.create_task(stream.run(), name="market data")
            tasks.create_task(self._listings.keep(found, links), name="listing")
            tasks.create_task(self._keep_clock(), name="clock")
            if self._parts.has_account:
                own = self._parts.private(
                    self._state, found, self._deliver, self._on_account(links)
                )
                tasks.create_task(own.run(), name="account")
            if self._orders is not None:
                reporter = Reporter(self._network.clock, self._deliver)
                tasks.create_task(self._orders.run(reporter), name="orders")

    def place(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Send a limit order, once; raise VenueError where nothing sends orders."""
        self._sender(market).place(market, client_id, side, ticks, lots, flags)

    def cancel(self, market: str, client_id: int) -> None:
        """Send a cancel, once; raise VenueError where nothing sends orders."""
        self._sender(market).cancel(market, client_id)

    def amend(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Change a resting order, once; raise VenueError where nothing sends orders."""
        self._sender(market).amend(market, client_id, side, ticks, lots, flags)

    def close(self) -> None:
        """Hold nothing open: connections end with `run`."""

    def _links(self, sinks: Mapping[str, Sink], found: Sequence[Listed]) -> Links:
        names = [market.name for market in found]
        data = {_data_of(name): [name] for name in names}
        account = ACCOUNT if self._parts.has_account else None
        return links_of(sinks, names, data, account, self._network.clock.now_ns())

    def _on_public(self, links: Links) -> Callable[[str, bool, str], None]:
        def tell(market: str, is_whole: bool, why: str) -> None:
            now_ns = self._network.clock.now_ns()
            if links.change(_data_of(market), is_whole, now_ns) and not is_whole:
                self._network.say(market, f"market data: {why}")

        return tell

    def _on_account(self, links: Links) -> Callable[[bool, str], None]:
        def tell(is_whole: bool, why: str) -> None:
            now_ns = self._network.clock.now_ns()
            self._state.hearing.whole_since_ms = self._network.now_ms() if is_whole else None
            if links.change(ACCOUNT, is_whole, now_ns) and not is_whole:
                self._network.say("", f"account: {why}")

        return tell

    async def _keep_clock(self) -> None:
        """Learn the venue's time again and again."""
        while True:
            await asyncio.sleep(CLOCK_EVERY_S)
            try:
                await self._parts.reads.ask_clock()
            except VenueError as error:
                self._network.say("", str(error))

    def _deliver(self, market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        self._sinks[market].on_batch(rows, account, now_ns)

    def _dead_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Ask who sends orders; where nobody does, those of former sessions die of age."""
        if self._orders is not None:
            return self._orders.dead_since_ns(client_id, now_ns)
        dead_ns = self._started_ns + 2 * self._parts.life_ns
        return dead_ns if now_ns >= dead_ns else None

    def _is_amended(self, client_id: int, now_ns: int) -> bool:
        return self._orders is not None and self._orders.is_amended(client_id, now_ns)

    def _require_account(self, market: str) -> None:
        if not self._parts.has_account:
            raise self._refused(market, "is read without an account")

    def _sender(self, market: str) -> CcxtOrders:
        if self._orders is None:
            raise self._refused(market, "is read-only: nothing sends orders")
        return self._orders

    def _refused(self, market: str, why: str) -> VenueError:
        return VenueError(f"markets.{market}.venue: {self._network.venue} {why}", Plan.HALT)


def _data_of(market: str) -> str:
    return f"market data of {market}"
