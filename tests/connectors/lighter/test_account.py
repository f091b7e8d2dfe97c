"""The account at the stand-in: what happens there is told here once, and reads say the same."""

import asyncio
from decimal import Decimal

import pytest

from connectors.model.account import ABSENT, Fate, RestingOrder
from connectors.model.errors import Plan, VenueError
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    FILLED,
    GAP,
    OUTCOME_UNKNOWN,
    REJECTED,
    SELL,
    TAKER,
)
from tests.connectors.lighter.standin import StandIn, beside
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.orders import TimeInForce

FAR, NEAR = 290_000, 310_000
"""Bids in ticks: one that rests and one that takes."""
TAKES = {"Price": NEAR, "BaseAmount": 700, "TimeInForce": TimeInForce.IOC}


def test_an_order_that_rests_and_is_cancelled() -> None:
    async def act(stand: StandIn) -> None:
        stand.trade(2176, Price=FAR)
        await asyncio.sleep(1)
        standing = await stand.venue.standing("eth")
        assert standing.resting == (RestingOrder(2176, BUY, FAR, 1000),)
        assert (standing.position_lots, standing.account) == (0, str(ACCOUNT))
        assert await stand.venue.order_fate("eth", 2176) == Fate(ACCEPTED, 0)
        stand.cancel(2176)
        await asyncio.sleep(1)
        standing = await stand.venue.standing("eth")
        assert standing.resting == ()
        assert standing.last_client_id == 2176
        assert await stand.venue.order_fate("eth", 2176) == Fate(CANCELLED, 0)

    stand = beside(act)
    kinds = [row[:5] for row in stand.sinks["eth"].account]
    assert kinds == [(ACCEPTED, 2176, BUY, FAR, 1000), (CANCELLED, 2176, BUY, FAR, 1000)]
    assert stand.sinks["btc"].account == []


def test_a_fill_is_told_once_with_its_fee_and_every_read_agrees() -> None:
    async def act(stand: StandIn) -> None:
        stand.trade(2176, **TAKES)
        await asyncio.sleep(1)
        standing = await stand.venue.standing("eth")
        trades = await stand.venue.trades_after("eth", 0)
        assert standing.position_lots == sum(trade.lots for trade in trades) == 700
        entry = Decimal(-standing.cash_tick_lots) / 700
        assert min(t.ticks for t in trades) - 1 <= entry <= max(t.ticks for t in trades) + 1
        rows = [(row[6], row[1], row[2], row[3], row[4]) for row in stand.of_account(FILLED)]
        assert rows == [(t.trade_id, t.client_id, t.side, t.ticks, t.lots) for t in trades]
        assert stand.sinks["eth"].fees == [trade.fee for trade in trades]
        assert all(trade.role == TAKER and trade.client_id == 2176 for trade in trades)
        for trade in trades:
            assert trade.fee is not None
            assert (
                trade.fee.amount == Decimal(trade.ticks * trade.lots).scaleb(-6) * 280 / 1_000_000
            )
        last = trades[-1].trade_id
        assert await stand.venue.trades_after("eth", last) == ()
        assert await stand.venue.trades_after("eth", trades[0].trade_id) == trades[1:]
        assert await stand.venue.order_fate("eth", 2176) == Fate(FILLED, 700)
        stand.trade(4352, Price=NEAR - 20_000, BaseAmount=700, IsAsk=1, TimeInForce=0)
        await asyncio.sleep(1)
        assert (await stand.venue.standing("eth")).position_lots == 0
        assert {row[2] for row in stand.of_account(FILLED)} == {BUY, SELL}

    beside(act)


def test_a_post_only_order_that_would_take_is_refused_by_a_later_word() -> None:
    async def act(stand: StandIn) -> None:
        stand.trade(2176, Price=NEAR)
        await asyncio.sleep(1)
        assert await stand.venue.order_fate("eth", 2176) == Fate(REJECTED, 0)

    stand = beside(act)
    assert [row[0] for row in stand.sinks["eth"].account] == [REJECTED]


def test_an_order_that_nobody_knows_is_absent_only_once_it_cannot_arrive() -> None:
    async def act(stand: StandIn) -> None:
        assert await stand.venue.order_fate("eth", 999) == Fate(OUTCOME_UNKNOWN, 0)
        await asyncio.sleep(605)
        assert await stand.venue.order_fate("eth", 999) == Fate(OUTCOME_UNKNOWN, 0)
        await asyncio.sleep(10)
        # One read may leave an order out, and of this one nothing else is known.
        fates = [(await stand.venue.order_fate("eth", 999)).kind for _ in range(3)]
        assert fates == [OUTCOME_UNKNOWN, OUTCOME_UNKNOWN, ABSENT]

    beside(act, has_crowd=False)


def test_a_fill_during_a_loss_is_told_by_the_history_of_the_next_connection() -> None:
    async def act(stand: StandIn) -> None:
        for wire in stand.way.lines:
            wire.line.abort()
        stand.trade(2176, **TAKES)
        await asyncio.sleep(10)
        told = {row[6] for row in stand.of_account(FILLED)}
        assert told == {trade.trade_id for trade in await stand.venue.trades_after("eth", 0)}
        assert len(told) == len(stand.of_account(FILLED))

    stand = beside(act)
    assert stand.sinks["eth"].links == [False, True, False, True]
    assert sum(row == (GAP, 0, 0) for row in stand.sinks["eth"].rows) == 1


def test_history_from_before_the_start_is_read_and_never_streamed() -> None:
    async def before(stand: StandIn) -> None:
        stand.trade(2176, **TAKES)
        await asyncio.sleep(1)

    async def act(stand: StandIn) -> None:
        trades = await stand.venue.trades_after("eth", 0)
        assert len(trades) > 0
        assert stand.of_account(FILLED) == []
        standing = await stand.venue.standing("eth")
        assert (standing.last_trade_id, standing.last_client_id) == (trades[-1].trade_id, 2176)
        assert standing.position_lots == 700

    beside(act, before=before)


def test_more_trades_than_a_page_are_all_read() -> None:
    async def act(stand: StandIn) -> None:
        for k in range(60):
            is_ask = k % 2
            price = NEAR - 20_000 * is_ask
            stand.trade(2176 * (k + 1), Price=price, BaseAmount=700, IsAsk=is_ask, TimeInForce=0)
            await asyncio.sleep(1)
        trades = await stand.venue.trades_after("eth", 0)
        assert len(trades) >= 60
        assert len({trade.trade_id for trade in trades}) == len(trades)
        assert [row[6] for row in stand.of_account(FILLED)] == [t.trade_id for t in trades]

    beside(act)


def test_every_market_is_held_until_account_and_books_are_whole() -> None:
    async def act(stand: StandIn) -> None:
        """Let a second pass."""

    stand = beside(act)
    for sink in stand.sinks.values():
        assert sink.links == [False, True]


@pytest.mark.parametrize(
    ("path", "status", "plan"),
    [("account", 503, Plan.RETRY), ("accountActiveOrders", 403, Plan.HALT)],
)
def test_no_answer_is_never_told_as_flat_or_as_no_orders(
    path: str, status: int, plan: Plan
) -> None:
    async def act(stand: StandIn) -> None:
        with pytest.raises(VenueError) as caught:
            await stand.venue.standing("eth")
        assert caught.value.plan is plan

    beside(act, {"when": path, "times": 99, "do": "http", "status": status, "text": "<html>"})


def test_funding_is_told_as_the_venue_has_paid_it() -> None:
    async def act(stand: StandIn) -> None:
        born_ns = stand.clock.now_ns()
        stand.trade(2176, **TAKES)
        await asyncio.sleep(12)
        paid = await stand.venue.payments_after("eth", born_ns)
        truth = stand.there.exchange.accounts[ACCOUNT].fundings[::-1]
        assert [(p.payment_id, p.paid_ns // 10**9, p.amount) for p in paid] == [
            (str(f.funding_id), f.at_ns // 10**9, Decimal(f.change_micro) / 10**6) for f in truth
        ]
        assert len(paid) >= 2
        assert {p.currency for p in paid} == {"USDC"}
        assert all(p.amount < 0 for p in paid)
        assert await stand.venue.payments_after("eth", paid[0].paid_ns) == ()
        assert await stand.venue.payments_after("btc", born_ns) == ()

    beside(act, funding_s=5.0)
