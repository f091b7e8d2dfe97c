"""Margin in the simulator: refused beyond it, liquidated at it, and every lot accounted for."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings

from connectors.model import events as ev
from connectors.model.errors import Refusal
from connectors.sim.exchange import REDUCE_ONLY, Exchange, ExchangeTerms, on_row
from connectors.sim.margin import BILLION
from tests.connectors.sim.exchange_cases import A, B, C, accepted, ask, bid, market, outcome, took
from tests.connectors.sim.exchange_drive import Op, Report, compiled, interpreted, opened, place
from tests.connectors.sim.exchange_scripts import random_script
from tests.connectors.sim.margined import Terms
from tests.connectors.sim.naive_margin import NaiveMargin
from tests.connectors.sim.test_conservation import Volume, causes, scripts

INSUFFICIENT = int(Refusal.INSUFFICIENT_MARGIN)
BUYS_TEN = [*market(), place(A, ev.BUY, 101, 10, 1, ev.IOC)]
"""At a mid of 100.5, for 1010 ticks times lots."""


def kinds(reports: list[Report]) -> list[tuple[int, int, int, int, int]]:
    return [(r.kind, r.client_id, r.ticks, r.lots, r.code) for r in reports]


def test_what_opens_beyond_the_margin_is_refused_and_what_reduces_is_not() -> None:
    script = [
        *BUYS_TEN,
        place(B, ev.BUY, 99, 1, 2),
        place(C, ev.SELL, 103, 10, 3),
        place(4 * 2048 + 3, ev.SELL, 104, 11, 4),
        place(5 * 2048 + 4, ev.SELL, 104, 1, 5, REDUCE_ONLY),
    ]
    reports = interpreted(ExchangeTerms(), script, Terms(collateral=420))
    refused = [r.client_id for r in reports if r.kind == ev.REJECTED]
    assert refused == [B, 4 * 2048 + 3]
    assert {r.code for r in reports if r.kind == ev.REJECTED} == {INSUFFICIENT}


def test_a_liquidation_ends_our_orders_and_takes_the_book_level_by_level() -> None:
    script = [
        *BUYS_TEN,
        place(B, ev.BUY, 97, 1, 2),
        *(bid(ticks, 0, 3) for ticks in (100, 99, 98)),
        bid(60, 4, 3),
        bid(59, 20, 3),
        ask(101, 50, 4),
    ]
    reports = interpreted(ExchangeTerms(), script, Terms(collateral=455))
    assert [outcome(r) for r in reports[:2]] == [accepted(A, 101, 10), took(A, 101, 10)]
    assert kinds(reports[3:]) == [
        (ev.EXPIRED, B, 97, 1, 0),
        (ev.FILLED, 0, 60, 4, ev.LIQUIDATION),
        (ev.FILLED, 0, 59, 6, ev.LIQUIDATION),
    ]
    assert reports[-1].venue_ns == 4


def thin(x: Exchange, now_ns: int, *levels: tuple[int, int]) -> None:
    """Show nothing but these bids, in one message."""
    for ticks in (100, 99, 98):
        on_row(x, ev.BID, ticks, 0, now_ns)
    for ticks, lots in levels:
        on_row(x, ev.BID, ticks, lots, now_ns)


def held(collateral: int, **terms: int) -> Exchange:
    """Return an exchange on which ten lots were bought at 101."""
    x = Terms(collateral, **terms)(opened(ExchangeTerms()))
    for _ in causes(x, BUYS_TEN):
        pass
    return x


def test_a_thin_book_closes_a_part_and_the_next_moments_the_rest() -> None:
    x = held(450)
    thin(x, 3, (60, 4))
    on_row(x, ev.ASK, 103, 49, 4)
    assert (x.position_lots, x.wallet.is_liquidating, x.wallet.liquidations) == (6, True, 1)
    on_row(x, ev.ASK, 103, 48, 5)
    assert x.position_lots == 6, "the same four lots are shown still, and have been taken"
    on_row(x, ev.BID, 60, 6, 6)
    on_row(x, ev.ASK, 103, 47, 7)
    assert x.position_lots == 4
    on_row(x, ev.BID, 50, 30, 8)
    on_row(x, ev.ASK, 103, 46, 9)
    assert (x.position_lots, x.wallet.is_liquidating, x.wallet.liquidations) == (0, False, 1)


def test_what_is_missing_in_the_end_is_paid_in_and_counted() -> None:
    x = held(500, liquidation_ppb=BILLION // 100)
    thin(x, 3, (50, 10))
    on_row(x, ev.ASK, 103, 49, 4)
    lost = 2 * 10 * (101 - 50) + 2 * 50 * 10 // 100
    assert x.margin.cash_half_tick_lots == -lost
    assert (x.wallet.equity_units, x.wallet.insured_units) == (0, lost - 500)
    assert x.margin.insured_units == x.wallet.insured_units


def test_the_mid_inside_a_message_liquidates_nobody() -> None:
    x = held(500)
    thin(x, 3, (10, 4))
    on_row(x, ev.BID, 100, 50, 3)
    on_row(x, ev.ASK, 103, 49, 4)
    assert (x.position_lots, x.wallet.liquidations) == (10, 0)


def test_an_unknown_book_liquidates_nobody_and_is_not_taken_from() -> None:
    x = held(500)
    on_row(x, ev.GAP, 0, 0, 3)
    thin(x, 3, (10, 40))
    on_row(x, ev.ASK, 103, 49, 4)
    assert (x.position_lots, x.wallet.liquidations) == (10, 0)


def test_marked_by_trades_the_book_alone_liquidates_nobody() -> None:
    x = Terms(500, marks_by_trade=True)(opened(ExchangeTerms()))
    for _ in causes(x, [*market(), Op(ev.TRADE_BUY, 101, 1, 0), *BUYS_TEN[-1:]]):
        pass
    assert x.position_lots == 10
    thin(x, 3, (60, 40))
    on_row(x, ev.ASK, 103, 49, 4)
    assert x.position_lots == 10
    on_row(x, ev.TRADE_SELL, 60, 1, 5)
    on_row(x, ev.ASK, 103, 48, 6)
    assert x.position_lots == 0


def test_markets_that_share_a_wallet_are_liquidated_together() -> None:
    one, two = held(500), held(500)
    for name in ("equity_units", "maintenance_units", "initial_units", "markets_held"):
        shared = getattr(one.wallet, name) + getattr(two.wallet, name)
        setattr(one.wallet, name, shared)
    two.wallet = one.wallet
    one.wallet.equity_units -= 500
    thin(one, 3, (60, 40))
    on_row(two, ev.ASK, 103, 49, 3)
    assert not one.wallet.is_liquidating
    on_row(one, ev.ASK, 103, 49, 4)
    assert (one.position_lots, two.position_lots) == (0, 10)
    assert one.wallet.is_liquidating
    on_row(two, ev.ASK, 103, 48, 5)
    assert (two.position_lots, one.wallet.is_liquidating) == (0, False)
    assert one.wallet.equity_units == one.wallet.maintenance_units == 0
    assert one.margin.insured_units + two.margin.insured_units == one.wallet.insured_units > 0


TERMS = Terms(
    collateral=120,
    initial_ppb=30_000_000,
    tiers=((0, 26_000_000, 0), (1_500, 29_000_000, 4)),
    maker_ppb=-3_333_333,
    taker_ppb=7_777_777,
    liquidation_ppb=10_000_001,
)


@pytest.mark.parametrize("marks_by_trade", [False, True])
def test_as_the_plain_twin(marks_by_trade: bool) -> None:
    seen: Counter[tuple[int, int]] = Counter()
    for seed in range(60):
        margin = Terms(**{**vars(TERMS), "marks_by_trade": marks_by_trade})
        terms = ExchangeTerms(entry_latency_ns=seed % 4, self_trade=seed % 3)
        script = random_script(seed, 300)
        reports = interpreted(terms, script, margin)
        assert reports == NaiveMargin(terms, margin=margin).run(script)
        seen.update((report.kind, report.code) for report in reports)
    assert seen[ev.FILLED, ev.LIQUIDATION] > 10
    assert seen[ev.REJECTED, INSUFFICIENT] > 30


def test_compiled_as_interpreted() -> None:
    for seed in range(100, 104):
        script = random_script(seed, 2_000)
        terms = ExchangeTerms(response_latency_ns=seed % 3)
        assert compiled(terms, script, TERMS) == interpreted(terms, script, TERMS)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(scripts())
def test_no_lot_is_taken_twice_by_orders_and_liquidations_together(script: list[Op]) -> None:
    x = TERMS(opened(ExchangeTerms()))
    volume = Volume()
    for cause, reports in causes(x, script):
        fills = [r for r in reports if r.kind == ev.FILLED]
        for fill in fills:
            if fill.code == ev.LIQUIDATION:
                volume.take(fill)
        volume.check(cause, [fill for fill in fills if fill.code != ev.LIQUIDATION])


def test_the_money_adds_up_after_every_step() -> None:
    rates = {ev.MAKER: TERMS.maker_ppb, ev.TAKER: TERMS.taker_ppb}
    rates[ev.LIQUIDATION] = TERMS.liquidation_ppb
    for seed in range(40):
        x = TERMS(opened(ExchangeTerms()))
        cash = Fraction(0)
        for _, reports in causes(x, random_script(seed, 200)):
            for r in reports:
                if r.kind == ev.FILLED:
                    value = 2 * r.ticks * r.lots
                    fee = Fraction(value * rates[r.code], BILLION)
                    cash -= value * (1 - 2 * r.side) + fee
            m = x.margin
            assert cash == m.cash_half_tick_lots - Fraction(m.fee_rest_ppb, BILLION)
            if not m.is_stale:
                worth = m.cash_half_tick_lots + x.position_lots * m.mark_half_ticks
                assert x.wallet.equity_units == TERMS.collateral + worth + m.insured_units
                assert m.is_held == (x.position_lots != 0)
