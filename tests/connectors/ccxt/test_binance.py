"""Binance's USD-M futures traded at a stand-in that checks every signature, on virtual time."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ccxt.announcing import HOUR_NS
from connectors.ccxt.binance_words import BinanceWords
from connectors.ccxt.ids import stamped_id
from connectors.ccxt.library import Keys
from connectors.ccxt.names import Names
from connectors.ccxt.words import Ended
from connectors.examined import Weight
from connectors.model.account import ABSENT
from connectors.model.errors import Refusal, VenueError
from connectors.model.events import (
    ACCEPTED,
    AMEND_REJECTED,
    AMENDED,
    BUY,
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
from connectors.socket import Malformed
from tests.connectors.ccxt.binance_trader import TERMS, Trader, trading
from tests.connectors.ccxt.standing import FAR, NEAR
from tests.venues.binance.faults import FAULTS
from tests.venues.binance.keys import API_KEY, UID
from tests.venues.bybit.accounts import Vip
from tests.venues.common.scenario import step_of
from tests.venues.common.truth import Passed

CREATE = "create"


def test_an_order_rests_is_amended_and_is_cancelled() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert (stand.heard(order), stand.resting()) == ([ACCEPTED], {order})
        stand.venue.amend("eth", order, BUY, FAR + 5, 12)
        await asyncio.sleep(1)
        (live,) = stand.there.exchange.accounts[UID].live_orders("ETHUSDT")
        assert (live.ticks, live.lots) == (FAR + 5, 12)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, AMENDED, CANCELLED]

    trading(act)


def test_trades_are_told_once_with_their_fees_by_stream_and_by_read() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        rows = [row for row in stand.sinks["eth"].account if row[0] == FILLED]
        account = stand.there.exchange.accounts[UID]
        made = account.executions
        ids = [stamped_id(e.at_ns // 1_000_000, str(e.number)) for e in made]
        assert [row[6] for row in rows] == ids
        assert {(row[1], row[5]) for row in rows} == {(order, TAKER)}
        trades = await stand.venue.trades_after("eth", 0)
        assert [trade.trade_id for trade in trades] == sorted(ids)
        assert [trade.fee for trade in trades] == stand.sinks["eth"].fees[-len(rows) :]
        standing = await stand.venue.standing("eth")
        assert (standing.position_lots, standing.account) == (10, "mmTest")

    trading(act)


def test_trades_of_orders_that_nobody_here_has_seen_are_named_by_asking() -> None:
    async def before(stand: Trader) -> None:
        for number in range(3):
            near = {"price": "3010.00", "timeInForce": "IOC", "quantity": "0.020"}
            stand.client.place(f"by-hand-{number}", symbol="ETHUSDT", **near)

    async def act(stand: Trader) -> None:
        trades = await stand.venue.trades_after("eth", 0)
        assert {trade.client_id for trade in trades} == {0}
        assert sum(trade.lots for trade in trades) == 60
        standing = await stand.venue.standing("eth")
        assert standing.position_lots == 60
        assert standing.last_trade_id == trades[-1].trade_id

    trading(act, before=before)


def test_a_post_only_order_that_would_take_is_refused_at_once() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, NEAR)
        await asyncio.sleep(1)
        row = stand.sinks["eth"].account[-1]
        assert (row[0], row[1], row[5]) == (REJECTED, order, Refusal.POST_ONLY)
        fate = await stand.venue.order_fate("eth", order)
        assert fate.kind in (ABSENT, OUTCOME_UNKNOWN)
        assert stand.there.exchange.accounts[UID].executions == []

    trading(act)


def test_an_order_whose_answer_was_lost_is_found_by_our_id() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(8)
        assert OUTCOME_UNKNOWN in stand.heard(order) or ACCEPTED in stand.heard(order)
        fate = await stand.venue.order_fate("eth", order)
        assert (fate.kind, stand.resting()) == (ACCEPTED, {order})

    trading(act, {"do": "reset", "when": CREATE})


def test_an_order_that_never_came_is_absent_only_once_its_stamp_is_too_old() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(8)
        assert stand.heard(order) == [OUTCOME_UNKNOWN]
        assert (await stand.venue.order_fate("eth", order)).kind == OUTCOME_UNKNOWN
        await asyncio.sleep(20)
        assert (await stand.venue.order_fate("eth", order)).kind == ABSENT

    trading(act, {"do": "drop_request", "when": CREATE})


def test_a_venue_that_does_not_know_what_it_has_done_is_not_believed() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert REJECTED not in stand.heard(order)
        assert stand.resting() == {order}
        assert (await stand.venue.order_fate("eth", order)).kind == ACCEPTED

    step = {"do": "refuse", "code": -1007, "status": 503, "is_processed": True}
    trading(act, {**step, "when": CREATE})


def test_what_a_cancel_and_an_amend_are_refused_for_is_told() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        stand.venue.amend("eth", order, BUY, FAR, 10)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, AMEND_REJECTED]
        stand.client.ask("DELETE", "/fapi/v1/allOpenOrders", symbol="ETHUSDT")
        await asyncio.sleep(1)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.heard(order)[2:] == [CANCELLED, CANCEL_REJECTED]

    trading(act)


def test_an_account_stream_that_breaks_holds_its_markets_and_loses_no_trade() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, 300_000)
        await asyncio.sleep(1)
        stand.account_line().abort()
        await asyncio.sleep(0.01)
        assert stand.sinks["eth"].links == [False, True, False]
        live = stand.there.exchange.accounts[UID].live_orders("ETHUSDT")
        stand.there.crowd_of("ETHUSDT").leap(-0.01)
        await asyncio.sleep(10)
        assert live == [] or not live[0].is_open or live[0].filled_lots == 0
        assert stand.sinks["eth"].links[-1] is True
        trades = await stand.venue.trades_after("eth", 0)
        made = stand.there.exchange.accounts[UID].executions
        assert sum(trade.lots for trade in trades) == sum(each.lots for each in made)
        assert {trade.client_id for trade in trades} <= {order}

    trading(act)


def test_a_stream_whose_key_has_expired_is_opened_anew() -> None:
    async def act(stand: Trader) -> None:
        first = stand.account_line()
        stand.there.expire(next(iter(stand.there.listen_keys)))
        await asyncio.sleep(5)
        assert stand.account_line() is not first
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]

    trading(act)


def test_a_stream_that_says_nothing_at_all_is_replaced() -> None:
    async def act(stand: Trader) -> None:
        first = stand.account_line()
        first.hang()
        await asyncio.sleep(60)
        assert stand.account_line() is not first

    trading(act)


def test_the_streams_key_is_prolonged_long_before_its_hour_is_over() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(1300)
        passed = stand.there.truth.of(Passed)
        assert len([fact for fact in passed if fact.operation == "listenKey"]) == 3

    trading(act, has_crowd=False)


def test_nonsense_on_the_account_stream_costs_no_order() -> None:
    async def act(stand: Trader) -> None:
        for frame in (b'{"e":"ORDER_TRADE_UPDATE","o":{}}', b"{", b'{"e":"NEWS"}'):
            stand.account_line().put(frame)
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]

    trading(act)


def test_what_the_venue_closes_by_itself_is_a_liquidation_of_no_order() -> None:
    event = (
        b'{"e":"ORDER_TRADE_UPDATE","E":1,"T":1,"o":{"s":"ETHUSDT","c":"autoclose-77","S":"SELL",'
        b'"f":"IOC","q":"0.010","p":"2851.33","x":"CALCULATED","X":"FILLED","i":77,"l":"0.010",'
        b'"z":"0.010","L":"2851.337","N":"USDT","n":"0.02","T":1763000003000,"t":990077,"m":false}}'
    )

    async def act(stand: Trader) -> None:
        stand.account_line().put(event)
        await asyncio.sleep(1)
        (row,) = [row for row in stand.sinks["eth"].account if row[0] == FILLED]
        assert (row[1], row[2], row[4], row[5]) == (0, SELL, 10, LIQUIDATION)

    trading(act)


def test_an_order_that_only_reduces_is_refused_where_there_is_nothing_to_reduce() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, 299_000, IOC | REDUCE_ONLY, SELL)
        await asyncio.sleep(1)
        row = stand.sinks["eth"].account[-1]
        assert (row[0], row[1], row[5]) == (REJECTED, order, Refusal.REDUCE_ONLY)

    trading(act)


def test_leverage_and_margin_mode_are_set_and_read_back() -> None:
    wanted = replace(TERMS, margin_mode="isolated", leverage=7)

    async def act(stand: Trader) -> None:
        account = stand.there.exchange.accounts[UID]
        assert account.leverage("ETHUSDT", False) == account.leverage("BTCUSDT", True) == 700
        assert account.margin_mode == "ISOLATED_MARGIN"

    trading(act, terms=wanted)


STARTS: list[tuple[Any, str]] = [
    (lambda account: account.hedged.add("ETHUSDT"), "one-way mode"),
    (
        lambda account: setattr(account, "vip", replace(account.vip, taker_1e6=600)),
        "6 bps as taker",
    ),
]


@pytest.mark.parametrize(("change", "why"), STARTS)
def test_an_account_that_is_otherwise_than_configured_ends_the_start(change: Any, why: str) -> None:
    async def before(stand: Trader) -> None:
        change(stand.there.exchange.accounts[UID])

    async def act(stand: Trader) -> None:
        raise AssertionError("started")

    with pytest.raises(VenueError, match=why):
        trading(act, before=before)


def test_fees_below_those_reckoned_with_are_told() -> None:
    async def act(stand: Trader) -> None:
        assert any("pays 2 bps as maker" in text for text in stand.told)

    trading(act, terms=replace(TERMS, maker_fee_bps=Decimal(3)))


def test_a_key_with_a_wrong_secret_ends_the_start_with_a_clear_line() -> None:
    async def act(stand: Trader) -> None:
        raise AssertionError("started")

    with pytest.raises(VenueError, match="-1022"):
        trading(act, keys_used=Keys(API_KEY, "wrong"))


def test_a_clock_that_is_far_off_is_learned() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]
        assert any("ahead of ours" in text for text in stand.told)

    trading(act, skew_ms=30_000)


def test_a_countdown_that_nobody_renews_cancels_at_the_venue() -> None:
    async def act(stand: Trader) -> None:
        countdown = stand.parts.countdown(["BTCUSDT", "ETHUSDT"], 30)
        before_ns = stand.clock.now_ns()
        due_ns = await countdown.renew()
        assert 0 <= due_ns - before_ns - 30_000_000_000 < 1_000_000_000
        order = stand.place(1)
        await asyncio.sleep(20)
        assert await countdown.renew() > due_ns
        await asyncio.sleep(20)
        assert stand.resting() == {order}
        await asyncio.sleep(11)
        assert (stand.resting(), await countdown.due_ns()) == (set(), 0)
        assert stand.heard(order) == [ACCEPTED, CANCELLED]

    trading(act)


def test_a_countdown_that_was_taken_off_cancels_nothing() -> None:
    async def act(stand: Trader) -> None:
        countdown = stand.parts.countdown(["ETHUSDT"], 30)
        await countdown.renew()
        order = stand.place(1)
        assert await countdown.disarm() == 0
        await asyncio.sleep(40)
        assert stand.resting() == {order}

    trading(act)


def test_a_renewal_without_an_answer_proves_nothing() -> None:
    async def act(stand: Trader) -> None:
        with pytest.raises(VenueError, match="countdown of ETHUSDT"):
            await stand.parts.countdown(["ETHUSDT"], 30).renew()

    trading(act, {"do": "reset", "when": "countdown"})


@pytest.mark.parametrize("is_native", [True, False])
def test_a_hole_in_the_book_pulls_the_quotes_and_the_book_comes_again(is_native: bool) -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(20)
        kinds = [row[0] for row in stand.sinks["eth"].rows]
        assert GAP in kinds
        assert stand.sinks["eth"].links[-1] is True

    step = {"do": "drop", "when": "depth", "market": "ETHUSDT", "nth": 30}
    trading(act, step, is_native=is_native)


def test_funding_is_read_with_its_sign() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        stand.there.pay_funding("ETHUSDT")
        (payment,) = await stand.venue.payments_after("eth", 0)
        made = stand.there.exchange.accounts[UID].executions[-1]
        assert payment.amount == Decimal(-made.fee).scaleb(-8)
        assert (payment.currency, payment.payment_id) == ("USDT", str(made.number))

    trading(act)


def test_what_the_account_is_worth_is_read_with_each_look() -> None:
    async def act(stand: Trader) -> None:
        assert stand.venue.equities() is None
        await stand.venue.standing("eth")
        account = stand.there.exchange.accounts[UID]
        wallet = stand.venue.wallet
        assert wallet is not None
        assert wallet.equity == wallet.available == wallet.balances["USDT"]
        assert wallet.equity == Decimal(account.wallet).scaleb(-8)
        stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        await stand.venue.standing("eth")
        held, after = stand.venue.collateral("eth"), stand.venue.wallet
        assert after is not None
        assert after.maintenance
        assert held is not None
        assert held.free_quote == float(after.available or 0) < float(wallet.available or 0)

    trading(act)


def test_a_settlement_is_announced_with_its_markets_own_interval() -> None:
    async def before(stand: Trader) -> None:
        floor = stand.there.exchange.floors["ETHUSDT"]
        floor.market = replace(floor.market, funding_min=240)

    async def act(stand: Trader) -> None:
        await asyncio.sleep(5)
        told = {name: stand.venue.announced(name) for name in ("btc", "eth")}
        hours = {name: each and each.interval_ns // HOUR_NS for name, each in told.items()}
        assert hours == {"btc": 8, "eth": 4}

    trading(act, before=before)


def test_a_fill_of_a_resting_order_is_a_makers() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, FAR)
        await asyncio.sleep(1)
        stand.there.crowd_of("ETHUSDT").leap(-0.05)
        await asyncio.sleep(10)
        fills = [row for row in stand.sinks["eth"].account if row[0] == FILLED]
        assert {row[5] for row in fills} == {MAKER}
        assert sum(row[4] for row in fills) == 10

    trading(act)


def test_reads_rest_once_the_minute_has_little_left_and_cancels_do_not() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        looking = [asyncio.create_task(stand.venue.standing("eth")) for _ in range(200)]
        await asyncio.sleep(8)
        assert not all(each.done() for each in looking)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.resting() == set()
        for each in looking:
            each.cancel()
        await asyncio.wait(looking)
        assert stand.there.gateway.most_weight <= 2400

    trading(act)


def test_the_doctor_says_what_an_armed_start_would_set_and_what_it_would_refuse() -> None:
    async def act(stand: Trader) -> None:
        account = stand.there.exchange.accounts[UID]
        account.leverage_1e2["ETHUSDT"] = (2000, 2000)
        account.vip = Vip("dear", 200, 600)
        said = {(each.weight, each.about, each.text[:30]) for each in await stand.venue.examine()}
        assert (Weight.WARNS, "eth", "leverage is 20: an armed start") in said
        assert (Weight.REFUSES, "eth", "the account pays 6 bps as take") in said
        account.hedged.add("ETHUSDT")
        assert {each.weight for each in await stand.venue.examine()} == {Weight.REFUSES}

    trading(act, terms=replace(TERMS, leverage=10))


def test_an_account_as_configured_is_good() -> None:
    async def act(stand: Trader) -> None:
        assert {each.weight for each in await stand.venue.examine()} == {Weight.GOOD}

    trading(act)


@given(st.binary(max_size=40), st.integers(0, 400), st.sampled_from(range(2)))
def test_a_spoiled_event_is_refused_or_read_and_never_ends_a_stream(
    noise: bytes, place: int, which: int
) -> None:
    whole = (ORDER_EVENT, POSITION_EVENT)[which]
    spoiled = whole[:place] + noise + whole[place + len(noise) :]
    with suppress(ValueError):
        message = msgspec.json.decode(spoiled)
        with suppress(Malformed):
            said = BinanceWords(Names()).private_word(message)
            assert said is None or isinstance(said, (list, Ended))


ORDER_EVENT = (
    b'{"e":"ORDER_TRADE_UPDATE","E":1,"T":1,"o":{"s":"ETHUSDT","c":"mm00001","S":"BUY","f":"GTX",'
    b'"q":"0.010","p":"2900.00","x":"TRADE","X":"PARTIALLY_FILLED","i":77,"l":"0.004","z":"0.004",'
    b'"L":"2900.00","N":"USDT","n":"0.002","T":1763000003000,"t":990077,"m":true}}'
)
POSITION_EVENT = (
    b'{"e":"ACCOUNT_UPDATE","E":1,"T":1,"a":{"m":"ORDER","B":[],"P":[{"s":"ETHUSDT","pa":"0.004",'
    b'"ep":"2900.0","bep":"0","cr":"0","up":"0","mt":"cross","iw":"0","ps":"BOTH"}]}}'
)


def test_an_address_that_is_banned_sends_nothing_for_a_while() -> None:
    async def act(stand: Trader) -> None:
        looking = asyncio.create_task(stand.venue.mid_half_ticks("eth"))
        await asyncio.sleep(1)
        asked = len(stand.there.truth.of(Passed))
        order = stand.place(1)
        await asyncio.sleep(10)
        assert stand.heard(order) == [REJECTED]
        assert len(stand.there.truth.of(Passed)) == asked
        await asyncio.sleep(120)
        second = stand.place(2)
        await asyncio.sleep(1)
        assert stand.heard(second) == [ACCEPTED]
        await asyncio.wait((looking,))

    trading(act, {"do": "http", "when": "bookTicker", "status": 418, "text": "{}"})


def test_an_order_that_was_accepted_is_never_told_as_refused_later() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        stand.there.play(step_of(FAULTS, {"do": "end_ours", "market": "ETHUSDT", "why": END}))
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, EXPIRED]
        assert (await stand.venue.order_fate("eth", order)).kind == EXPIRED

    trading(act)


END = "CancelAllBeforeLiq"
