"""Pace: ccxt's one queue makes what is urgent wait, and its clock is only half corrected."""

import asyncio
from typing import Any

import pytest

from connectors.model.events import ACCEPTED
from tests.connectors.ccxt.bybit_trader import OVER_HTTP, Trader, trading
from tests.connectors.ccxt.traps.plain import SYMBOL, Plain, using

POST_ONLY = {"timeInForce": "PostOnly"}


async def timed(work: Any) -> float:
    """Return how long something takes."""
    begun_s = asyncio.get_running_loop().time()
    await work
    return asyncio.get_running_loop().time() - begun_s


def test_plain_ccxt_makes_an_order_wait_a_second_after_a_cancel_all() -> None:
    async def act(stand: Plain) -> None:
        await stand.exchange.cancel_all_orders(SYMBOL)
        make = stand.exchange.create_order
        took_s = await timed(make(SYMBOL, "limit", "buy", 0.1, 2900, POST_ONLY))
        assert took_s > 0.9

    using(act, is_rated=True)


def test_plain_ccxt_makes_a_cancel_wait_behind_reads() -> None:
    async def act(stand: Plain) -> None:
        order = await stand.exchange.create_order(SYMBOL, "limit", "buy", 0.1, 2900, POST_ONLY)
        reads = [asyncio.ensure_future(stand.exchange.fetch_my_trades(SYMBOL)) for _ in range(10)]
        await asyncio.sleep(0)
        took_s = await timed(stand.exchange.cancel_order(order["id"], SYMBOL))
        assert took_s > 0.9
        await asyncio.gather(*reads)

    using(act, is_rated=True)


def test_neither_orders_nor_cancels_wait_behind_anything_here() -> None:
    async def act(stand: Trader) -> None:
        first = stand.place(1)
        await asyncio.sleep(0.1)
        reads = [asyncio.ensure_future(stand.venue.trades_after("eth", 0)) for _ in range(10)]
        await asyncio.sleep(0)
        stand.venue.cancel("eth", first)
        second = stand.place(2)
        await asyncio.sleep(0.05)
        assert stand.resting() == {second}
        await asyncio.gather(*reads)

    trading(act, terms=OVER_HTTP)


SKEW_MS = 30_000


def test_plain_ccxt_corrects_the_clock_of_requests_and_not_that_of_logins() -> None:
    async def act(stand: Plain) -> None:
        stand.exchange.options["adjustForTimeDifference"] = True
        await stand.exchange.load_time_difference()
        assert await stand.exchange.fetch_open_orders(SYMBOL) == []
        with pytest.raises(Exception, match=r"Params Error|expire"):
            await asyncio.wait_for(stand.exchange.watch_orders(), 15)

    using(act, skew_ms=SKEW_MS)


def test_a_clock_that_is_far_off_is_corrected_everywhere_here() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]
        assert stand.sinks["eth"].links[-1] is True

    trading(act, skew_ms=SKEW_MS)
