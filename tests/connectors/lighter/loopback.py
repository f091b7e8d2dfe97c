"""Be Lighter's house on loopback, in a thread of its own: for runs that open real sockets."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import WSMsgType, web

from tests.connectors.lighter import examples as said
from tests.connectors.lighter.house import DETAILS, FIRST

EVERY_S = 0.02


@contextmanager
def house() -> Iterator[int]:
    """Serve the API and a book that changes every 20 ms; give the port."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        app = web.Application()
        app.router.add_get("/stream", _stream)
        app.router.add_get("/api/v1/{path}", _answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(runner.addresses[0][1])
        ready.set()
        try:
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    def run() -> None:
        asyncio.set_event_loop(loop)
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(serve())
            except asyncio.CancelledError:
                return

    thread = threading.Thread(target=run)
    thread.start()
    try:
        ready.wait(10)
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(_cancel_all, loop)
        thread.join(10)


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()


async def _answer(request: web.Request) -> web.Response:
    answers = {"orderBookDetails": DETAILS, "funding-rates": {"funding_rates": []}}
    answer = answers.get(request.match_info["path"])
    if answer is None:
        return web.Response(status=404)
    return web.json_response({"code": 200, **answer})


async def _stream(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    moving = asyncio.create_task(_move(socket))
    try:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            asked = json.loads(message.data)
            if asked["type"] == "subscribe":
                name, _, of = asked["channel"].partition("/")
                await socket.send_str(FIRST[name](int(of or 0)).decode())
    finally:
        moving.cancel()
    return socket


async def _move(socket: web.WebSocketResponse) -> None:
    """Let the best bid of the first market come and go, and somebody trade."""
    nonce = 100
    while True:
        await asyncio.sleep(EVERY_S)
        size = "1.50000" if nonce % 2 else "0.30000"
        frame = said.book("update", nonce + 1, nonce, bids=[("99999.9", size)])
        await socket.send_str(frame.decode())
        await socket.send_str(said.trades("update", said.trade_row(nonce)).decode())
        nonce += 1
