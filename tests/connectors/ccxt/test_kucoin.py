"""KuCoin's perpetuals traded at a stand-in that checks every signature, on virtual time."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from connectors.ccxt.ids import stamped_id
from connectors.ccxt.library import Keys
from connectors.examined import Weight
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
    OUTCOME_UNKNOWN,
    REDUCE_ONLY,
    REJECTED,
    SELL,
    TAKER,
)
from tests.connectors.ccxt.kucoin_trader import TERMS, WHERE, Trader, trading
from tests.connectors.ccxt.standing import NEAR
from tests.venues.common.truth import Passed
from tests.venues.kucoin.keys import API_KEY, PASSPHRASE, SECRET
from tests.venues.kucoin.venue import step_of

ETH = "ETHUSDTM"
CREATE = "create"


def passed(stand: Trader, operation: str) -> int:
    return [fact.operation for fact in stand.there.truth.of(Passed)].count(operation)


def test_orders_of_one_moment_leave_as_one_request_and_each_is_cancelled() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(number) for number in range(1, 6)]
        await asyncio.sleep(1)
        assert stand.resting() == set(orders)
        for order in orders:
            stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.resting() == set()
        assert {tuple(stand.heard(order)) for order in orders} == {(ACCEPTED, CANCELLED)}
        assert (passed(stand, "batch"), passed(stand, "cancel")) == (1, 5)

    trading(act, has_crowd=False)


def test_each_order_of_a_batch_has_an_answer_of_its_own() -> None:
    async def act(stand: Trader) -> None:
        good = stand.place(1)
        bad = stand.place(2, flags=IOC | REDUCE_ONLY, side=SELL)
        await asyncio.sleep(1)
        assert (stand.heard(good), stand.heard(bad)) == ([ACCEPTED], [REJECTED])
        assert stand.sinks["eth"].account[-1][5] in (Refusal.REDUCE_ONLY, 0)
        assert stand.resting() == {good}

    trading(act, has_crowd=False)


def test_trades_are_told_once_by_stream_and_priced_by_reads() -> None:
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
        assert sum(fee.amount for trade in trades if (fee := trade.fee)) == Decimal(
            sum(each.fee for each in made)
        ).scaleb(-8)
        standing = await stand.venue.standing("eth")
        assert (standing.position_lots, standing.account) == (10, "24900001")

    trading(act)


def test_old_trades_are_read_page_by_page_with_the_ids_of_their_orders() -> None:
    async def before(stand: Trader) -> None:
        for number in range(1, 6):
            stand.client.take(f"byhand{number}", 20, symbol=ETH, price="3010")
        made = stand.account.executions
        made[:] = [replace(each, at_ns=each.at_ns - 5 * 86_400_000_000_000) for each in made]

    async def act(stand: Trader) -> None:
        stand.there.most_rows = 2
        trades = await stand.venue.trades_after("eth", 0)
        assert {trade.client_id for trade in trades} == {0}
        assert sum(trade.lots for trade in trades) == 100
        assert len(trades) == len(stand.account.executions)

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


def test_a_margin_mode_that_does_not_match_is_a_refusal_in_words() -> None:
    async def act(stand: Trader) -> None:
        stand.account.margin_mode = "ISOLATED_MARGIN"
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [REJECTED]

    trading(act, has_crowd=False)


def test_a_cancel_of_what_is_over_is_refused_and_an_amend_is_never_sent() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert not stand.venue.amends
        stand.there.play(step_of({"do": "end_ours", "market": ETH, "why": "CancelByAdmin"}))
        await asyncio.sleep(1)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, CANCELLED, CANCEL_REJECTED]

    trading(act, has_crowd=False)


def test_what_is_left_of_an_order_that_does_not_wait_is_told_as_expired() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, 299_000, IOC)
        await asyncio.sleep(1)
        assert stand.heard(order)[-1] == EXPIRED

    trading(act)


def test_an_account_stream_that_breaks_is_opened_anew_with_another_token() -> None:
    async def act(stand: Trader) -> None:
        order, first = stand.place(1, 299_990), stand.account_line()
        await asyncio.sleep(1)
        first.abort()
        await asyncio.sleep(0.01)
        assert stand.sinks["eth"].links == [False, True, False]
        stand.there.play(step_of({"do": "fill_ours", "market": ETH}))
        await asyncio.sleep(10)
        assert stand.sinks["eth"].links[-1] is True
        assert stand.account_line().target != first.target
        trades = await stand.venue.trades_after("eth", 0)
        assert [(trade.client_id, trade.lots) for trade in trades] == [(order, 10)]

    trading(act, has_crowd=False)


def test_a_token_that_is_not_given_for_a_while_is_asked_for_again() -> None:
    async def act(stand: Trader) -> None:
        assert stand.sinks["eth"].links[-1:] != [True]
        await asyncio.sleep(40)
        assert stand.sinks["eth"].links[-1] is True
        assert any("account: no token" in text for text in stand.told)

    trading(act, {"do": "reject_auth", "at_s": 0.0, "s": 20.0})


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


def test_margin_mode_and_leverage_are_set_and_read_back() -> None:
    async def before(stand: Trader) -> None:
        stand.account.margin_mode = "ISOLATED_MARGIN"

    async def act(stand: Trader) -> None:
        assert stand.account.margin_mode == "REGULAR_MARGIN"
        assert stand.account.leverage(ETH, False) == 700

    trading(act, before=before, terms=replace(TERMS, leverage=7), has_crowd=False)


def _in_the_other_mode(stand: Trader) -> None:
    stand.client.take("byhand", 1, price="90500")
    stand.account.margin_mode = "ISOLATED_MARGIN"


STARTS: list[tuple[Any, str]] = [
    (lambda stand: stand.account.hedged.add(ETH), "one-way mode, was in hedge mode"),
    (lambda stand: setattr(stand.there, "permission", "General,Spot"), "may trade futures"),
    (
        lambda stand: setattr(stand.account, "vip", replace(stand.account.vip, taker_1e6=700)),
        "7 bps as taker",
    ),
    (_in_the_other_mode, "in CROSS margin, was 1 BOTH in ISOLATED"),
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
    (Keys(API_KEY, "wrong", PASSPHRASE), "400004"),
    (Keys(API_KEY, SECRET, "wrong"), "400004"),
    (Keys("nobody's", SECRET, PASSPHRASE), "400003"),
]


@pytest.mark.parametrize(("keys_used", "code"), WRONG)
def test_a_wrong_key_ends_the_start_with_a_clear_line(keys_used: Keys, code: str) -> None:
    async def act(stand: Trader) -> None:
        raise AssertionError("started")

    with pytest.raises(VenueError, match=code):
        trading(act, keys_used=keys_used, has_crowd=False)


HOLE = {"do": "drop", "when": "update", "market": ETH, "nth": 30}
ANEW = {"do": "restart_books", "at_s": 5.0}


@pytest.mark.parametrize("step", [HOLE, ANEW])
def test_a_number_that_jumps_pulls_the_quotes_and_the_book_comes_again(
    step: dict[str, Any],
) -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(12)
        assert GAP in [row[0] for row in stand.sinks["eth"].rows]
        assert stand.sinks["eth"].links[-1] is True

    trading(act, step)


def test_a_book_that_falls_silent_is_a_stream_that_is_opened_anew() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(20)
        assert GAP in [row[0] for row in stand.sinks["eth"].rows]
        assert stand.sinks["eth"].links[-1] is True

    where = replace(WHERE, max_silence_s=2.0)
    trading(act, {"do": "silence", "stream": "market", "at_s": 5.0}, where=where)


def test_a_connection_that_wants_more_pings_than_it_gets_is_not_kept() -> None:
    async def act(stand: Trader) -> None:
        assert any("set it lower" in text for text in stand.told)
        assert True not in stand.sinks["eth"].links

    trading(act, where=replace(WHERE, ping_every_s=20.0), has_crowd=False)


def test_funding_is_read_with_its_sign_and_the_rates_with_the_interval() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        stand.there.pay_funding(ETH)
        (payment,) = await stand.venue.payments_after("eth", 0)
        made = stand.account.executions[-1]
        assert payment.amount == Decimal(-made.fee).scaleb(-8)
        assert (payment.currency, payment.payment_id) == ("USDT", str(made.number))
        rates = await stand.venue.rates("eth")
        assert (rates.interval_h, rates.mark_price is not None) == (8, True)
        wallet = stand.venue.wallet
        assert wallet is not None
        assert wallet.balances == {"USDT": Decimal(stand.account.wallet).scaleb(-8)}

    trading(act)


def test_the_next_payment_is_announced_with_its_moment_and_interval() -> None:
    async def act(stand: Trader) -> None:
        told = stand.venue.announced("eth")
        assert told is not None
        floor = stand.there.exchange.floors[ETH]
        assert told.rate == Decimal(floor.rate_1e8).scaleb(-8)
        assert (told.next_ns, told.interval_ns) == (floor.next_funding_ns, 8 * 3_600_000_000_000)
        floor.rate_1e8 = 4_000
        await asyncio.sleep(2)
        again = stand.venue.announced("eth")
        assert again is not None
        assert again.rate == Decimal("0.00004")

    trading(act, has_crowd=False)


def test_money_is_known_from_the_start_and_again_as_marks_move() -> None:
    async def act(stand: Trader) -> None:
        before = stand.venue.wallet
        assert before is not None
        assert before.available == Decimal(100_000)
        stand.place(1, NEAR, IOC)
        step = {"do": "shift_mark", "market": ETH, "bps": 200, "s": 60}
        stand.there.play(step_of(step))
        await asyncio.sleep(35)
        wallet = stand.venue.wallet
        assert wallet is not None
        assert wallet.equity is not None
        assert wallet.equity > 100_000

    trading(act)


def test_a_quiet_account_stream_is_kept_by_pings_and_replaced_once_none_is_answered() -> None:
    async def act(stand: Trader) -> None:
        first = stand.account_line()
        await asyncio.sleep(90)
        assert stand.account_line() is first
        first.hang()
        await asyncio.sleep(60)
        assert stand.account_line() is not first

    trading(act, has_crowd=False)


def test_ccxt_knows_no_test_network_either() -> None:
    async def act(stand: Trader) -> None:
        with pytest.raises(TypeError):
            stand.parts.exchange.set_sandbox_mode(True)
        assert stand.parts.exchange.options["uta"] is False

    trading(act, has_crowd=False)


def test_a_market_whose_contracts_have_become_larger_is_not_traded() -> None:
    async def before(stand: Trader) -> None:
        stand.there.change(ETH, size_decimals=1)

    async def act(stand: Trader) -> None:
        assert any("lists ETHUSDTM with lot_size_base 0.1: set the same" in t for t in stand.told)
        with pytest.raises(VenueError, match="cannot be sent yet"):
            stand.place(1)

    trading(act, before=before, has_crowd=False)


def test_the_doctor_says_what_an_armed_start_would_set_and_what_it_would_refuse() -> None:
    async def act(stand: Trader) -> None:
        assert {each.weight for each in await stand.examined.examine()} == {Weight.GOOD}
        stand.account.leverage_1e2[ETH] = (2000, 2000)
        stand.account.margin_mode = "ISOLATED_MARGIN"
        said = {(each.weight, each.text[:27]) for each in await stand.examined.examine()}
        assert (Weight.WARNS, "margin_mode is isolated: an") in said
        assert (Weight.WARNS, "leverage is 20: an armed st") in said
        stand.account.hedged.add(ETH)
        assert {each.weight for each in await stand.examined.examine()} == {Weight.REFUSES}

    trading(act, has_crowd=False)


def test_a_clock_that_is_far_off_is_learned() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]
        assert any("ahead of ours" in text for text in stand.told)

    trading(act, skew_ms=45_000, has_crowd=False)


def test_little_that_is_left_of_a_rate_is_kept_for_cancels() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        stand.there.gateway._pool.most = stand.there.gateway._pool.used + 20
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        later = stand.place(2)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, CANCELLED]
        assert stand.heard(later) != [ACCEPTED]

    trading(act, has_crowd=False)
