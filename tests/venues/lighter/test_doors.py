"""The stand-in over real sockets on loopback, and as a process of its own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.venues.common.loopback import Doors
from tests.venues.lighter.client import START_NS, Client, opened
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.transactions import TxType
from tests.virtual import SetClock

LIMIT_S = 20.0
"""How long a test waits for what must come at once."""


class House:
    """An open stand-in: its client in memory, its doors, and a session over the network."""

    def __init__(self, client: Client, session: aiohttp.ClientSession, url: str) -> None:
        self.client = client
        self.session = session
        self.url = url
        self.clock = SetClock(START_NS)
        self.doors = Doors(client.venue, self.clock.now_ns)

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.time_ns += round(seconds * 1e9)
        self.doors.advance()

    async def send(self, client_index: int) -> tuple[int, Any]:
        """Place an order over HTTP."""
        info = self.client.signed_tx(TxType.CREATE, **self.client.order(client_index))
        form = {"tx_type": "14", "tx_info": json.dumps(info)}
        async with self.session.post(f"{self.url}/api/v1/sendTx", data=form) as response:
            return response.status, json.loads(await response.text())


@asynccontextmanager
async def house(*steps: dict[str, Any]) -> AsyncIterator[House]:
    """Open a stand-in on loopback."""
    client = opened(script=tuple(step_of(step) for step in steps))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(LIMIT_S)) as session:
        found = House(client, session, "")
        async with found.doors.opened() as port:
            found.url = f"http://127.0.0.1:{port}"
            yield found


def within(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test on a loop of its own."""

    async def limited() -> None:
        await asyncio.wait_for(test(), 2 * LIMIT_S)

    asyncio.run(limited())


async def until(socket: aiohttp.ClientWebSocketResponse, kind: str) -> Any:
    """Return the next frame of a type."""
    while True:
        frame = await socket.receive_json(timeout=LIMIT_S)
        if frame.get("type") == kind:
            return frame


def test_a_plain_client_places_an_order_and_hears_of_it() -> None:
    async def test() -> None:
        async with house() as place, place.session.ws_connect(f"{place.url}/stream") as socket:
            assert (await until(socket, "connected"))["session_id"]
            channel = f"account_all_orders/{ACCOUNT}"
            token = place.client.token()
            await socket.send_json({"type": "subscribe", "channel": channel, "auth": token})
            await socket.send_json({"type": "subscribe", "channel": "order_book/0"})
            await socket.send_json({"type": "ping"})
            await until(socket, "pong")
            place.pass_time(0.1)
            snapshot = await until(socket, "subscribed/order_book")
            assert len(snapshot["order_book"]["bids"]) > 5
            status, answer = await place.send(42)
            assert (status, answer["code"]) == (200, 200)
            place.pass_time(0.1)
            frame = await until(socket, "update/account_all_orders")
            assert frame["orders"]["0"][0]["client_order_index"] == 42

    within(test)


def test_a_stream_takes_transactions() -> None:
    async def test() -> None:
        async with house() as place, place.session.ws_connect(f"{place.url}/stream") as socket:
            info = place.client.signed_tx(TxType.CREATE, **place.client.order(1))
            data = {"id": "mine", "tx_type": 14, "tx_info": info}
            await socket.send_json({"type": "jsonapi/sendtx", "data": data})
            sent = asyncio.create_task(until(socket, "jsonapi/sendtx"))
            while not sent.done():
                place.pass_time(0.001)
                await asyncio.sleep(0)
            assert sent.result()["id"] == "mine"

    within(test)


@pytest.mark.parametrize("name", ["reset", "slow_body"])
def test_answers_are_lost_on_the_way(name: str) -> None:
    async def test() -> None:
        async with house({"when": "place", "do": name}) as place:
            with pytest.raises(aiohttp.ClientError):
                await place.send(1)
            place.pass_time(0.1)
            live = place.client.venue.exchange.accounts[ACCOUNT].live_orders()
            assert [order.client_index for order in live] == [1]
            assert (await place.send(2))[0] == 200

    within(test)


def test_a_gateway_may_answer_with_a_page() -> None:
    async def test() -> None:
        page = {"status": 403, "text": "<html>not from here</html>"}
        async with (
            house({"when": "info", "do": "http", **page}) as place,
            place.session.get(f"{place.url}/api/v1/info") as response,
        ):
            assert (response.status, await response.text()) == (403, page["text"])

    within(test)


def test_connections_break_or_are_closed_with_a_word() -> None:
    async def test() -> None:
        async with house() as place:
            for code, heard in ((1006, 1006), (1012, 1012)):
                async with place.session.ws_connect(f"{place.url}/stream") as socket:
                    await until(socket, "connected")
                    place.client.venue.play(step_of({"do": "close", "code": code}))
                    message = await socket.receive(timeout=LIMIT_S)
                    while message.type is aiohttp.WSMsgType.TEXT:
                        message = await socket.receive(timeout=LIMIT_S)
                    assert socket.close_code == heard

    within(test)


def test_a_half_open_connection_answers_no_ping() -> None:
    async def test() -> None:
        async with (
            house() as place,
            place.session.ws_connect(f"{place.url}/stream", autoping=False) as socket,
        ):
            await until(socket, "connected")
            await socket.ping()
            assert (await socket.receive(timeout=LIMIT_S)).type is aiohttp.WSMsgType.PONG
            place.client.venue.play(step_of({"do": "half_open"}))
            await socket.ping()
            await socket.send_json({"type": "ping"})
            async with place.session.get(f"{place.url}/api/v1/info") as response:
                assert response.status == 200
            place.client.venue.sessions[-1].line.abort()
            last = await socket.receive(timeout=LIMIT_S)
            assert last.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)

    within(test)


def test_it_runs_as_a_process() -> None:
    async def test() -> None:
        words = ("-m", "tests.venues.lighter", "--port", "0", "--seed", "3", "--markets", "SOL")
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert process.stdout is not None
            line = (await process.stdout.readline()).decode()
            url = line.split()[2]
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{url}/api/v1/orderBooks") as response,
            ):
                books = (await response.json())["order_books"]
            assert [book["symbol"] for book in books] == ["SOL"]
        finally:
            process.terminate()
            await process.wait()

    within(test)
