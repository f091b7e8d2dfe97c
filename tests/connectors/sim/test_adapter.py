"""The simulated venue serves a command at its time, whoever is asleep, and says what is true."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from connectors.model.account import ABSENT, Fate, RestingOrder
from connectors.model.events import (
    ACCEPTED,
    AMENDED,
    ASK,
    BID,
    BUY,
    CANCELLED,
    CLEAR_ASKS,
    CLEAR_BIDS,
    EXPIRED,
    FILLED,
    IOC,
    OUTCOME_UNKNOWN,
    REDUCE_ONLY,
    REJECTED,
    SELL,
    TRADE_SELL,
    AccountRows,
    MarketRows,
)
from connectors.sim.account import PaperAccount
from connectors.sim.adapter import SimMarket, SimVenue
from connectors.sim.exchange import FRONT, Exchange, ExchangeTerms, start
from tests import virtual
from tests.virtual import VirtualClock

MS = 1_000_000
S = 1_000 * MS
MARKET = "btc"
SNAPSHOT = ((CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0), (BID, 99, 5), (ASK, 101, 5))


@dataclass(slots=True)
class Script:
    """A source that shows a book at once, a seller after ten seconds, and then nothing."""

    messages: list[tuple[int, tuple[tuple[int, int, int], ...]]] = field(
        default_factory=lambda: [(0, SNAPSHOT), (10 * S, ((TRADE_SELL, 99, 7),))]
    )

    def next_ns(self) -> int:
        """Return when the next message comes."""
        return self.messages[0][0] if self.messages else 1 << 60

    def take(self, rows: MarketRows, feed_latency_ns: int) -> None:
        """Take it."""
        now_ns, message = self.messages.pop(0)
        for kind, ticks, lots in message:
            rows.add(kind, ticks, lots, now_ns, now_ns + feed_latency_ns)


@dataclass(slots=True)
class Reports:
    """A sink that keeps kind, id and moment of what the venue reports."""

    seen: list[tuple[int, int, int]] = field(default_factory=list)

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Keep the account rows."""
        for k in range(len(account)):
            self.seen.append((account.kind[k], account.client_id[k], now_ns))

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Fail: no stream of the simulated venue breaks."""
        raise NotImplementedError


def made(clock: VirtualClock, path: Path | None = None) -> SimVenue:
    exchange = Exchange()
    terms = ExchangeTerms(entry_latency_ns=3 * MS, response_latency_ns=2 * MS, queue_model=FRONT)
    start(exchange, terms)
    market = SimMarket(MARKET, exchange, Script(), 0, 100 * S)
    return SimVenue(clock, PaperAccount(path), {MARKET: market})


def test_a_command_between_two_batches_is_served_at_its_time() -> None:
    reports = Reports()

    async def main(clock: VirtualClock) -> None:
        venue = made(clock)
        running = asyncio.create_task(venue.run({MARKET: reports}))
        await clock.sleep_until_ns(1 * S)
        assert await venue.order_fate(MARKET, 32) == Fate(ABSENT, 0)
        venue.place(MARKET, 32, BUY, 99, 2)
        assert await venue.order_fate(MARKET, 32) == Fate(OUTCOME_UNKNOWN, 0)
        await clock.sleep_until_ns(2 * S)
        assert await venue.order_fate(MARKET, 32) == Fate(ACCEPTED, 0, 99, 2)
        venue.cancel(MARKET, 32)
        venue.place(MARKET, 33, BUY, 98, 2)
        await clock.sleep_until_ns(3 * S)
        assert await venue.order_fate(MARKET, 32) == Fate(CANCELLED, 0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        venue.close()

    virtual.run(main, 0)
    accepted, cancelled, second = reports.seen
    assert accepted == (ACCEPTED, 32, 1 * S + 5 * MS)
    assert cancelled == (CANCELLED, 32, 2 * S + 5 * MS)
    assert second == (ACCEPTED, 33, 2 * S + 5 * MS)


def test_an_order_takes_or_is_refused_as_its_flags_say() -> None:
    reports = Reports()

    async def main(clock: VirtualClock) -> None:
        venue = made(clock)
        running = asyncio.create_task(venue.run({MARKET: reports}))
        await clock.sleep_until_ns(1 * S)
        venue.place(MARKET, 32, BUY, 101, 1)
        venue.place(MARKET, 33, SELL, 99, 1, IOC + REDUCE_ONLY)
        venue.place(MARKET, 34, BUY, 101, 2, IOC)
        venue.place(MARKET, 35, SELL, 99, 9, IOC + REDUCE_ONLY)
        await clock.sleep_until_ns(2 * S)
        assert (await venue.standing(MARKET)).position_lots == 0
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        venue.close()

    virtual.run(main, 0)
    ends = {client_id: kind for kind, client_id, _ in reports.seen}
    assert ends == {32: REJECTED, 33: REJECTED, 34: FILLED, 35: EXPIRED}


def test_the_books_tell_trades_after_one_and_fates_also_to_the_next_session(
    tmp_path: Path,
) -> None:
    path = tmp_path / "account.sqlite"
    books = PaperAccount(path)
    for client_id in (32, 64):
        books.record(MARKET, ACCEPTED, client_id, BUY, 99, 2, 0, 0, 1)
    for trade_id, client_id in ((1, 32), (2, 64), (3, 32)):
        books.record(MARKET, FILLED, client_id, BUY, 99, 1, 0, trade_id, 5)
    name = books.standing(MARKET).account
    books.close()
    again = PaperAccount(path)
    assert again.standing(MARKET).account == name
    assert [t.trade_id for t in again.trades_after(MARKET, 1)] == [2, 3]
    assert again.trades_after(MARKET, 1)[1].client_id == 32
    assert again.order_fate(MARKET, 32) == Fate(FILLED, 2)
    assert again.order_fate(MARKET, 64) == Fate(ACCEPTED, 1, 99, 2)
    assert again.disconnect(MARKET) == 1
    assert again.order_fate(MARKET, 64) == Fate(CANCELLED, 1)
    again.close()
    other = PaperAccount(None)
    assert other.standing(MARKET).account != name
    other.close()


def test_the_books_know_the_terms_of_an_amended_order() -> None:
    books = PaperAccount(None)
    books.record(MARKET, ACCEPTED, 32, BUY, 99, 5, 0, 0, 1)
    books.record(MARKET, FILLED, 32, BUY, 99, 2, 0, 1, 2)
    books.record(MARKET, AMENDED, 32, BUY, 98, 9, 0, 0, 3)
    assert books.order_fate(MARKET, 32) == Fate(ACCEPTED, 2, 98, 9)
    assert books.standing(MARKET).resting == (RestingOrder(32, BUY, 98, 7),)
    books.record(MARKET, AMENDED, 32, BUY, 98, 2, 0, 0, 4)
    assert books.order_fate(MARKET, 32) == Fate(FILLED, 2)
    assert books.standing(MARKET).resting == ()
