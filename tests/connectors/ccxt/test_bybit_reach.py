"""An order that has to go out is priced within what Bybit takes, and what it takes is known."""

import asyncio
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from connectors.ccxt.bybit_reach import ratios_of, worst_ticks
from connectors.ccxt.ids import Codec
from connectors.ccxt.listing import Latest, Listed
from connectors.ccxt.units import Units
from connectors.ccxt.words import Rates
from connectors.model.errors import Refusal
from connectors.model.events import BUY, IOC, REJECTED, SELL
from connectors.reaching import Reaching
from tests.connectors.ccxt.bybit_trader import ETH, Trader, trading
from tests.venues.bybit.admission import bound_ticks
from tests.venues.bybit.markets import LISTED
from tests.venues.bybit.venue import Setup, Venue
from tests.virtual import START_NS

MARKET = Listed("eth", "ETHUSDT", "ETH/USDT:USDT", Units.of(ETH), Codec("ETHUSDT"))
FLOOR = Venue(Setup(markets=(LISTED[1],), has_crowd=False), START_NS).exchange.floors["ETHUSDT"]


def said(mark: str | None, index: str | None) -> Listed:
    """Return the market with what its ticker says."""
    return replace(MARKET, latest=Latest(Rates("ETHUSDT", mark, index, None, None, None)))


@given(st.integers(100_000, 900_000), st.integers(-900, 900), st.integers(1, 1_000), st.data())
def test_the_worst_price_is_always_one_that_the_venue_takes(
    index_ticks: int, away: int, x_1e4: int, data: st.DataObject
) -> None:
    y_1e4 = data.draw(st.integers(x_1e4, 2_000))
    FLOOR.market = replace(FLOOR.market, limit_x_1e4=x_1e4, limit_y_1e4=y_1e4)
    FLOOR.value_ticks, FLOOR.mark_shift_ticks = float(index_ticks), index_ticks * away // 10_000
    told = said(str(Decimal(FLOOR.mark_ticks) / 100), str(Decimal(index_ticks) / 100))
    ratios = Decimal(x_1e4) / 10_000, Decimal(y_1e4) / 10_000
    most, least = (worst_ticks(told, side, ratios) for side in (BUY, SELL))
    assert most is not None
    assert least is not None
    assert least <= index_ticks <= most
    assert most <= bound_ticks(FLOOR, False) + 1
    assert least >= bound_ticks(FLOOR, True) - 1


def test_what_nobody_has_told_is_no_limit() -> None:
    ratios = Decimal("0.01"), Decimal("0.02")
    assert worst_ticks(MARKET, BUY, ratios) is None
    assert worst_ticks(said("3000", None), BUY, ratios) is None
    assert worst_ticks(said("0", "3000"), BUY, ratios) is None
    assert worst_ticks(said("3000", "3000"), BUY, None) is None
    assert worst_ticks(said("3000", "3000"), BUY, ratios) == 302_700


def test_ratios_are_read_from_the_listing() -> None:
    told = {"priceLimitRatioX": "0.01", "priceLimitRatioY": "0.02"}
    markets = [
        {"id": "A", "info": {"riskParameters": told}},
        {"id": "B", "info": {"riskParameters": {**told, "priceLimitRatioY": ""}}},
        {"id": "C", "info": {}},
        {"id": "D"},
    ]
    assert ratios_of(markets) == {"A": (Decimal("0.01"), Decimal("0.02"))}


def test_the_stand_in_takes_the_worst_price_and_refuses_one_beyond() -> None:
    async def act(stand: Trader) -> None:
        assert isinstance(stand.venue, Reaching)
        await asyncio.sleep(3)
        worst = stand.venue.worst_ticks("eth", BUY)
        assert worst is not None
        orders = [stand.place(1, worst, IOC), stand.place(2, worst + 1_000, IOC)]
        await asyncio.sleep(1)
        codes = [
            [row[5] for row in stand.sinks["eth"].account if row[:2] == (REJECTED, order)]
            for order in orders
        ]
        assert codes == [[], [Refusal.PRICE_BAND]]

    trading(act, has_crowd=True)
