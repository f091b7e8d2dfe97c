"""The venue's own client library runs against the stand-in, and every signature is looked at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from runner.engine.clock import SystemClock
from tests.venues.common.loopback import Doors
from tests.venues.lighter.keys import ACCOUNT, private, publics
from tests.venues.lighter.venue import Setup, Venue

KEY = 4
CHAIN = 304


@asynccontextmanager
async def cycle() -> AsyncIterator[tuple[Any, Venue]]:
    """Open a stand-in and the library's client of it, which signs with the tests' key."""
    lighter = pytest.importorskip("lighter")
    clock = SystemClock()
    venue = Venue(Setup(verify="all", chain_id=CHAIN), clock.now_ns())
    venue.open_account(ACCOUNT, publics())
    async with Doors(venue, clock.now_ns).opened() as port:
        url = f"http://127.0.0.1:{port}"
        client = lighter.SignerClient(url, ACCOUNT, {KEY: private(KEY)}, chain_id=CHAIN)
        try:
            yield client, venue
        finally:
            await client.close()


def order(client: Any, client_index: int, price: int = 290_000) -> dict[str, Any]:
    """Return a post-only bid in the library's words."""
    return {
        "market_index": 0,
        "client_order_index": client_index,
        "base_amount": 1_000,
        "price": price,
        "is_ask": False,
        "order_type": client.ORDER_TYPE_LIMIT,
        "time_in_force": client.ORDER_TIME_IN_FORCE_POST_ONLY,
    }


def test_the_library_checks_its_key_places_changes_and_cancels() -> None:
    async def test() -> None:
        async with cycle() as (client, venue):
            assert await asyncio.to_thread(client.check_client) is None
            _, answer, error = await client.create_order(**order(client, 1))
            assert (error, answer.code) == (None, 200)
            _, _, error = await client.create_order(**order(client, 1))
            assert "21728" in error
            _, answer, error = await client.modify_order(0, 1, 2_000, 289_000, 0)
            assert (error, answer.code) == (None, 200)
            _, answer, error = await client.update_leverage(0, client.CROSS_MARGIN_MODE, 10)
            assert (error, answer.code) == (None, 200)
            _, answer, error = await client.cancel_order(0, 1)
            assert (error, answer.code) == (None, 200)
            assert answer.tx_hash in venue.log.by_hash

    asyncio.run(test())
