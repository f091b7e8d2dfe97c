"""Lighter says where a position is liquidated, on its stream and in its reads alike."""

import asyncio
from dataclasses import replace

from connectors.margined import MINUTE_NS
from tests.connectors.lighter.standin import StandIn, beside
from tests.venues.lighter.orders import TimeInForce

NEAR = 310_000
TAKES = {"Price": NEAR, "BaseAmount": 700, "TimeInForce": TimeInForce.IOC}


def test_a_position_is_told_with_its_liquidation_its_entry_and_the_mark() -> None:
    async def act(stand: StandIn) -> None:
        venue = stand.venue
        assert venue.lends("eth")
        stand.trade(2176, IsAsk=1, **{**TAKES, "Price": NEAR - 20_000})
        await asyncio.sleep(1)
        heard = venue.liquidation("eth")
        await venue.standing("eth")
        for at in (heard, venue.liquidation("eth")):
            assert at is not None
            assert at.lots == -700
            assert at.mark_half_ticks is not None
            assert abs(at.full_half_ticks - at.mark_half_ticks) < at.mark_half_ticks // 20
            assert at.price_half_ticks is not None
            assert at.price_half_ticks > at.mark_half_ticks
        account = venue.account
        assert account is not None
        brink = account.brinks["eth"]
        account.brinks["eth"] = replace(brink, heard_ns=brink.heard_ns - 10 * MINUTE_NS)
        old = venue.liquidation("eth")
        assert old is not None
        assert (old.lots, old.price_half_ticks) == (-700, None)

    beside(act)
