"""OKX's perpetuals traded at a stand-in that checks every signature, on virtual time."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ccxt.ids import stamped_id
from connectors.ccxt.library import Keys
from connectors.ccxt.okx_words import OkxWords
from connectors.ccxt.words import Asked, Ended
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
from tests.connectors.ccxt.okx_trader import KEYS, TERMS, Trader, trading
from tests.connectors.ccxt.standing import FAR, NEAR
from tests.venues.bybit.accounts import Vip
from tests.venues.common.truth import Passed
from tests.venues.okx.keys import API_KEY, PASSPHRASE, SECRET
from tests.venues.okx.scenario import step_of

CREATE = "create"
DAY_NS = 86_400_000_000_000
ETH = "ETH-USDT-SWAP"


def test_an_order_rests_is_amended_and_is_cancelled() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert (stand.heard(order), stand.resting()) == ([ACCEPTED], {order})
        stand.venue.amend("eth", order, BUY, FAR + 5, 12)
        await asyncio.sleep(1)
        (live,) = stand.account.live_orders(ETH)
        assert (live.ticks, live.lots) == (FAR + 5, 12)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, AMENDED, CANCELLED]

    trading(act, has_crowd=False)


def test_what_is_asked_for_at_one_moment_leaves_as_one_request_of_its_sort() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(number) for number in range(1, 6)]
        await asyncio.sleep(1)
        assert stand.resting() == set(orders)
        for order in orders:
            stand.venue.amend("eth", order, BUY, FAR + 1, 10)
        await asyncio.sleep(1)
        for order in orders:
            stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.resting() == set()
        assert {tuple(stand.heard(order)) for order in orders} == {(ACCEPTED, AMENDED, CANCELLED)}
        passed = [fact.operation for fact in stand.there.truth.of(Passed)]
        assert passed.count("batch") == 3

    trading(act, has_crowd=False)


def test_each_order_of_a_batch_has_an_answer_of_its_own() -> None:
    async def act(stand: Trader) -> None:
        good, far = stand.place(1), stand.place(2, 330_000)
        await asyncio.sleep(1)
        assert (stand.heard(good), stand.heard(far)) == ([ACCEPTED], [REJECTED])
        assert stand.sinks["eth"].account[-1][5] in (Refusal.PRICE_BAND, Refusal.OTHER)
        assert stand.resting() == {good}
        both = stand.place(3, 330_000), stand.place(4, 330_000)
        await asyncio.sleep(1)
        assert [stand.heard(order) for order in both] == [[REJECTED], [REJECTED]]
        codes = {row[5] for row in stand.sinks["eth"].account if row[1] in both}
        assert codes == {Refusal.PRICE_BAND}

    trading(act)


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
        assert (standing.position_lots, standing.account) == (10, "24800001")

    trading(act)


def test_old_trades_are_read_page_by_page_from_the_long_history() -> None:
    async def before(stand: Trader) -> None:
        for number in range(1, 8):
            near = {"px": "3010.00", "ordType": "ioc", "sz": "2", "instId": ETH}
            stand.client.place(f"byhand{number}", **near)
        made = stand.account.executions
        made[:] = [replace(each, at_ns=each.at_ns - 5 * DAY_NS) for each in made]

    async def act(stand: Trader) -> None:
        trades = await stand.venue.trades_after("eth", 0)
        assert {trade.client_id for trade in trades} == {0}
        assert sum(trade.lots for trade in trades) == 1400
        standing = await stand.venue.standing("eth")
        assert standing.position_lots == 1400
        assert standing.last_trade_id == trades[-1].trade_id

    trading(act, before=before)


def test_a_post_only_order_that_would_take_is_told_as_refused() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, NEAR)
        await asyncio.sleep(1)
        (row,) = [row for row in stand.sinks["eth"].account if row[1] == order]
        assert (row[0], row[5]) == (REJECTED, Refusal.POST_ONLY)
        assert (await stand.venue.order_fate("eth", order)).kind == REJECTED
        assert stand.account.executions == []

    trading(act)


def test_what_was_told_as_resting_before_is_never_told_as_refused() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, NEAR)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, CANCELLED]
        assert (await stand.venue.order_fate("eth", order)).kind == CANCELLED

    trading(act, {"do": "say_live_first", "when": "cancelled"})


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


def test_a_venue_that_does_not_know_what_it_has_done_is_not_believed() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert REJECTED not in stand.heard(order)
        assert stand.resting() == {order}
        assert (await stand.venue.order_fate("eth", order)).kind == ACCEPTED

    trading(act, {"do": "server_error", "when": CREATE}, has_crowd=False)


def test_what_a_cancel_and_an_amend_are_refused_for_is_told() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        stand.venue.amend("eth", order, BUY, 330_000, 10)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, AMEND_REJECTED]
        text = stand.venue._listings.known["eth"].codec.text(order)
        stand.client.post("/api/v5/trade/cancel-order", {"instId": ETH, "clOrdId": text})
        await asyncio.sleep(1)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.heard(order)[2:] == [CANCELLED, CANCEL_REJECTED]

    trading(act, has_crowd=False)


def test_an_account_stream_that_breaks_holds_its_markets_and_loses_no_trade() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, 299_990)
        await asyncio.sleep(1)
        stand.account_line().abort()
        await asyncio.sleep(0.01)
        assert stand.sinks["eth"].links == [False, True, False]
        stand.there.play(step_of({"do": "fill_ours", "market": ETH}))
        await asyncio.sleep(10)
        assert stand.sinks["eth"].links[-1] is True
        trades = await stand.venue.trades_after("eth", 0)
        made = stand.account.executions
        assert sum(trade.lots for trade in trades) == sum(each.lots for each in made) == 10
        assert {trade.client_id for trade in trades} == {order}

    trading(act, has_crowd=False)


def test_a_stream_that_says_nothing_at_all_is_replaced() -> None:
    async def act(stand: Trader) -> None:
        first = stand.account_line()
        first.hang()
        await asyncio.sleep(60)
        assert stand.account_line() is not first

    trading(act, has_crowd=False)


def test_a_stream_that_the_venue_is_about_to_close_is_opened_anew() -> None:
    async def act(stand: Trader) -> None:
        first = stand.account_line()
        first.put(b'{"event":"notice","code":"64008","msg":"The connection will soon be closed"}')
        await asyncio.sleep(5)
        assert stand.account_line() is not first
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]

    trading(act, has_crowd=False)


def test_a_login_that_is_refused_for_a_while_is_tried_again() -> None:
    async def act(stand: Trader) -> None:
        assert stand.sinks["eth"].links[-1:] != [True]
        await asyncio.sleep(60)
        assert stand.sinks["eth"].links[-1] is True

    trading(act, {"do": "reject_auth", "at_s": 0.0, "s": 20.0}, has_crowd=False)


def test_nonsense_on_the_account_stream_costs_no_order() -> None:
    async def act(stand: Trader) -> None:
        for frame in (b'{"arg":{"channel":"orders"},"data":[{}]}', b"{", b'{"event":"news"}'):
            stand.account_line().put(frame)
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]

    trading(act, has_crowd=False)


def test_what_the_venue_closes_by_itself_is_a_liquidation_of_no_order() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        what = {"do": "foreign_trade", "market": ETH, "kind": "liquidation"}
        stand.there.play(step_of(what))
        await asyncio.sleep(1)
        row = [row for row in stand.sinks["eth"].account if row[0] == FILLED][-1]
        assert (row[1], row[2], row[4], row[5]) == (0, SELL, 10, LIQUIDATION)
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


def test_leverage_is_set_and_read_back() -> None:
    async def act(stand: Trader) -> None:
        assert stand.account.leverage(ETH, False) == 700
        assert stand.account.leverage("BTC-USDT-SWAP", True) == 700

    trading(act, terms=replace(TERMS, leverage=7), has_crowd=False)


def _in_the_other_mode(stand: Trader) -> None:
    stand.client.place("byhand", px="3010.00", ordType="ioc", instId=ETH)
    stand.account.margin_mode = "ISOLATED_MARGIN"


STARTS: list[tuple[Any, str]] = [
    (lambda stand: stand.account.hedged.add(ETH), "net mode, was long_short_mode"),
    (
        lambda stand: setattr(stand.account, "vip", replace(stand.account.vip, taker_1e6=600)),
        "6 bps as taker",
    ),
    (_in_the_other_mode, "in cross margin, was 1.00 net in isolated"),
]


@pytest.mark.parametrize(("change", "why"), STARTS)
def test_an_account_that_is_otherwise_than_configured_ends_the_start(change: Any, why: str) -> None:
    async def before(stand: Trader) -> None:
        change(stand)

    async def act(stand: Trader) -> None:
        raise AssertionError("started")

    with pytest.raises(VenueError, match=why):
        trading(act, before=before)


WRONG = [
    (Keys(API_KEY, "wrong", PASSPHRASE), True, "50113"),
    (Keys(API_KEY, SECRET, "wrong"), True, "50105"),
    (Keys("nobody's", SECRET, PASSPHRASE), True, "50111"),
    (KEYS, False, "50101"),
]


@pytest.mark.parametrize(("keys_used", "is_demo", "code"), WRONG)
def test_a_key_of_something_else_ends_the_start_with_a_clear_line(
    keys_used: Keys, is_demo: bool, code: str
) -> None:
    async def act(stand: Trader) -> None:
        raise AssertionError("started")

    with pytest.raises(VenueError, match=code):
        trading(act, keys_used=keys_used, is_demo=is_demo)


def test_a_clock_that_is_far_off_is_learned() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]
        assert any("ahead of ours" in text for text in stand.told)

    trading(act, skew_ms=45_000, has_crowd=False)


def test_a_countdown_that_nobody_renews_cancels_all_of_the_account() -> None:
    async def act(stand: Trader) -> None:
        countdown = stand.parts.countdown(["BTC-USDT-SWAP", ETH], 30)
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

    trading(act, has_crowd=False)


def test_a_countdown_that_was_taken_off_cancels_nothing() -> None:
    async def act(stand: Trader) -> None:
        countdown = stand.parts.countdown([ETH], 30)
        await countdown.renew()
        order = stand.place(1)
        assert await countdown.disarm() == 0
        await asyncio.sleep(40)
        assert stand.resting() == {order}

    trading(act, has_crowd=False)


HOLE = {"do": "drop", "when": "update", "market": ETH, "nth": 30}
ANEW = {"do": "restart_books", "at_s": 5.0}
"""What ccxt takes for a change like any other."""


@pytest.mark.parametrize(("step", "is_native"), [(HOLE, True), (HOLE, False), (ANEW, True)])
def test_a_hole_in_the_book_pulls_the_quotes_and_the_book_comes_again(
    step: dict[str, Any], is_native: bool
) -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(20)
        kinds = [row[0] for row in stand.sinks["eth"].rows]
        assert GAP in kinds
        assert stand.sinks["eth"].links[-1] is True

    trading(act, step, is_native=is_native)


def test_funding_is_read_with_its_sign() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        stand.there.pay_funding(ETH)
        (payment,) = await stand.venue.payments_after("eth", 0)
        made = stand.account.executions[-1]
        assert payment.amount == Decimal(-made.fee).scaleb(-8)
        assert (payment.currency, payment.payment_id) == ("USDT", str(made.number))

    trading(act)


def test_a_fill_of_a_resting_order_is_a_makers() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, FAR)
        await asyncio.sleep(1)
        stand.there.crowd_of(ETH).leap(-0.05)
        await asyncio.sleep(10)
        fills = [row for row in stand.sinks["eth"].account if row[0] == FILLED]
        assert {row[5] for row in fills} == {MAKER}
        assert sum(row[4] for row in fills) == 10

    trading(act)


def test_the_rates_have_the_markets_own_interval() -> None:
    async def act(stand: Trader) -> None:
        rates = await stand.venue.rates("eth")
        assert rates.interval_h == 8
        assert rates.mark_price is not None

    trading(act, has_crowd=False)


def test_the_wallet_is_that_of_the_currency_that_contracts_are_settled_in() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        wallet = stand.venue.wallet
        assert wallet is not None
        assert wallet.balances == {"USDT": Decimal(stand.account.wallet).scaleb(-8)}
        assert wallet.equity is not None
        assert wallet.maintenance is not None

    trading(act)


def test_the_doctor_says_what_an_armed_start_would_set_and_what_it_would_refuse() -> None:
    async def act(stand: Trader) -> None:
        stand.account.leverage_1e2[ETH] = (2000, 2000)
        stand.account.vip = Vip("dear", 200, 600)
        said = {
            (each.weight, each.about, each.text[:30]) for each in await stand.examined.examine()
        }
        assert (Weight.WARNS, "eth", "leverage is 20: an armed start") in said
        assert (Weight.REFUSES, "eth", "the account pays 6 bps as take") in said
        stand.account.hedged.add(ETH)
        assert {each.weight for each in await stand.examined.examine()} == {Weight.REFUSES}

    trading(act, terms=replace(TERMS, leverage=10), has_crowd=False)


def test_an_account_as_configured_is_good() -> None:
    async def act(stand: Trader) -> None:
        assert {each.weight for each in await stand.examined.examine()} == {Weight.GOOD}

    trading(act, has_crowd=False)


def test_an_order_that_was_accepted_and_the_venue_ends_is_told_as_expired() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        step = {"do": "end_ours", "market": ETH, "why": "CancelAllBeforeLiq"}
        stand.there.play(step_of(step))
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, EXPIRED]
        assert (await stand.venue.order_fate("eth", order)).kind == EXPIRED

    trading(act, has_crowd=False)


@given(st.binary(max_size=40), st.integers(0, 400), st.sampled_from(range(2)))
def test_a_spoiled_event_is_refused_or_read_and_never_ends_a_stream(
    noise: bytes, place: int, which: int
) -> None:
    whole = (ORDER_EVENT, POSITION_EVENT)[which]
    spoiled = whole[:place] + noise + whole[place + len(noise) :]
    with suppress(ValueError):
        message = msgspec.json.decode(spoiled)
        with suppress(Malformed):
            said = OkxWords().private_word(message)
            assert said is None or isinstance(said, (list, Ended, Asked))


ORDER_EVENT = (
    b'{"arg":{"channel":"orders","instType":"SWAP"},"data":[{"instId":"ETH-USDT-SWAP","ordId":"7",'
    b'"clOrdId":"mm00001","side":"buy","px":"2900","sz":"0.1","accFillSz":"0.04","uTime":"1763000",'
    b'"state":"partially_filled","tradeId":"9","fillPx":"2900","fillSz":"0.04","fillTime":"1763000",'
    b'"fillFee":"-0.002","fillFeeCcy":"USDT","execType":"M","category":"normal"}]}'
)
POSITION_EVENT = (
    b'{"arg":{"channel":"positions","instType":"SWAP"},"data":[{"instId":"ETH-USDT-SWAP",'
    b'"pos":"0.04","posSide":"net","mgnMode":"cross","avgPx":"2900","adl":"1","uTime":"1763000"}]}'
)
