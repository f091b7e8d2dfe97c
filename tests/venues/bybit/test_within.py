"""The stand-in on virtual time in memory, and as a process of its own."""

import asyncio
import json
import sys
from typing import Any

import aiohttp
import pytest

from connectors.calls import Lost, Request
from tests.venues.bybit.client import keys
from tests.venues.bybit.guard import headers_for, signed
from tests.venues.bybit.keys import API_KEY, SECRET, UID
from tests.venues.bybit.scenario import step_of
from tests.venues.bybit.sessions import LINEAR, PRIVATE
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.memory import Wire, Within
from tests.virtual import VirtualClock, run

HOST = "http://bybit.invalid"


def venue_at(clock: VirtualClock, *steps: dict[str, Any]) -> Venue:
    """Return a venue that plays a script."""
    venue = Venue(Setup(script=tuple(step_of(step) for step in steps)), clock.now_ns())
    venue.open_account(UID, keys())
    return venue


def ordered(clock: VirtualClock) -> Request:
    """Return a signed request to place an order."""
    words = {"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Limit"}
    body = json.dumps({**words, "qty": "0.01", "price": "89000", "orderLinkId": "1"})
    headers = headers_for(API_KEY, SECRET, clock.now_ns() // 1_000_000, body)
    return Request("POST", f"{HOST}/v5/order/create", headers, body.encode())


async def until(wire: Wire, topic: str) -> dict[str, Any]:
    """Read until a frame of a topic comes."""
    while True:
        for frame in await wire.receive():
            words: dict[str, Any] = json.loads(frame)
            if words.get("topic") == topic:
                return words


def test_requests_and_streams_pass_on_virtual_time() -> None:
    async def main(clock: VirtualClock) -> tuple[str, str, int]:
        way = Within(venue_at(clock), clock.now_ns)
        keeper = asyncio.create_task(way.keep_time())
        private = await way.connect(f"ws://bybit.invalid{PRIVATE}?max_active_time=1m")
        expires = clock.now_ns() // 1_000_000 + 5_000
        sign = signed(SECRET, f"GET/realtime{expires}")
        private.send(json.dumps({"op": "auth", "args": [API_KEY, expires, sign]}).encode())
        private.send(b'{"op":"subscribe","args":["order"]}')
        public = await way.connect(f"ws://bybit.invalid{LINEAR}")
        public.send(b'{"op":"subscribe","args":["orderbook.50.BTCUSDT"]}')
        reply = await way.send(ordered(clock))
        order = (await until(private, "order"))["data"][0]
        book = await until(public, "orderbook.50.BTCUSDT")
        keeper.cancel()
        placed = json.loads(reply.body)["result"]["orderId"]
        return placed, order["orderId"], len(book["data"]["b"])

    placed, told, levels = run(main)
    assert (placed == told, levels > 10) == (True, True)
    assert run(main) == (placed, told, levels)


def test_a_lost_answer_is_told_as_lost() -> None:
    async def main(clock: VirtualClock) -> bool:
        way = Within(venue_at(clock, {"when": "place", "do": "reset"}), clock.now_ns)
        with pytest.raises(Lost) as lost:
            await way.send(ordered(clock))
        return lost.value.may_have_arrived

    assert run(main) is True


@pytest.mark.slow
def test_it_runs_as_a_process() -> None:
    async def test() -> None:
        words = ("-m", "tests.venues.bybit", "--port", "0", "--markets", "SOLUSDT,DOGEUSDT")
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert process.stdout is not None
            url = (await process.stdout.readline()).decode().split()[2]
            read = f"{url}/v5/market/tickers?category=linear"
            async with aiohttp.ClientSession() as session, session.get(read) as response:
                rows = (await response.json())["result"]["list"]
                assert [row["symbol"] for row in rows] == ["SOLUSDT", "DOGEUSDT"]
                step = json.dumps({"do": "leap", "market": "SOLUSDT", "bps": 100})
                async with session.post(f"{url}/control", data=step) as done:
                    assert await done.json() == {"done": "leap"}
        finally:
            process.terminate()
            await process.wait()

    asyncio.run(asyncio.wait_for(test(), 60.0))
