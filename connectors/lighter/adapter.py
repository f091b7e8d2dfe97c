"""Be a venue: Lighter's market data, and the account where there is one.

Without a signer there is no account: the reads raise. Without `Orders` nothing is sent: `place` and
`cancel` raise, so that nobody takes an order for sent.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.examined import Remark
from connectors.funded import Announced, Collateral
from connectors.lasting import all_lasting
from connectors.lighter.account import Account
from connectors.lighter.account_data import STREAM, AccountData
from connectors.lighter.account_reads import AccountReads
from connectors.lighter.account_state import AccountState
from connectors.lighter.account_terms import TermsReads
from connectors.lighter.account_wire import Tx
from connectors.lighter.examiner import Examiner
from connectors.lighter.expected import Expectations, Expected
from connectors.lighter.leverage import Leverage
from connectors.lighter.listing import Listed
from connectors.lighter.listings import Listings
from connectors.lighter.margin import collateral_of, liquidation_of
from connectors.lighter.market import Figures
from connectors.lighter.market_data import MarketData
from connectors.lighter.network import Network
from connectors.lighter.proofs import NobodySends, Proofs
from connectors.lighter.purse import Purse
from connectors.lighter.seams import Orders, Signer
from connectors.lighter.tokens import Tokens
from connectors.lighter.touch import read_mid_half_ticks
from connectors.links import Links, links_of
from connectors.margined import MINUTE_NS, Liquidation
from connectors.model.account import Fate, Payment, Standing, Trade
from connectors.model.errors import Plan, Refusal, VenueError
from connectors.model.events import POST_ONLY, REDUCE_ONLY, REJECTED, AccountRows, MarketRows
from connectors.model.instrument import Instrument
from connectors.numbered import Bound
from connectors.pacing import Scope
from connectors.reports import Reporter
from connectors.venue import Countdown, RescueWords, Sink

HOUR_NS = 3_600_000_000_000
"""What a rate of funding is for."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account it is, and who signs for it."""

    account: int
    signer: Signer


class LighterVenue:
    """The markets of a deploy on one network."""

    cancel_all_out_of_loop: Callable[[], None] | None = None
    expected: Expectations | None = None
    """What the account is held against by `examine`."""
    leverage: Leverage | None = None
    """Who sets margins, where a deploy is armed."""
    countdown: Countdown | None = None
    rescue: RescueWords | None = None
    amends = True

    def __init__(
        self,
        network: Network,
        instruments: Mapping[str, Instrument],
        holder: Holder | None = None,
        orders: Orders | None = None,
    ) -> None:
        """`instruments` are the markets by our names, with the steps they are expected to have."""
        self._network = network
        self._listings = Listings(network, instruments)
        self._orders = orders
        self._sinks: Mapping[str, Sink] = {}
        self._data: MarketData | None = None
        self._reporter = Reporter(network.clock, self._deliver)
        self._spot = frozenset(name for name, of in instruments.items() if of.is_spot)
        self._ticks = {name: of.tick_size for name, of in instruments.items()}
        self._purse = Purse()
        self._state: AccountState | None = None
        if holder is not None:
            self._state = AccountState(holder.account)
            self._tokens = Tokens(holder.signer, network.clock)
            reads = AccountReads(network.rest, self._tokens, holder.account)
            self._terms = TermsReads(network.rest, self._tokens, holder.account)
            proofs: Proofs = NobodySends(network.clock.now_ns())
            if orders is not None:
                proofs, self._state.on_order = orders, orders.on_order
            self._books = Account(self._state, reads, network.clock, proofs)

    @property
    def scopes(self) -> Sequence[Scope]:
        """What the venue counts: connections, messages and reads."""
        return self._network.budgets.scopes

    @property
    def account(self) -> AccountState | None:
        """What the account's stream has last said, where there is an account."""
        return self._state

    def figures(self, market: str) -> Figures | None:
        """Return mark, index and funding of a market, where they have been told."""
        return None if self._data is None else self._data.figures(market)

    def funding_per_hour(self, market: str) -> float | None:
        """Return the rate that longs will pay shorts for this hour, as a fraction, where known."""
        return None if self._data is None else self._data.funding_per_hour(market)

    def announced(self, market: str) -> Announced | None:
        """Return the next settlement, at this hour's end, where its rate is known."""
        per_hour = self.funding_per_hour(market)
        if per_hour is None:
            return None
        every_ns = int(self._network.terms.funding_every_s * 1e9)
        next_ns = (self._network.clock.now_ns() // every_ns + 1) * every_ns
        return Announced(Decimal(repr(per_hour)), HOUR_NS, next_ns)

    def lends(self, market: str) -> bool:
        """Tell whether there is an account, and the market is a perpetual."""
        return self._state is not None and market not in self._spot

    def liquidation(self, market: str) -> Liquidation | None:
        """Return where a position is liquidated, by the last word of the last minute or so."""
        brink = None if self._state is None else self._state.brinks.get(market)
        if brink is None:
            return None
        return liquidation_of(brink, self.figures(market), self._ticks[market], self._since_ns())

    def collateral(self, market: str) -> Collateral | None:
        """Return what stands behind a market's position, by words as young as those."""
        free = None if self._state is None else self._state.free
        return collateral_of(free, self.liquidation(market), self._since_ns())

    @property
    def quota_left(self) -> int | None:
        """What is left of the volume quota, where it has been told."""
        return None if self._orders is None else self._orders.quota_left

    @property
    def look_every_ns(self) -> int:
        """Leave reads to questions about orders and funding, too. Markets rarely share a look."""
        return (self._listings.count + 1) * self._network.budgets.look_ns

    async def standing(self, market: str) -> Standing:
        """Read where the account stands in a market."""
        return await self._account_of(market).standing(await self._listings.listed(market))

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Read our trades with a higher id."""
        listed = await self._listings.listed(market)
        return await self._account_of(market).trades_after(listed, trade_id)

    async def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Read the funding that was paid after a moment."""
        listed = await self._listings.listed(market)
        return await self._account_of(market).payments_after(listed, after_ns)

    async def mid_half_ticks(self, market: str) -> int:
        """Read the middle of a market's touch."""
        return await read_mid_half_ticks(self._network.rest, await self._listings.listed(market))

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Read what became of an order."""
        listed = await self._listings.listed(market)
        return await self._account_of(market).order_fate(listed, client_id)

    async def prepare(self) -> None:
        """Set leverage and margin mode where they are to be set; return once they are told back."""
        if self.leverage is None:
            return
        wanted = [
            (market, expected.margin)
            for market, expected in await self._expected()
            if expected.margin is not None and expected.sets_margin and not market.is_spot
        ]
        await self.leverage.set(wanted, self._terms)

    async def examine(self) -> list[Remark]:
        """Hold tier, fees, keys and margins against what is expected. Raises VenueError."""
        if self.expected is None:
            return []
        keys = self.expected.key_index, self.expected.cancel_key_index
        asked = Examiner(self._network, self._terms, *keys)
        return await asked.examine(await self._expected(), sets_now=self.leverage is not None)

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Deliver until cancelled. A market that is not listed as configured stays silent, is held
        and is told to a person; where that is all of them VenueError is raised.

        With an account every market is held until all of its streams are whole.
        """
        self._sinks = sinks
        found = await self._listings.found(sinks)
        data = MarketData(self._network, found, self._deliver)
        links = self._links(sinks, found, data)
        self._data = data
        try:
            works = [
                ("lighter market data", data.run(links)),
                ("lighter listing", self._listings.keep(found, links)),
            ]
            if self._state is not None:
                own = self._account_data(self._state, found)
                works.append(("lighter account", own.run(links)))
            if self._orders is not None:
                ids = {market.name: market.market_id for market in found}
                works.append(("lighter orders", self._orders.run(self._reporter, ids)))
            await all_lasting(*works)
        finally:
            self._data = None
            await self._network.hang_up()

    def bound(self, client_id: int) -> Bound | None:
        """Promise what the nonce of an order will stay below, where orders are sent."""
        return None if self._orders is None else self._orders.bound(client_id)

    def recall(self, left: Mapping[int, Bound]) -> None:
        """Learn what former processes have promised; before anything is sent."""
        if self._orders is not None:
            self._orders.recall(left)

    def hurry(self) -> None:
        """Let reads use what is kept for the end of a deploy."""
        self._network.rest.hurry()

    def place(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Send a limit order, once; raise VenueError where nothing sends orders.

        On a spot market nothing only reduces, and what its wallet was just too small for is told as
        refused instead.
        """
        if market in self._spot and flags & REDUCE_ONLY:
            raise _refused(market, f"order {client_id}: spot knows no order that only reduces")
        if self._purse.rests(market, side, self._network.clock.now_ns()):
            told = market, REJECTED, client_id, side, ticks, lots, Refusal.INSUFFICIENT_MARGIN
            asyncio.get_running_loop().call_soon(self._reporter.report, *told)
            return
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
        """Send a change of an order, once; raise VenueError where nothing sends orders."""
        self._sender(market).amend(market, client_id, side, ticks, lots)

    def close(self) -> None:
        """Let go of what sends orders; connections end with `run`."""
        if self._orders is not None:
            self._orders.close()

    async def _expected(self) -> list[tuple[Listed, Expected]]:
        """Return every market of ours with what is expected of it."""
        known = {} if self.expected is None else self.expected.markets
        return [(await self._listings.listed(name), e) for name, e in known.items()]

    def _links(self, sinks: Mapping[str, Sink], found: Sequence[Listed], data: MarketData) -> Links:
        names = [market.name for market in found]
        account = None if self._state is None else STREAM
        return links_of(sinks, names, data.streams(), account, self._network.clock.now_ns())

    def _account_data(self, state: AccountState, found: Sequence[Listed]) -> AccountData:
        return AccountData(
            self._network, state, self._tokens, found, self._deliver, self._on_transaction
        )

    def _deliver(self, market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        if account and market in self._spot:
            self._purse.hear(market, account, now_ns)
        self._sinks[market].on_batch(rows, account, now_ns)

    def _on_transaction(self, tx: Tx) -> None:
        if self._orders is not None:
            self._orders.on_transaction(tx)

    def _since_ns(self) -> int:
        """Return since when a word of the account is young: looks repeat what a stream tells."""
        return self._network.clock.now_ns() - max(MINUTE_NS, 3 * self.look_every_ns)

    def _account_of(self, market: str) -> Account:
        if self._state is None:
            raise _refused(market, "is read without an account")
        return self._books

    def _sender(self, market: str) -> Orders:
        if self._orders is None:
            raise _refused(market, "is read-only: nothing sends orders")
        return self._orders


def _refused(market: str, why: str) -> VenueError:
    return VenueError(f"markets.{market}.venue: lighter {why}", Plan.HALT)
