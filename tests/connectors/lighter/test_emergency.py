"""Everything is cancelled from a thread that needs no event loop of ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from connectors.lighter.library import PrivateKey
from connectors.lighter.trading import emergency_of
from connectors.model.errors import VenueError
from runner.engine.clock import SystemClock
from tests.venues.common.loopback import Doors
from tests.venues.lighter.client import Client
from tests.venues.lighter.keys import ACCOUNT, private, publics
from tests.venues.lighter.orders import Order
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.venue import Setup, Venue

CHAIN, KEY = 304, 6


@asynccontextmanager
async def served(*steps: dict[str, Any]) -> AsyncIterator[tuple[Client, str]]:
    """Serve a stand-in where two orders rest; give a client of it and its address."""
    clock = SystemClock()
    script = tuple(step_of(step) for step in steps)
    venue = Venue(Setup(chain_id=CHAIN, script=script), clock.now_ns())
    venue.open_account(ACCOUNT, publics())
    client = Client(venue)
    for client_index in (1, 2):
        assert client.place(client_index)["code"] == 200
    client.pass_time(0.1)
    assert len(live_orders(client)) == 2
    async with Doors(venue, clock.now_ns).opened() as port:
        yield client, f"http://127.0.0.1:{port}"


def live_orders(client: Client) -> list[Order]:
    """Return what rests."""
    return client.venue.exchange.accounts[ACCOUNT].live_orders()


@pytest.mark.parametrize(
    "steps",
    [
        (),
        ({"when": "cancel_all", "do": "refuse", "code": 21104},),
        ({"when": "cancel_all", "do": "http", "status": 502, "text": "<html>"},),
        ({"when": "nextNonce", "do": "reset"},),
    ],
)
def test_all_orders_are_cancelled_from_another_thread(steps: tuple[dict[str, Any], ...]) -> None:
    async def main() -> None:
        async with served(*steps) as (client, url):
            cancel_all = emergency_of(url, ACCOUNT, KEY, PrivateKey(private(KEY)), CHAIN)
            await asyncio.to_thread(cancel_all)
            client.pass_time(0.1)
            assert live_orders(client) == []

    asyncio.run(main())


def test_it_says_so_when_the_venue_refuses() -> None:
    async def main() -> None:
        async with served() as (_, url):
            cancel_all = emergency_of(url, ACCOUNT, KEY, PrivateKey(private(KEY)), CHAIN + 1)
            with pytest.raises(VenueError, match="21120"):
                await asyncio.to_thread(cancel_all)

    asyncio.run(main())
