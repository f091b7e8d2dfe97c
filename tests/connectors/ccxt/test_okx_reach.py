"""How far orders may reach at OKX, by the limits that its market data tell."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from connectors.ccxt.ids import Codec
from connectors.ccxt.listing import Latest, Listed
from connectors.ccxt.okx_reach import within
from connectors.ccxt.units import Units
from connectors.ccxt.words import Rates
from connectors.model.events import ACCEPTED, BUY, FILLED, IOC, REJECTED, SELL
from tests.connectors.ccxt.okx_trader import ETH, Trader, trading

MARKED = Rates("ETH-USDT-SWAP", "3000", None, None, None, None)


def listed(rates: Rates | None) -> Listed:
    units = Units.of(ETH, Decimal("0.1"))
    return Listed("eth", ETH.symbol, "ETH/USDT:USDT", units, Codec(ETH.symbol), Latest(rates))


def test_nine_tenths_of_the_way_to_a_limit_are_made_use_of() -> None:
    market = listed(MARKED)
    assert within(market, BUY, "3060") == 305_400
    assert within(market, SELL, "2940") == 294_600
    assert within(market, BUY, "3000.01") == 300_000


@pytest.mark.parametrize("rates", [None, replace(MARKED, mark_price=None)])
def test_nothing_is_known_without_a_mark(rates: Rates | None) -> None:
    assert within(listed(rates), BUY, "3060") is None
    assert within(listed(MARKED), BUY, "none") is None


def test_an_order_at_the_worst_price_is_taken_and_one_far_beyond_is_not() -> None:
    async def act(stand: Trader) -> None:
        worst = stand.venue.worst_ticks("eth", BUY)
        assert worst is not None
        near = stand.place(1, worst, IOC)
        await asyncio.sleep(1)
        far = stand.place(2, round(worst * 1.02), IOC)
        await asyncio.sleep(1)
        assert stand.heard(near)[:2] == [ACCEPTED, FILLED]
        assert stand.heard(far) == [REJECTED]

    trading(act)
