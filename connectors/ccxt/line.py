"""Carry one of ccxt's streams over our own socket: all frames of a moment are one batch.

ccxt's client draws one message at a time out of a library of its own, and a handler that raises
ends its stream without a word. Here each message is first offered to our tap, which takes what
feeds rows, and what ccxt makes of the others can hurt nobody.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from ccxt.async_support.base.ws.client import Client
from ccxt.base.errors import NetworkError, RequestTimeout

from connectors.calls import NO_JSON
from connectors.ccxt.network import Network
from connectors.pacing import Kind
from connectors.socket import CannotConnect, Closed, Connection, Malformed

DROPPED = 1006
Decode = Callable[[bytes], Any]
"""Reads a frame; raises Malformed."""


class Tap(Protocol):
    """What hears a stream before ccxt does. Called on the event loop, one call at a time."""

    def take(self, message: Any, recv_ns: int) -> bool:
        """Take a message; False leaves it to ccxt. Raises Malformed."""

    def made(self, result: Any, recv_ns: int) -> None:
        """Hear what ccxt has made of a message. Raises Malformed."""

    def drop(self, why: str) -> None:
        """Hear that a message could not be read."""

    def flush(self, now_ns: int) -> None:
        """Hear that this was all that had come at `now_ns`."""


class Line(Client):  # type: ignore[misc]
    """ccxt's client, with our socket below it."""

    def __init__(
        self,
        exchange: Any,
        url: str,
        network: Network,
        tap: Callable[[str], Tap | None],
        decode: Decode,
    ) -> None:
        options = exchange.extend(
            exchange.streaming,
            {
                "log": exchange.log,
                "ping": getattr(exchange, "ping", None),
                "verbose": False,
                "asyncio_loop": asyncio.get_running_loop(),
            },
            exchange.safe_value(exchange.options, "ws", {}),
        )
        super().__init__(
            url,
            exchange.handle_message,
            exchange.on_error,
            exchange.on_close,
            exchange.on_connected,
            options,
        )
        self._network = network
        self._tap = tap
        self._decode = decode
        self._link: Connection | None = None
        self._runner: asyncio.Task[None] | None = None
        self._is_rejected = False
        self.fault: BaseException | None = None
        """What of our own making has ended it."""

    @property
    def is_open(self) -> bool:
        """Tell whether frames can be sent."""
        return self._link is not None

    def resolve(self, result: Any, message_hash: Any) -> Any:
        """Show what ccxt has made, unless it has found a hole before: it tells of the book all the
        same."""
        tap = self._tap(self.url)
        if tap is not None and not self._is_rejected:
            tap.made(result, self._network.clock.now_ns())
        return super().resolve(result, message_hash)

    def reject(self, result: Any, message_hash: Any = None) -> Any:
        """Note that something is wrong with the stream; whoever waits will replace it."""
        self._is_rejected = True
        return super().reject(result, message_hash)

    def connect(self, session: Any, backoff_delay: float = 0) -> Any:
        """Connect, once; return the future that ccxt waits for."""
        if self._runner is None:
            self._runner = asyncio.ensure_future(self._run(backoff_delay))
            self._runner.add_done_callback(self._is_over)
        return self.connected

    def closed(self) -> bool:
        """Tell whether there is no connection."""
        return self._link is None

    async def send(self, message: Any) -> None:
        """Send a frame; raise ConnectionError where there is no connection for it."""
        link = self._link
        if link is None:
            raise ConnectionError("not connected")
        frame = message.encode() if isinstance(message, str) else msgspec.json.encode(message)
        try:
            link.send(frame)
        except Closed as error:
            raise ConnectionError(str(error)) from error

    async def aiohttp_close(self) -> None:
        """Let go of the socket."""
        runner, self._runner = self._runner, None
        link, self._link = self._link, None
        for task in (self.ping_looper, runner):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        if link is not None:
            await link.close()

    async def ping_loop(self) -> None:
        """Send the venue's own ping, or the protocol's, and break what does not answer."""
        self.lastPong = self._network.now_ms()
        while True:
            await asyncio.sleep(self.keepAlive / 1000)
            late_ms = self._network.now_ms() - self.lastPong
            if late_ms > self.keepAlive * self.maxPingPongMisses:
                self.on_error(RequestTimeout(f"no answer to pings for {late_ms} ms"))
                return
            try:
                await self._ping()
            except (ConnectionError, Closed, TimeoutError) as error:
                self.on_error(NetworkError(str(error) or "no answer to a ping"))
                return

    async def _ping(self) -> None:
        if self.ping:
            await self.send(self.ping(self))
        elif self._link is not None:
            async with asyncio.timeout(self.keepAlive / 1000):
                await self._link.ping()
            self.lastPong = self._network.now_ms()

    async def _run(self, backoff_s: float) -> None:
        try:
            await asyncio.sleep(backoff_s)
            self._link = await self._dialled()
        except CannotConnect as error:
            self.dial_failed = True
            self.last_retry_after = error.after_s or None
            self.on_error(NetworkError(f"no connection: {error}"))
            return
        self.isConnected = True
        self.connected.resolve(self.url)
        self.on_connected_callback(self)
        self.ping_looper = asyncio.ensure_future(self.ping_loop())
        try:
            while True:
                self._take(await self._link.receive())
        except Closed as error:
            self._link = None
            self.on_close(error.code)

    def _is_over(self, runner: "asyncio.Task[None]") -> None:
        if not runner.cancelled() and runner.exception() is not None:
            self.fault = runner.exception()
            self.on_error(NetworkError(f"fault: {self.fault!r}"))

    async def _dialled(self) -> Connection:
        doors = self._network.budgets.doors
        await doors.turn(1, Kind.READ, self._network.clock)
        try:
            async with asyncio.timeout(self.connectionTimeout / 1000):
                return await self._network.transport.connect(self.url)
        except TimeoutError:
            raise CannotConnect("no answer in time") from None
        finally:
            doors.release()

    def _take(self, frames: list[bytes]) -> None:
        """Offer frames to the tap, then to ccxt."""
        now_ns = self._network.clock.now_ns()
        self.last_message_at = now_ns // 1_000_000
        tap = self._tap(self.url)
        for frame in frames:
            try:
                message = self._decode(frame)
                if tap is None or not tap.take(message, now_ns):
                    self._let_ccxt(message, tap)
            except Malformed as error:
                if tap is not None:
                    tap.drop(str(error))
        if tap is not None:
            tap.flush(now_ns)

    def _let_ccxt(self, message: Any, tap: Tap | None) -> None:
        """Let ccxt have a message; whatever its handler raises is told and harms nothing else."""
        try:
            self.on_message_callback(self, message)
        except Exception as error:
            if tap is not None:
                tap.drop(f"ccxt: {type(error).__name__} {str(error)[:120]}")


def decoded(frame: bytes) -> Any:
    """Return the JSON of a frame, or its text where it is none. Raises Malformed."""
    if frame[:1] not in (b"{", b"["):
        return frame.decode("utf-8", "replace")
    try:
        return msgspec.json.decode(frame)
    except NO_JSON as error:
        raise Malformed(f"not readable: {error}") from None
