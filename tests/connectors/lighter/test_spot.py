"""Spot is quoted beside perpetuals of the same account, and stands where its balances do."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from connectors.lighter.account_terms import AccountTerms
from connectors.lighter.account_wire import Asset
from connectors.lighter.examination import of_spot
from connectors.lighter.grid import Grid
from connectors.lighter.listing import Listed
from connectors.lighter.spot import cash_tick_lots, held_lots
from connectors.model.account import Fee, RestingOrder
from connectors.model.errors import Plan, Refusal, VenueError
from connectors.model.events import (
    ACCEPTED,
    BID,
    BUY,
    CANCELLED,
    FILLED,
    IOC,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
    SELL,
)
from tests.connectors.lighter.market_files import ETH, SPOT
from tests.connectors.lighter.trader import Trader, trading
from tests.stage.truth import Traded
from tests.venues.lighter.faults.money import MoveAsset
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.markets import LISTED, SPOT_ETH

SETUP = {
    "tier": "standard",
    "markets": (LISTED[0], SPOT_ETH),
    "assets": {1: "2.00005", 3: "5000"},
    "instruments": {"eth": ETH, "spot": SPOT},
}
TICK_LOT = Decimal("0.000001")
MARKET = Listed("spot", 2048, SPOT, Grid.of(2, 4), (1, 3))


def sent(
    stand: Trader, number: int, side: int, ticks: int, lots: int, flags: int = POST_ONLY
) -> int:
    """Send an order to the spot market; return its id."""
    client_id = 2176 * number
    stand.venue.place("spot", client_id, side, ticks, lots, flags)
    return client_id


def heard(stand: Trader, client_id: int) -> list[int]:
    """Return the kinds of rows told of a spot order."""
    return [row[0] for row in stand.sinks["spot"].account if row[1] == client_id]


def others(stand: Trader, is_ask: bool, ticks: int, lots: int, takes: bool = False) -> None:
    """Let somebody else act in the spot market."""
    stand.way.advance()
    there = stand.there
    there.round(lambda: there.crowds[2048]._floor.place(is_ask, ticks, lots, takes))


def held(stand: Trader, asset_id: int) -> Decimal:
    """Return what the account truly holds of an asset."""
    return stand.there.exchange.accounts[ACCOUNT].assets[asset_id]


def test_where_it_stands_is_what_is_held_and_what_may_be_spent() -> None:
    async def act(stand: Trader) -> None:
        at_first = await stand.venue.standing("spot")
        assert at_first.position_lots == 20_000
        assert at_first.cash_tick_lots * TICK_LOT == 5_000
        assert (await stand.venue.standing("eth")).position_lots == 0
        sent(stand, 1, BUY, 290_000, 1_000)
        sent(stand, 2, SELL, 310_000, 1_000)
        await asyncio.sleep(2)
        resting = await stand.venue.standing("spot")
        assert (resting.position_lots, resting.cash_tick_lots) == (20_000, 5_000_000_000)
        assert {(o.side, o.ticks, o.open_lots) for o in resting.resting} == {
            (BUY, 290_000, 1_000),
            (SELL, 310_000, 1_000),
        }

    trading(act, **SETUP)


def test_its_book_and_figures_are_told_as_any_markets() -> None:
    async def act(stand: Trader) -> None:
        others(stand, False, 299_000, 700)
        others(stand, True, 301_000, 700)
        await asyncio.sleep(1)
        assert (BID, 299_000, 700) in stand.sinks["spot"].rows
        figures = stand.venue.figures("spot")
        assert figures is not None
        assert (figures.mark_price, figures.streamed_rate) == (3_000.0, None)
        assert stand.venue.funding_per_hour("spot") is None
        assert await stand.venue.payments_after("spot", 0) == ()

    stand = trading(act, **SETUP)
    assert stand.sinks["spot"].links[-1]


def test_fills_of_both_sides_are_told_once_and_explain_the_balances() -> None:
    async def act(stand: Trader) -> None:
        sent(stand, 1, BUY, 290_000, 1_000)
        sent(stand, 2, SELL, 310_000, 500)
        await asyncio.sleep(2)
        others(stand, True, 290_000, 400, takes=True)
        others(stand, False, 310_000, 500, takes=True)
        await asyncio.sleep(2)
        assert heard(stand, 2176) == [ACCEPTED, FILLED]
        assert heard(stand, 4352) == [ACCEPTED, FILLED]
        standing = await stand.venue.standing("spot")
        assert standing.position_lots == 20_000 + 400 - 500
        gained = -290_000 * 400 + 310_000 * 500
        assert standing.cash_tick_lots == 5_000_000_000 + gained
        trades = await stand.venue.trades_after("spot", 0)
        assert [(t.side, t.ticks, t.lots) for t in trades] == [
            (BUY, 290_000, 400),
            (SELL, 310_000, 500),
        ]
        assert await stand.venue.trades_after("eth", 0) == ()

    stand = trading(act, **SETUP)
    assert [t.market for t in stand.there.truth.of(Traded)] == ["ETH/USDC"] * 2


def test_a_fee_is_booked_in_what_was_received() -> None:
    async def act(stand: Trader) -> None:
        sent(stand, 1, BUY, 290_000, 1_000)
        sent(stand, 2, SELL, 310_000, 1_000)
        await asyncio.sleep(1)
        others(stand, True, 290_000, 1_000, takes=True)
        others(stand, False, 310_000, 1_000, takes=True)
        await asyncio.sleep(1)

    stand = trading(act, **{**SETUP, "tier": "premium"})
    told = [fee for fee in stand.sinks["spot"].fees if fee is not None]
    assert told == [Fee(Decimal("0.000004"), "ETH"), Fee(Decimal("0.0124"), "USDC")]
    assert held(stand, 1) == Decimal("2.00005") - Decimal("0.000004")
    fees = [(traded.fee, traded.currency) for traded in stand.there.truth.of(Traded)]
    assert fees == [(Decimal("0.000004"), "ETH"), (Decimal("0.0124"), "USDC")]


def test_perpetuals_and_spot_of_one_account_do_not_touch_each_other() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        sent(stand, 2, SELL, 310_000, 500)
        await asyncio.sleep(2)
        stand.venue.cancel("spot", 4352)
        await asyncio.sleep(2)
        assert heard(stand, 4352) == [ACCEPTED, CANCELLED]
        assert stand.heard(2176) == [ACCEPTED]
        assert stand.resting() == {2176}

    trading(act, **SETUP)


def test_money_that_is_moved_shows_in_the_balances_and_in_no_trade() -> None:
    async def act(stand: Trader) -> None:
        stand.way.advance()
        stand.there.round(lambda: MoveAsset("-1500").do(stand.there))
        stand.there.round(lambda: MoveAsset("0.5", 1).do(stand.there))
        await asyncio.sleep(1)
        standing = await stand.venue.standing("spot")
        assert (standing.position_lots, standing.cash_tick_lots) == (25_000, 3_500_000_000)
        assert await stand.venue.trades_after("spot", 0) == ()

    assert trading(act, **SETUP).sinks["spot"].account == []


def test_a_wallet_that_is_too_small_is_asked_once_and_then_left_alone() -> None:
    async def act(stand: Trader) -> None:
        for number in range(1, 21):
            sent(stand, number, BUY, 290_000, 20_000)
            await asyncio.sleep(1)
        assert len(stand.known()) == 1
        assert all(heard(stand, 2176 * n) == [REJECTED] for n in range(1, 21))
        assert {row[5] for row in stand.sinks["spot"].account} == {Refusal.INSUFFICIENT_MARGIN}
        sent(stand, 30, SELL, 310_000, 1_000)
        await asyncio.sleep(2)
        assert heard(stand, 2176 * 30) == [ACCEPTED]
        await asyncio.sleep(10)
        sent(stand, 31, BUY, 290_000, 1_000)
        await asyncio.sleep(2)
        assert heard(stand, 2176 * 31) == [ACCEPTED]

    trading(act, **SETUP)


def test_an_order_that_only_reduces_is_never_sent() -> None:
    async def act(stand: Trader) -> None:
        with pytest.raises(VenueError, match="knows no order that only reduces") as caught:
            sent(stand, 1, SELL, 290_000, 500, IOC | REDUCE_ONLY)
        assert caught.value.plan is Plan.HALT
        await asyncio.sleep(1)

    assert trading(act, **SETUP).known() == set()


def test_a_market_under_the_wrong_kind_is_refused_by_name() -> None:
    async def act(stand: Trader) -> None:
        with pytest.raises(VenueError, match="ETH is no spot market of lighter"):
            await stand.venue.standing("spot")

    wrong = {"eth": ETH, "spot": replace(ETH, is_spot=True)}
    trading(act, **{**SETUP, "instruments": wrong})


def asset(
    number: int, symbol: str, balance: str, locked: str = "0", mode: str = "disabled"
) -> Asset:
    """Return an asset as it is told."""
    return Asset(symbol, number, balance, locked, mode)


def test_what_others_have_locked_is_not_spent_and_what_our_bids_have_is() -> None:
    quote = [asset(3, "USDC", "1000", "400")]
    assert cash_tick_lots(MARKET, quote, {}, ()) * TICK_LOT == 600
    bid = RestingOrder(1, BUY, 300_000, 1_000)
    assert cash_tick_lots(MARKET, quote, {}, (bid,)) * TICK_LOT == 900
    ask = RestingOrder(2, SELL, 300_000, 1_000)
    assert cash_tick_lots(MARKET, quote, {}, (ask,)) * TICK_LOT == 600


def test_an_asset_that_is_left_out_is_not_held_unless_the_stream_knows_better() -> None:
    assert held_lots(MARKET, [], {}) == 0
    with pytest.raises(VenueError, match=r"where the stream has told of 0\.3"):
        held_lots(MARKET, [], {"ETH": asset(1, "ETH", "0.3")})


@pytest.mark.parametrize(
    ("told", "match"),
    [
        (asset(1, "ETH", "1", mode="enabled"), "expected ETH to be no margin .* was enabled"),
        (asset(1, "ETH", "1", mode=""), "was not told"),
        (asset(1, "WETH", "1"), "expected asset 1 to be ETH, was WETH"),
        (asset(1, "ETH", "1", "2"), "to be locked, was 2 of 1"),
        (asset(1, "ETH", "-1"), "to be locked, was 0 of -1"),
    ],
)
def test_balances_whose_meaning_is_not_certain_are_no_answer(told: Asset, match: str) -> None:
    with pytest.raises(VenueError, match=match):
        held_lots(MARKET, [told], {})


def test_a_tier_with_fees_is_refused_where_the_market_takes_them() -> None:
    def weights(maker_1e6: int, has_fees: bool) -> list[str]:
        terms = AccountTerms("premium", maker_1e6, 0, {}, None, "1", {}, 0)
        market = Listed("spot", 2048, SPOT, Grid.of(2, 4), (1, 3), has_fees)
        return [remark.weight.name for remark in of_spot(terms, market)]

    assert weights(40, True) == ["REFUSES"]
    assert weights(40, False) == weights(0, True) == ["GOOD"]
