"""Be a venue: the simulated exchange fed by a market source, on an injected clock.

The same matching kernels as in replay, run interpreted. Rows reach the exchange at the source's
stamps and the worker one feed latency later; commands and reports take their latencies in between.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from connectors.funded import Announced, Collateral
from connectors.margined import Liquidation
from connectors.model.account import Fate, Fee, Payment, Standing, Trade
from connectors.model.book import is_two_sided
from connectors.model.errors import MmrunnerError, VenueError
from connectors.model.events import (
    AMEND,
    CANCEL,
    FILLED,
    OUTCOME_UNKNOWN,
    PLACE,
    POST_ONLY,
    AccountRows,
    MarketRows,
)
from connectors.pacing import Scope
from connectors.sim.account import PaperAccount
from connectors.sim.brink import brink_of
from connectors.sim.collateral import collateral_of, equities_of
from connectors.sim.exchange import (
    FAR_NS,
    Exchange,
    deliver_request,
    next_report_ns,
    next_request_ns,
    on_row,
    report_row,
    submit,
)
from connectors.sim.margin import money_of
from connectors.sim.payday import Payday
from connectors.sim.wire import is_requested
from connectors.venue import Countdown, RescueWords, Sink
from connectors.weighed import Equity


class Source(Protocol):
    """A market that is there without us: the synthetic flow, or a public feed."""

    def next_ns(self) -> int:
        """Return the venue's stamp of the next message."""

    def take(self, rows: MarketRows, feed_latency_ns: int) -> None:
        """Append the rows of the next message, received one feed latency after their stamp."""


class Clock(Protocol):
    """What the venue needs of a clock."""

    def now_ns(self) -> int: ...
    async def sleep_until_ns(self, wall_ns: int) -> None: ...


Charge = Callable[[int, int, int], Fee]
"""Give the fee of the next fill by its role, notional in ticks times lots, and stamp."""


@dataclass(slots=True)
class SimMarket:
    """One market of the simulated venue: its exchange, its source, and what is on its way to us.

    `charge` is asked for the fee of each fill, in order; without it the venue tells none. `payday`
    pays funding. `fees` are of fills on their way, by trade id.
    """

    name: str
    exchange: Exchange
    source: Source
    feed_latency_ns: int
    wake_every_ns: int
    pending: MarketRows = field(default_factory=MarketRows)
    drained: MarketRows = field(default_factory=MarketRows)
    account: AccountRows = field(default_factory=AccountRows)
    charge: Charge | None = None
    payday: Payday | None = None
    half_tick_lot_quote: float = 1.0
    fees: dict[int, Fee] = field(default_factory=dict)
    booked: int = 0
    wake_ns: int = 0
    is_turning: bool = False
    is_hurried: bool = False


class SimVenue:
    """A venue of simulated markets that share one account."""

    cancel_all_out_of_loop: Callable[[], None] | None = None
    countdown: Countdown | None = None
    rescue: RescueWords | None = None
    amends = True
    scopes: Sequence[Scope] = ()
    look_every_ns = 0

    def __init__(
        self, clock: Clock, account: PaperAccount, markets: Mapping[str, SimMarket]
    ) -> None:
        self._clock = clock
        self._account = account
        self._markets = markets
        self._sinks: Mapping[str, Sink] = {}
        self._tasks: asyncio.TaskGroup | None = None

    async def standing(self, market: str) -> Standing:
        """Read the account's books."""
        return self._account.standing(market)

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Read the trades with a higher id from the account's books."""
        return self._account.trades_after(market, trade_id)

    async def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Read the funding from the account's books."""
        return self._account.payments_after(market, after_ns)

    def announced(self, market: str) -> Announced | None:
        """Return the next settlement of a market; None where it pays no funding."""
        payday = self._markets[market].payday
        return None if payday is None else payday.announced()

    def collateral(self, market: str) -> Collateral:
        """Return what stands behind a market's position; without margin that is no bound."""
        asked = self._markets[market]
        return collateral_of(asked.exchange, asked.half_tick_lot_quote)

    def equities(self) -> Sequence[Equity]:
        """Return what every wallet is worth now."""
        return equities_of(
            {
                name: (market.exchange, Decimal(repr(market.half_tick_lot_quote)))
                for name, market in self._markets.items()
            }
        )

    async def mid_half_ticks(self, market: str) -> int:
        """Read the mid; raise VenueError while the book has not two sides."""
        self._advance(self._markets[market], self._clock.now_ns())
        book = self._markets[market].exchange.book
        if not is_two_sided(book):
            raise VenueError(f"{market}: expected a book with two sides, there is none yet")
        return book.best_bid_ticks + book.best_ask_ticks

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Read an order's fate from the books; unknown while a request for it is on its way."""
        if is_requested(self._markets[market].exchange, client_id):
            return Fate(OUTCOME_UNKNOWN, 0)
        return self._account.order_fate(market, client_id)

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Pump every market until cancelled."""
        self._sinks = sinks
        try:
            async with asyncio.TaskGroup() as group:
                self._tasks = group
                for name in sinks:
                    group.create_task(self._pump(self._markets[name]), name=f"sim:{name}")
        finally:
            self._tasks = None

    def place(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Put an order on its way to the exchange."""
        self._submit(market, PLACE, client_id, side, ticks, lots, flags)

    def cancel(self, market: str, client_id: int) -> None:
        """Put a cancel on its way to the exchange."""
        self._submit(market, CANCEL, client_id, 0, 0, 0, 0)

    def amend(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Put an order's new terms on their way to the exchange."""
        self._submit(market, AMEND, client_id, side, ticks, lots, flags)

    def attach(self, sinks: Mapping[str, Sink]) -> None:
        """Deliver to these where nothing runs, and `wake` alone turns a market."""
        self._sinks = sinks

    def wake(self, market: str) -> None:
        """Turn a market now: its source has news that the pump does not know of."""
        to = self._markets[market]
        self._turn(to)
        if _next_answer_ns(to) < FAR_NS:
            self._hurry_soon(to)

    def exchange(self, market: str) -> Exchange:
        """Return a market's exchange."""
        return self._markets[market].exchange

    def lends(self, market: str) -> bool:
        """Tell whether a market has a margin."""
        return bool(self._markets[market].exchange.margin.is_on)

    def liquidation(self, market: str) -> Liquidation:
        """Reckon where a market's position would be liquidated, as its exchange does."""
        exchange = self._markets[market].exchange
        known, price, full = brink_of(exchange)
        mark = exchange.margin.mark_half_ticks or None
        return Liquidation(exchange.position_lots, price if known else None, full, mark)

    def close(self) -> None:
        """Close the account's books."""
        self._account.close()

    def _submit(
        self, market: str, kind: int, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> None:
        to = self._markets[market]
        submit(to.exchange, kind, client_id, side, ticks, lots, flags, self._clock.now_ns())
        if not to.is_turning:
            self._hurry_soon(to)

    def _hurry_soon(self, market: SimMarket) -> None:
        if self._tasks is not None and not market.is_hurried:
            market.is_hurried = True
            self._tasks.create_task(self._hurry(market), name=f"sim:{market.name}:hurry")

    async def _pump(self, market: SimMarket) -> None:
        """Turn the market at each of its moments."""
        while True:
            self._turn(market)
            await self._clock.sleep_until_ns(_next_moment_ns(market))

    async def _hurry(self, market: SimMarket) -> None:
        """Serve a command that came while the pump was asleep, and its answers, at their times."""
        try:
            while (moment_ns := _next_answer_ns(market)) < FAR_NS:
                await self._clock.sleep_until_ns(moment_ns)
                self._turn(market)
        finally:
            market.is_hurried = False

    def _turn(self, market: SimMarket) -> None:
        """Advance the market to now and deliver what has arrived."""
        now_ns = self._clock.now_ns()
        market.is_turning = True
        self._advance(market, now_ns)
        _drain(market, now_ns)
        if market.drained or market.account or now_ns >= market.wake_ns:
            self._sinks[market.name].on_batch(market.drained, market.account, now_ns)
            market.wake_ns = now_ns + market.wake_every_ns
        market.is_turning = False

    def _advance(self, market: SimMarket, now_ns: int) -> None:
        """Let everything happen at the exchange that has happened by now, in order of time."""
        exchange = market.exchange
        while True:
            moment = market.source.next_ns()
            request = next_request_ns(exchange)
            if moment <= now_ns and moment <= request:
                self._take_message(market)
            elif request <= now_ns:
                deliver_request(exchange)
            else:
                break
            if market.payday is not None and exchange.funding.marked > 0:
                self._pay(market, market.payday)
        self._book(market)

    def _pay(self, market: SimMarket, payday: Payday) -> None:
        """Book what a settlement has paid, and let the next one come."""
        paid = payday.take(market.exchange)
        if paid is not None:
            self._account.pay(market.name, paid)

    def _take_message(self, market: SimMarket) -> None:
        """Move one message from the source to the exchange and onto the feed."""
        rows = market.pending
        first = len(rows)
        market.source.take(rows, market.feed_latency_ns)
        for r in range(first, len(rows)):
            on_row(market.exchange, rows.kind[r], rows.ticks[r], rows.lots[r], rows.venue_ns[r])

    def _book(self, market: SimMarket) -> None:
        """Write what the exchange has reported since the last call into the venue's books."""
        exchange = market.exchange
        if exchange.overflow:
            raise MmrunnerError(f"{market.name}: the simulated exchange's queues are full")
        reports = exchange.reports
        while market.booked < exchange.report_tail:
            k = market.booked % len(reports.kind)
            fee = None
            if reports.kind[k] == FILLED and market.charge is not None:
                notional = reports.ticks[k] * reports.lots[k]
                fee = market.charge(reports.code[k], notional, reports.venue_ns[k])
                market.fees[reports.trade_id[k]] = fee
            self._account.record(
                market.name,
                reports.kind[k],
                reports.client_id[k],
                reports.side[k],
                reports.ticks[k],
                reports.lots[k],
                reports.code[k],
                reports.trade_id[k],
                reports.venue_ns[k],
                fee,
            )
            market.booked += 1
        if exchange.margin.is_on:
            self._account.keep_money(market.name, money_of(exchange))
        self._account.commit()


def _drain(market: SimMarket, now_ns: int) -> None:
    """Move what has arrived by now into the batch."""
    market.drained.clear()
    market.account.clear()
    pending = market.pending
    arrived = 0
    for recv_ns in pending.recv_ns:
        if recv_ns > now_ns:
            break
        arrived += 1
    if arrived:
        for name in ("kind", "ticks", "lots", "venue_ns", "recv_ns"):
            column: list[int] = getattr(pending, name)
            getattr(market.drained, name).extend(column[:arrived])
            del column[:arrived]
    reports = market.exchange.reports
    while next_report_ns(market.exchange) <= now_ns:
        k = report_row(market.exchange)
        market.account.add(
            reports.kind[k],
            reports.client_id[k],
            reports.side[k],
            reports.ticks[k],
            reports.lots[k],
            reports.code[k],
            reports.trade_id[k],
            reports.venue_ns[k],
            reports.recv_ns[k],
            market.fees.pop(reports.trade_id[k], None),
        )


def _next_moment_ns(market: SimMarket) -> int:
    """Return when something will next happen at or reach this market."""
    moments = [market.source.next_ns(), _next_answer_ns(market), market.wake_ns]
    if market.pending:
        moments.append(market.pending.recv_ns[0])
    return min(moments)


def _next_answer_ns(market: SimMarket) -> int:
    """Return when a command next reaches the exchange or a report reaches us, or FAR_NS."""
    return min(next_request_ns(market.exchange), next_report_ns(market.exchange))
