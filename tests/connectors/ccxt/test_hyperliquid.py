"""Hyperliquid traded at a stand-in that recovers every signature, on virtual time."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from connectors.ccxt.ids import stamped_id
from connectors.ccxt.library import Keys
from connectors.examined import Weight
from connectors.metered import Metered
from connectors.model.account import ABSENT
from connectors.model.errors import Refusal, VenueError
from connectors.model.events import (
    ACCEPTED,
    CANCEL_REJECTED,
    CANCELLED,
    EXPIRED,
    FILLED,
    GAP,
    IOC,
    LIQUIDATION,
    MAKER,
    OUTCOME_UNKNOWN,
    REDUCE_ONLY,
    REJECTED,
    SELL,
    TAKER,
)
from connectors.pacing import Kind
from tests.connectors.ccxt.hyperliquid_trader import LOTS, TERMS, Trader, trading
from tests.connectors.ccxt.standing import FAR, NEAR
from tests.venues.bybit.accounts import Vip
from tests.venues.common.truth import Passed
from tests.venues.hyperliquid.keys import ADDRESS, AGENT_KEY, address_of
from tests.venues.hyperliquid.scenario import step_of

CREATE = "create"
DAY_NS = 86_400_000_000_000


def test_an_order_rests_and_is_cancelled() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert (stand.heard(order), stand.resting()) == ([ACCEPTED], {order})
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, CANCELLED]
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.heard(order)[2:] == [CANCEL_REJECTED]

    trading(act, has_crowd=False)


def test_what_is_asked_for_at_one_moment_leaves_as_one_action_of_its_sort() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(number) for number in range(1, 6)]
        await asyncio.sleep(1)
        assert stand.resting() == set(orders)
        for order in orders:
            stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.resting() == set()
        passed = [fact.operation for fact in stand.there.truth.of(Passed)]
        assert passed.count("batch") == 2

    trading(act, has_crowd=False)


def test_no_two_actions_of_a_millisecond_have_one_nonce() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        stand.place(2, NEAR, IOC)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert len(set(stand.there.guard.seen)) == len(stand.there.guard.seen) >= 3
        assert not [text for text in stand.told if "nonce" in text]

    trading(act, has_crowd=False)


def test_each_order_of_a_batch_has_an_answer_of_its_own() -> None:
    async def act(stand: Trader) -> None:
        good, taking = stand.place(1), stand.place(2, NEAR)
        await asyncio.sleep(1)
        assert (stand.heard(good), stand.heard(taking)) == ([ACCEPTED], [REJECTED])
        assert stand.sinks["eth"].account[-1][5] == Refusal.POST_ONLY
        assert stand.resting() == {good}
        assert (await stand.venue.order_fate("eth", taking)).kind == REJECTED

    trading(act)


REFUSALS = [
    (FAR + 5, LOTS, Refusal.PRICE_BAND),
    (FAR, 3, Refusal.MIN_SIZE),
    (FAR, 100_000_000, Refusal.INSUFFICIENT_MARGIN),
]


@pytest.mark.parametrize(("ticks", "lots", "code"), REFUSALS)
def test_an_order_is_refused_with_its_reason(ticks: int, lots: int, code: Refusal) -> None:
    async def act(stand: Trader) -> None:
        stand.venue.place("eth", 2176, 0, ticks, lots)
        await asyncio.sleep(1)
        row = stand.sinks["eth"].account[-1]
        assert (row[0], row[5]) == (REJECTED, code)

    trading(act, has_crowd=False)


def test_trades_are_told_once_with_their_fees_by_stream_and_by_read() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        rows = [row for row in stand.sinks["eth"].account if row[0] == FILLED]
        made = stand.account.executions
        texts = [f"{e.order.number}:{e.number}" for e in made]
        ids = [stamped_id(e.at_ns // 1_000_000, t) for e, t in zip(made, texts, strict=True)]
        assert [row[6] for row in rows] == ids
        assert {(row[1], row[5]) for row in rows} == {(order, TAKER)}
        trades = await stand.venue.trades_after("eth", 0)
        assert [trade.trade_id for trade in trades] == sorted(ids)
        assert [trade.fee for trade in trades] == stand.sinks["eth"].fees[-len(rows) :]
        assert sum(fee.amount for trade in trades if (fee := trade.fee)) == Decimal(
            sum(each.fee for each in made)
        ).scaleb(-8)
        standing = await stand.venue.standing("eth")
        assert (standing.position_lots, standing.account) == (LOTS, ADDRESS)
        assert standing.last_trade_id == trades[-1].trade_id

    trading(act)


def test_old_trades_are_read_page_by_page() -> None:
    async def before(stand: Trader) -> None:
        bid = stand.client.order("1", p="3010", tif="Ioc", s="0.02")
        stand.client.place(bid)
        (made,) = stand.account.executions
        stand.account.executions[:] = [
            replace(made, number=n, at_ns=made.at_ns - 5 * DAY_NS + n // 3 * 1_000_000)
            for n in range(1, 1203)
        ]
        stand.account.position("ETH").lots = 1202 * made.lots

    async def act(stand: Trader) -> None:
        trades = await stand.venue.trades_after("eth", 0)
        assert len(trades) == len({trade.trade_id for trade in trades}) == 1202

    step = {"do": "page_size", "at_s": 0.0, "rows": 500}
    trading(act, step, before=before, has_crowd=True)


@pytest.mark.parametrize("several", [1, 3])
def test_orders_whose_answer_was_lost_are_found_by_our_ids(several: int) -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(number) for number in range(1, several + 1)]
        await asyncio.sleep(8)
        for order in orders:
            assert (await stand.venue.order_fate("eth", order)).kind == ACCEPTED
        assert stand.resting() == set(orders)

    trading(act, {"do": "reset", "when": CREATE}, has_crowd=False)


def test_an_order_that_never_came_is_absent_only_once_its_time_is_over() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(6)
        assert stand.heard(order) == [OUTCOME_UNKNOWN]
        assert (await stand.venue.order_fate("eth", order)).kind == OUTCOME_UNKNOWN
        await asyncio.sleep(15)
        assert (await stand.venue.order_fate("eth", order)).kind == ABSENT

    trading(act, {"do": "drop_request", "when": CREATE}, has_crowd=False)


def test_an_order_that_comes_after_its_end_is_not_carried_out() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(30)
        assert stand.resting() == set()
        assert (await stand.venue.order_fate("eth", order)).kind == ABSENT

    trading(act, {"do": "delay", "s": 6.0, "is_processed": False, "when": CREATE}, has_crowd=False)


def test_a_venue_that_fails_after_it_has_done_it_is_not_believed() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert REJECTED not in stand.heard(order)
        assert stand.resting() == {order}
        assert (await stand.venue.order_fate("eth", order)).kind == ACCEPTED

    trading(act, {"do": "server_error", "when": CREATE}, has_crowd=False)


def test_an_account_stream_that_breaks_holds_its_markets_and_loses_no_trade() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, 299_990)
        await asyncio.sleep(1)
        stand.account_line().abort()
        await asyncio.sleep(0.01)
        assert stand.sinks["eth"].links == [False, True, False]
        stand.there.play(step_of({"do": "fill_ours", "market": "ETH"}))
        await asyncio.sleep(10)
        assert stand.sinks["eth"].links[-1] is True
        trades = await stand.venue.trades_after("eth", 0)
        assert sum(trade.lots for trade in trades) == LOTS
        assert {trade.client_id for trade in trades} == {order}

    trading(act, has_crowd=False)


def test_a_stream_that_says_nothing_at_all_is_replaced() -> None:
    async def act(stand: Trader) -> None:
        first = stand.account_line()
        first.hang()
        await asyncio.sleep(70)
        assert stand.account_line() is not first

    trading(act, has_crowd=False)


def test_an_account_that_cannot_be_followed_for_a_while_is_tried_again() -> None:
    async def act(stand: Trader) -> None:
        assert stand.sinks["eth"].links[-1:] != [True]
        await asyncio.sleep(60)
        assert stand.sinks["eth"].links[-1] is True

    trading(act, {"do": "reject_auth", "at_s": 0.0, "s": 20.0}, has_crowd=False)


def test_nonsense_on_the_account_stream_costs_no_order() -> None:
    async def act(stand: Trader) -> None:
        for frame in (b'{"channel":"orderUpdates","data":[{}]}', b"{", b'{"channel":"news"}'):
            stand.account_line().put(frame)
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]

    trading(act, has_crowd=False)


def test_what_the_venue_closes_by_itself_is_a_liquidation_of_no_order() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        what = {"do": "foreign_trade", "market": "ETH", "kind": "liquidation"}
        stand.there.play(step_of(what))
        await asyncio.sleep(1)
        row = [row for row in stand.sinks["eth"].account if row[0] == FILLED][-1]
        assert (row[1], row[2], row[5]) == (0, SELL, LIQUIDATION)
        trades = await stand.venue.trades_after("eth", 0)
        assert (trades[-1].trade_id, trades[-1].role) == (row[6], LIQUIDATION)

    trading(act)


def test_an_order_that_only_reduces_is_refused_where_there_is_nothing_to_reduce() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, 299_000, IOC | REDUCE_ONLY, SELL)
        await asyncio.sleep(1)
        row = stand.sinks["eth"].account[-1]
        assert (row[0], row[1], row[5]) == (REJECTED, order, Refusal.REDUCE_ONLY)

    trading(act)


def test_leverage_and_margin_mode_are_set_and_read_back() -> None:
    async def act(stand: Trader) -> None:
        assert stand.account.leverage("ETH", False) == 700
        assert stand.account.leverage("BTC", True) == 700
        assert stand.account.margin_mode == "ISOLATED_MARGIN"

    terms = replace(TERMS, leverage=7, margin_mode="isolated")
    trading(act, terms=terms, has_crowd=False)


STRANGER = "0x" + "77" * 32
STARTS: list[tuple[Keys, str]] = [
    (Keys(ADDRESS, STRANGER), "expected the key of an agent that the account has approved"),
    (Keys(address_of(7), AGENT_KEY), "was that of: agent; .* set the account's own address"),
]


@pytest.mark.parametrize(("keys_used", "why"), STARTS)
def test_a_key_of_something_else_ends_the_start_with_a_clear_line(
    keys_used: Keys, why: str
) -> None:
    async def act(stand: Trader) -> None:
        raise AssertionError("started")

    with pytest.raises(VenueError, match=why):
        trading(act, keys_used=keys_used)


@pytest.mark.parametrize("keys_used", [Keys(ADDRESS, "wrong"), Keys("0x12", AGENT_KEY)])
def test_what_is_no_key_or_no_address_is_said_without_showing_it(keys_used: Keys) -> None:
    async def act(stand: Trader) -> None:
        raise AssertionError("started")

    with pytest.raises(VenueError, match="hexadecimal digits") as raised:
        trading(act, keys_used=keys_used)
    assert keys_used.secret not in str(raised.value)


def test_dearer_fees_end_the_start() -> None:
    async def before(stand: Trader) -> None:
        stand.account.vip = Vip("dear", 150, 600)

    async def act(stand: Trader) -> None:
        raise AssertionError("started")

    with pytest.raises(VenueError, match="6 bps as taker"):
        trading(act, before=before)


def test_the_doctor_says_what_an_armed_start_would_set_and_what_it_would_refuse() -> None:
    async def act(stand: Trader) -> None:
        stand.account.leverage_1e2["ETH"] = (2000, 2000)
        stand.account.vip = Vip("dear", 150, 600)
        await asyncio.sleep(6)
        said = {(each.weight, each.about) for each in await stand.examined.examine()}
        assert {(Weight.WARNS, "eth"), (Weight.REFUSES, "eth")} <= said

    trading(act, terms=replace(TERMS, leverage=10), has_crowd=False)


def test_an_account_as_configured_is_good() -> None:
    async def act(stand: Trader) -> None:
        assert {each.weight for each in await stand.examined.examine()} == {Weight.GOOD}

    trading(act, has_crowd=False)


def test_a_clock_that_is_far_off_is_learned() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]
        assert any("ahead of ours" in text for text in stand.told)

    trading(act, skew_ms=45_000, has_crowd=False)


def test_a_book_that_is_not_told_any_more_pulls_the_quotes_and_comes_again() -> None:
    async def act(stand: Trader) -> None:
        market = [each for each in stand.there.sessions if not each.own][-1]
        market.line.fall_silent()
        await asyncio.sleep(60)
        assert GAP in [row[0] for row in stand.sinks["eth"].rows]
        assert stand.sinks["eth"].links[-1] is True

    trading(act, has_crowd=False)


def test_funding_is_read_with_its_sign() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        stand.there.pay_funding("ETH")
        (payment,) = await stand.venue.payments_after("eth", 0)
        made = stand.account.executions[-1]
        assert payment.amount == Decimal(-made.fee).scaleb(-8)
        assert payment.currency == "USDC"

    trading(act)


def test_a_fill_of_a_resting_order_is_a_makers() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, FAR)
        await asyncio.sleep(1)
        stand.there.crowd_of("ETH").leap(-0.05)
        await asyncio.sleep(10)
        fills = [row for row in stand.sinks["eth"].account if row[0] == FILLED]
        assert {row[5] for row in fills} == {MAKER}
        assert sum(row[4] for row in fills) == LOTS

    trading(act)


def test_the_rates_are_of_an_hour() -> None:
    async def act(stand: Trader) -> None:
        rates = await stand.venue.rates("eth")
        assert rates.interval_h == 1
        assert rates.next_funding_ms is not None
        assert 0 < rates.next_funding_ms - stand.network.now_ms() <= 3_600_000
        announced = stand.venue.announced("eth")
        assert announced is not None

    trading(act, has_crowd=False)


def test_a_position_that_is_closed_is_told_as_flat() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        held = stand.venue.position("eth")
        assert held is not None
        assert held.size == "0.01"
        stand.place(2, 299_000, IOC | REDUCE_ONLY, SELL)
        await asyncio.sleep(1)
        held = stand.venue.position("eth")
        assert held is not None
        assert held.size == "0"
        wallet = stand.venue.wallet
        assert wallet is not None
        assert wallet.equity is not None

    trading(act)


def test_what_is_left_of_the_accounts_requests_is_known() -> None:
    async def act(stand: Trader) -> None:
        assert isinstance(stand.venue, Metered)
        assert stand.venue.quota_left is None
        stand.place(1)
        await asyncio.sleep(70)
        assert stand.venue.quota_left == 39

    trading(act, has_crowd=False, quota=40)


def test_an_order_that_was_accepted_and_the_venue_ends_is_told_as_expired() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        step = {"do": "end_ours", "market": "ETH", "why": "CancelAllBeforeLiq"}
        stand.there.play(step_of(step))
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, EXPIRED]
        assert (await stand.venue.order_fate("eth", order)).kind == EXPIRED

    trading(act, has_crowd=False)


def test_markets_that_ask_the_same_at_one_moment_have_one_answer() -> None:
    async def act(stand: Trader) -> None:
        def asked() -> list[str]:
            return [fact.operation for fact in stand.there.truth.of(Passed)]

        before = len(asked())
        both = await asyncio.gather(stand.venue.standing("btc"), stand.venue.standing("eth"))
        assert [each.position_lots for each in both] == [0, 0]
        once = asked()[before:]
        assert [once.count(name) for name in ("positions", "orders", "trades")] == [1, 1, 1]
        order = stand.place(1)
        await asyncio.sleep(1)
        first = asyncio.create_task(stand.venue.standing("eth"))
        await asyncio.sleep(0.003)
        stand.venue.cancel("eth", order)
        await first
        assert (await stand.venue.standing("eth")).resting == ()

    trading(act, has_crowd=False)


def test_what_became_of_an_order_is_asked_when_looks_have_spent_their_weight() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(61)
        reads, now_ns = stand.network.budgets.reads, stand.clock.now_ns()
        while not reads.try_take(21, Kind.READ, now_ns):
            reads.release()
        before_ns = stand.clock.now_ns()
        assert (await stand.venue.order_fate("eth", order)).kind == ACCEPTED
        assert stand.clock.now_ns() - before_ns < 1_000_000_000
        with pytest.raises(VenueError, match="no room in the budget"):
            await stand.venue.standing("eth")

    trading(act, has_crowd=False)
