"""An account is cleared, and what rests is read, with no event loop of ours."""

import asyncio
from typing import Any

import pytest

from connectors.lighter.emergency import AHEAD
from connectors.lighter.rescue import LighterRescue, made
from connectors.model.errors import VenueError
from runner.engine.clock import SystemClock
from tests.connectors.lighter.test_emergency import CHAIN, KEY, live_orders, served
from tests.venues.common.truth import Signed
from tests.venues.lighter.client import Client
from tests.venues.lighter.keys import ACCOUNT, private

NAME = "A_KEY"


def rescue(url: str, chain: int = CHAIN) -> LighterRescue:
    words = {"rest_url": url, "chain_id": chain, "account": ACCOUNT, "key_index": KEY}
    words["key_env"] = NAME
    return made(words, {NAME: private(KEY)}, SystemClock().now_ns)


def test_what_rests_is_counted_before_and_after() -> None:
    async def main() -> tuple[list[int], Client]:
        async with served() as (client, url):
            way = rescue(url)
            await asyncio.to_thread(way.ready)
            counts = [await asyncio.to_thread(way.resting)]
            await asyncio.to_thread(way.cancel_all)
            client.pass_time(0.1)
            counts.append(await asyncio.to_thread(way.resting))
            return counts, client

    counts, client = asyncio.run(main())
    assert counts == [2, 0]
    assert live_orders(client) == []


def test_what_the_deploy_still_has_on_its_way_is_refused_after_it() -> None:
    async def main() -> list[int]:
        async with served() as (client, url):
            await asyncio.to_thread(rescue(url).cancel_all)
            return [signed.nonce for signed in client.venue.truth.of(Signed)]

    nonces = asyncio.run(main())
    assert nonces[-1] >= AHEAD


@pytest.mark.parametrize(
    "fault",
    [{"do": "refuse", "code": 20001}, {"do": "http", "status": 502, "text": "<html>"}],
)
def test_what_cannot_be_read_is_not_taken_for_nothing(fault: dict[str, Any]) -> None:
    async def main() -> None:
        async with served({"when": "accountActiveOrders", **fault}) as (_, url):
            with pytest.raises(VenueError, match="accountActiveOrders"):
                await asyncio.to_thread(rescue(url).resting)

    asyncio.run(main())


def test_a_key_that_is_not_there_is_told_by_where_it_should_be() -> None:
    words = {"rest_url": "http://127.0.0.1:1", "chain_id": 1, "account": 1, "key_index": 4}
    with pytest.raises(VenueError, match="expected A_KEY to hold a key"):
        made({**words, "key_env": NAME}, {}, SystemClock().now_ns)
