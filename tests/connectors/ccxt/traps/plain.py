"""Use ccxt as its manual says, unmodified, at a stand-in in memory: only its HTTP session is ours.

It does on virtual time what it does anywhere: its own queue, receive loop, futures and caches.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import ccxt.pro
from aiohttp import WSMsgType
from ccxt.async_support.base import throttler

from connectors.calls import Lost, Reply, Request
from connectors.socket import Closed
from tests import virtual
from tests.venues.bybit.client import Client, keys
from tests.venues.bybit.keys import API_KEY, SECRET, UID
from tests.venues.bybit.scenario import step_of
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.memory import Within
from tests.virtual import VirtualClock

SYMBOL = "ETH/USDT:USDT"
OPTIONS: Mapping[str, Any] = {
    "defaultType": "swap",
    "fetchMarkets": {"types": ["linear"]},
    "enableUnifiedMargin": False,
    "enableUnifiedAccount": True,
    "watchPositions": {"fetchPositionsSnapshot": False, "awaitPositionsSnapshot": False},
}


class Answering:
    """One request, as aiohttp's sessions begin it."""

    def __init__(self, carry: Callable[[Request], Any], method: str, url: Any, **more: Any) -> None:
        data, headers = more.get("data") or b"", more.get("headers") or {}
        raw = data.encode() if isinstance(data, str) else data
        self._request = Request(method, str(url), dict(headers), raw)
        self._carry = carry

    async def __aenter__(self) -> Any:
        import aiohttp

        try:
            reply: Reply = await self._carry(self._request)
        except Lost as error:
            raise aiohttp.ClientConnectionError(str(error)) from None

        async def text(**_: Any) -> str:
            return reply.body.decode()

        headers = dict(reply.headers)
        return SimpleNamespace(status=reply.status, reason="", headers=headers, text=text)

    async def __aexit__(self, *_: object) -> None:
        """Leave nothing open."""


class Pipe:
    """A stream, as aiohttp hands it to ccxt."""

    _conn = None

    def __init__(self, wire: Any) -> None:
        self._wire = wire
        self._frames: list[bytes] = []
        self.closed = False

    async def receive(self) -> Any:
        """Return the next message, or that it has ended."""
        while not self._frames:
            try:
                self._frames = await self._wire.receive()
            except Closed as error:
                self.closed = True
                return SimpleNamespace(type=WSMsgType.CLOSE, data=error.code, extra="")
        return SimpleNamespace(type=WSMsgType.TEXT, data=self._frames.pop(0).decode())

    async def send_str(self, text: str) -> None:
        """Send a frame."""
        self._wire.send(text.encode())

    async def ping(self) -> None:
        """Ask for a sign of life."""
        await self._wire.ping()

    async def close(self) -> None:
        """Hang up."""
        self.closed = True
        await self._wire.close()


class Opening:
    """A stream that is being opened."""

    def __init__(self, way: Within, url: str) -> None:
        self._way = way
        self._url = url

    async def __aenter__(self) -> Pipe:
        return Pipe(await self._way.connect(self._url))


class Session:
    """What ccxt takes for aiohttp's session."""

    def __init__(self, way: Any) -> None:
        self._way = way
        self.headers: dict[str, str] = {}

    def get(self, url: Any, **more: Any) -> Answering:
        """Ask."""
        return Answering(self._way.send, "GET", url, **more)

    def post(self, url: Any, **more: Any) -> Answering:
        """Send."""
        return Answering(self._way.send, "POST", url, **more)

    def delete(self, url: Any, **more: Any) -> Answering:
        """Take away."""
        return Answering(self._way.send, "DELETE", url, **more)

    def ws_connect(self, url: str, **_: Any) -> Opening:
        """Open a stream."""
        return Opening(self._way, url)

    async def close(self) -> None:
        """Leave nothing open."""


def plain(name: str, way: Any, **more: Any) -> Any:
    """Return an exchange of ccxt.pro's whose requests and streams go a way of ours."""
    return getattr(ccxt.pro, name)({"session": Session(way), **more})


class Plain:
    """The stand-in of Bybit, plain ccxt with keys of an account there, and a client by hand."""

    def __init__(self, clock: VirtualClock, *steps: dict[str, Any], **setup: Any) -> None:
        script = tuple(step_of(step) for step in steps)
        self.there = Venue(Setup(script=script, **setup), clock.now_ns())
        self.there.open_account(UID, keys())
        self.way = Within(self.there, clock.now_ns)
        self.client = Client(self.there)
        self.exchange = plain(
            "bybit",
            self.way,
            apiKey=API_KEY,
            secret=SECRET,
            options=dict(OPTIONS),
        )
        self.exchange.has["fetchCurrencies"] = False
        self.exchange.milliseconds = lambda: clock.now_ns() // 1_000_000
        self.faults: list[str] = []

    def line(self, target: str) -> Any:
        """Return the venue's end of the latest connection to an address."""
        return [wire.line for wire in self.way.lines if wire.line.target == target][-1]

    def resting(self) -> int:
        """Return how many orders of the account truly rest."""
        return len(self.there.exchange.accounts[UID].live_orders("ETHUSDT"))


Act = Callable[[Plain], Coroutine[Any, Any, None]]


def using(act: Act, *steps: dict[str, Any], is_rated: bool = False, **setup: Any) -> Plain:
    """Let plain ccxt act at a stand-in; return both."""

    async def main(clock: VirtualClock) -> Plain:
        stand = Plain(clock, *steps, **{"has_crowd": False, **setup})
        stand.exchange.enableRateLimit = is_rated
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, told: stand.faults.append(str(told.get("exception"))))
        keeper = asyncio.create_task(stand.way.keep_time())
        with (
            patch.object(throttler, "time", lambda: clock.now_ns() / 1e9),
            patch.object(ccxt.Exchange, "milliseconds", lambda *_: clock.now_ns() // 1_000_000),
        ):
            await stand.exchange.load_markets()
            await act(stand)
            for client in list(stand.exchange.clients.values()):
                await client.close()
        keeper.cancel()
        return stand

    return virtual.run(main)
