"""Where a position is liquidated is told by its venue, or reckoned from the account."""

import asyncio
from decimal import Decimal

import pytest

from connectors.ccxt.brinks import Brinks
from connectors.ccxt.ids import Codec
from connectors.ccxt.listing import Latest, Listed
from connectors.ccxt.units import Units
from connectors.ccxt.words import OwnPosition, OwnWallet, Rates
from connectors.margined import Liquidation, half_ticks_of
from connectors.model.events import BUY, IOC
from tests.connectors.ccxt.bybit_trader import BTC as INSTRUMENT
from tests.connectors.ccxt.bybit_trader import Trader, trading
from tests.connectors.ccxt.standing import NEAR

MARK = INSTRUMENT.tick_size * 1000
NOW = 10**18


def market(mark: Decimal | None = MARK) -> Listed:
    rates = Rates("BTCUSDT", str(mark), None, None, None, None) if mark else None
    units, codec = Units.of(INSTRUMENT), Codec("BTCUSDT")
    return Listed("btc", "BTCUSDT", "BTC/USDT:USDT", units, codec, Latest(rates))


def position(lots: int, price: str, *, entry: int = 1100, tells: bool = True) -> OwnPosition:
    size = INSTRUMENT.size_base(lots)
    at = str(INSTRUMENT.tick_size * entry)
    return OwnPosition("BTCUSDT", str(size), at, "5", price, 0, True, tells_liquidation=tells)


def wallet(above: Decimal) -> OwnWallet:
    return OwnWallet(Decimal(100) + above, None, Decimal(100), {})


def heard(*positions: OwnPosition) -> Brinks:
    brinks = Brinks()
    for each in positions:
        brinks.hear("btc", each, NOW)
    return brinks


def test_the_venues_word_is_told_with_the_mark_and_where_it_was_entered() -> None:
    brinks = heard(position(3, str(INSTRUMENT.tick_size * 900)))
    assert brinks.liquidation(market(), None, 0) == Liquidation(3, 1800, 2200, 2000)


@pytest.mark.parametrize("lots", [3, -3])
def test_a_price_left_out_is_reckoned_from_the_account(lots: int) -> None:
    above = INSTRUMENT.size_base(3) * INSTRUMENT.tick_size * 200
    brinks = heard(position(lots, ""))
    at = brinks.liquidation(market(), wallet(above), 0)
    assert at is not None
    assert at.price_half_ticks == 2000 - (400 if lots > 0 else -400)


def test_what_was_reckoned_stays_while_the_mark_moves_and_no_word_comes() -> None:
    above = INSTRUMENT.size_base(3) * INSTRUMENT.tick_size * 200
    brinks, money = heard(position(3, "")), wallet(above)
    before = brinks.liquidation(market(), money, 0)
    after = brinks.liquidation(market(MARK * Decimal("0.9")), money, 0)
    assert before is not None
    assert after is not None
    assert (after.price_half_ticks, after.mark_half_ticks) == (before.price_half_ticks, 1800)


def test_nothing_is_made_up_where_neither_is_known() -> None:
    assert Brinks().liquidation(market(), None, 0) is None
    at = heard(position(3, "")).liquidation(market(), None, 0)
    assert at is not None
    assert at.price_half_ticks is None


def test_an_old_word_has_no_price() -> None:
    brinks = heard(position(3, str(INSTRUMENT.tick_size * 900)))
    at = brinks.liquidation(market(), None, NOW + 1)
    assert at == Liquidation(3, None, 0, 2000)


def test_a_word_without_a_price_leaves_the_last_one_until_it_is_flat() -> None:
    silent = position(6, "", tells=False)
    brinks = heard(position(3, str(INSTRUMENT.tick_size * 900)), silent)
    at = brinks.liquidation(market(), None, 0)
    assert at is not None
    assert (at.lots, at.price_half_ticks) == (3, 1800)
    brinks.hear("btc", position(0, "", tells=False), NOW)
    assert brinks.liquidation(market(), None, 0) == Liquidation(0, None, 0, 2000)


def test_a_price_of_nothing_is_one_for_what_is_long_alone() -> None:
    tick = INSTRUMENT.tick_size
    assert half_ticks_of("0", tick, is_long=True) == 0
    assert half_ticks_of("0", tick, is_long=False) is None
    for text in ("", "-", "NaN", "Infinity"):
        assert half_ticks_of(text, tick, is_long=True) is None


@pytest.mark.parametrize("lots", [10, 20_000])
def test_bybit_tells_of_a_position_that_its_account_carries_and_of_one_that_it_hardly_does(
    lots: int,
) -> None:
    told: list[Liquidation | None] = []

    async def act(stand: Trader) -> None:
        assert stand.venue.lends("eth")
        told.append(stand.venue.liquidation("eth"))
        stand.venue.place("eth", 2176, BUY, NEAR, lots, IOC)
        await asyncio.sleep(1)
        told.append(stand.venue.liquidation("eth"))

    trading(act, has_crowd=True)
    before, after = told
    assert before is None or before.lots == 0
    assert after is not None
    assert after.lots > 0
    assert after.mark_half_ticks is not None
    assert after.price_half_ticks is not None
    assert after.price_half_ticks < after.mark_half_ticks
    assert after.full_half_ticks == pytest.approx(after.mark_half_ticks, rel=0.05)
