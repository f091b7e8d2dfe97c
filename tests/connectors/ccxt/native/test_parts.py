"""A venue that is read natively: its listing, its reads and its stream, on virtual time."""

import asyncio

import pytest

from connectors.model.errors import VenueError
from connectors.model.events import BUY
from tests import virtual
from tests.connectors.ccxt.bybit_trader import BTC, INSTRUMENTS, Trader
from tests.connectors.ccxt.native.reading import reading
from tests.connectors.ccxt.standing import Sinks
from tests.virtual import VirtualClock


def test_a_stand_in_is_read_whole_and_nothing_is_ever_sent() -> None:
    async def main(clock: VirtualClock) -> None:
        stand = Trader(clock, has_crowd=True, has_keys=False)
        keeper = asyncio.create_task(stand.way.keep_time())
        venue = reading(stand, clock)
        sinks = {name: Sinks() for name in INSTRUMENTS}
        task = asyncio.create_task(venue.run(sinks))
        await asyncio.sleep(5)
        assert all(len(sink.rows) > 200 for sink in sinks.values())
        assert [sink.links for sink in sinks.values()] == [[], []]
        assert await venue.mid_half_ticks("btc") == await stand.venue.mid_half_ticks("btc")
        rates, theirs = await venue.rates("btc"), await stand.venue.rates("btc")
        assert (rates.funding_rate, rates.interval_h) == (theirs.funding_rate, theirs.interval_h)
        with pytest.raises(VenueError, match="without an account"):
            await venue.standing("btc")
        with pytest.raises(VenueError, match="read-only"):
            venue.place("btc", 2176, BUY, 1, 1)
        for running in (task, keeper):
            running.cancel()
        await asyncio.wait((task,))

    virtual.run(main)


def test_the_listing_is_that_of_ccxt() -> None:
    async def main(clock: VirtualClock) -> None:
        stand = Trader(clock, has_keys=False)
        keeper = asyncio.create_task(stand.way.keep_time())
        venue = reading(stand, clock)
        for name in INSTRUMENTS:
            ours = await venue._listings.listed(name)
            theirs = await stand.venue._listings.listed(name)
            assert (ours.symbol, ours.units, ours.codec) == (
                theirs.symbol,
                theirs.units,
                theirs.codec,
            )
        keeper.cancel()

    virtual.run(main)


def test_steps_that_are_not_the_listed_ones_are_refused() -> None:
    async def main(clock: VirtualClock) -> None:
        stand = Trader(clock, has_keys=False)
        keeper = asyncio.create_task(stand.way.keep_time())
        venue = reading(stand, clock)
        venue._listings._instruments["btc"] = INSTRUMENTS["eth"]
        venue._listings._instruments["eth"] = BTC.__class__(
            "ETHUSDT", "ETH", "USDT", BTC.tick_size, BTC.lot_size_base
        )
        with pytest.raises(VenueError, match="tick_size"):
            await venue.mid_half_ticks("eth")
        keeper.cancel()

    virtual.run(main)
