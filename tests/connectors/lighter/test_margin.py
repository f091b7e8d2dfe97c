"""Lighter says what margin is left, on its stream and in its reads; what is old is not known."""

import asyncio
import math
from dataclasses import replace

import pytest

from connectors.funded import Collateralised
from connectors.lighter.account_state import AccountState
from connectors.margined import MINUTE_NS, Liquidation, left_frac
from tests.connectors.lighter.standin import StandIn, beside
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.margin import worth
from tests.venues.lighter.orders import TimeInForce

SELLS = {"Price": 290_000, "BaseAmount": 700, "IsAsk": 1, "TimeInForce": TimeInForce.IOC}
BUYS = {"Price": 310_000, "BaseAmount": 700, "TimeInForce": TimeInForce.IOC}


def free_there(stand: StandIn) -> float:
    """Return what the stand-in itself counts as free, in USDC."""
    exchange = stand.there.exchange
    return worth(exchange, exchange.accounts[ACCOUNT]).available / 1e6


def account_of(stand: StandIn) -> AccountState:
    account = stand.venue.account
    assert account is not None
    return account


async def looked_at(stand: StandIn) -> None:
    await stand.venue.standing("eth")


def test_what_a_position_takes_is_no_longer_free() -> None:
    async def act(stand: StandIn) -> None:
        venue = stand.venue
        assert isinstance(venue, Collateralised)
        before = venue.collateral("eth")
        assert before is not None
        assert before.left_frac == math.inf
        stand.trade(2176, **SELLS)
        await asyncio.sleep(1)
        held = venue.collateral("eth")
        assert held is not None
        assert held.free_quote < before.free_quote - 5.0
        assert held.free_quote == pytest.approx(free_there(stand), abs=1.0)
        assert 0.9 < held.left_frac < 1.1
        stand.trade(2177, **BUYS)
        await asyncio.sleep(1)
        after = venue.collateral("eth")
        assert after is not None
        assert after.left_frac == math.inf
        assert after.free_quote > held.free_quote

    beside(act, before=looked_at)


def test_an_order_that_rests_takes_margin_too() -> None:
    async def act(stand: StandIn) -> None:
        before = stand.venue.collateral("eth")
        stand.trade(2176, Price=250_000, BaseAmount=100_000)
        await asyncio.sleep(1)
        after = stand.venue.collateral("eth")
        assert before is not None
        assert after is not None
        assert after.free_quote < before.free_quote - 1_000.0

    beside(act, before=looked_at)


def test_what_nobody_has_said_lately_is_not_known() -> None:
    async def act(stand: StandIn) -> None:
        account = account_of(stand)
        known = account.free
        assert known is not None
        account.free = None
        assert stand.venue.collateral("eth") is None
        account.free = replace(known, heard_ns=known.heard_ns - 10 * MINUTE_NS)
        assert stand.venue.collateral("eth") is None
        await stand.venue.standing("eth")
        assert stand.venue.collateral("eth") is not None

    beside(act, before=looked_at)


def test_a_position_that_was_never_looked_at_has_nothing_behind_it() -> None:
    async def act(stand: StandIn) -> None:
        assert account_of(stand).free is not None
        assert stand.venue.collateral("eth") is None

    beside(act)


def test_less_than_nothing_is_nothing() -> None:
    state = AccountState(1)
    state.hear_free("-3.5", 7)
    assert state.free is not None
    assert (state.free.quote, state.free.heard_ns) == (0.0, 7)


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (None, None),
        (Liquidation(0, None, 0, None), math.inf),
        (Liquidation(5, 800, 1_000, 900), 0.5),
        (Liquidation(-5, 1_200, 1_000, 1_100), 0.5),
        (Liquidation(5, None, 0, 900), None),
        (Liquidation(5, 800, 1_000, None), None),
    ],
)
def test_the_way_left_is_a_share_of_the_way_from_entry(
    told: Liquidation | None, left: float | None
) -> None:
    assert left_frac(told) == left
