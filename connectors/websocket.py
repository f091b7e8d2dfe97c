"""Speak WebSocket over the network: picows, with everything that could surprise turned off.

It negotiates no compression, so a small frame cannot unpack to a large one. Redirects are not
followed, proxy variables not obeyed, frames bounded, and TLS verified always.
"""

import asyncio
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from connectors.socket import CannotConnect, Closed, Connection

if TYPE_CHECKING:
    from picows import WSFrame, WSMsgType, WSTransport

MOST_FRAME_BYTES = 8 * 1024 * 1024
MOST_UNSENT_BYTES = 1024 * 1024
HANDSHAKE_WITHIN_S = 8.0
"""Also how long the socket of an attempt that was given up may linger."""
STAY_AWAY_S = {418: 120.0, 429: 10.0}
"""How long to stay away after these answers to a handshake, where none says how long."""
NO_CLOSE_FRAME = 1006
TOO_BIG = 1009


class WebSocket:
    """A `Transport` of real WebSockets."""

    def __init__(
        self,
        tls: ssl.SSLContext | None = None,
        most_frame_bytes: int = MOST_FRAME_BYTES,
        handshake_within_s: float = HANDSHAKE_WITHIN_S,
    ) -> None:
        self._tls = tls if tls is not None else ssl.create_default_context()
        if self._tls.verify_mode != ssl.CERT_REQUIRED or not self._tls.check_hostname:
            raise ValueError("TLS without verification is never used: give a context that verifies")
        self._most_frame_bytes = most_frame_bytes
        self._handshake_within_s = handshake_within_s

    async def connect(self, url: str) -> Connection:
        """Connect, or raise CannotConnect. The name is resolved anew."""
        from picows import WSError, WSHandshakeError, WSMsgType, ws_connect

        frames = _Frames(self._most_frame_bytes)
        try:
            transport, _ = await ws_connect(
                lambda: _listener(frames),
                url,
                ssl_context=self._tls,
                websocket_handshake_timeout=self._handshake_within_s,
                max_frame_size=self._most_frame_bytes,
                max_redirects=0,
                proxy=None,
            )
        except WSHandshakeError as error:
            status = int(error.response.status) if error.response is not None else 0
            raise CannotConnect(f"{error}", _away_s(status, error.response)) from error
        except (WSError, OSError, ValueError) as error:
            raise CannotConnect(f"{type(error).__name__}: {error}") from error
        return _Connection(transport, frames, WSMsgType.TEXT)


def _away_s(status: int, response: Any) -> float:
    words = "" if response is None else response.headers.get("Retry-After", "")
    if status in STAY_AWAY_S and words.isascii() and words.isdigit() and len(words) < 10:
        return float(words)
    return STAY_AWAY_S.get(status, 0.0)


class _Frames:
    """What has come and was not yet received, and whether the connection has ended."""

    def __init__(self, most_bytes: int) -> None:
        self.whole: list[bytes] = []
        self.closed: Closed | None = None
        self.waiter: asyncio.Future[None] | None = None
        """Who waits for what comes next: one at a time."""
        self.ponged = asyncio.Event()
        self._most_bytes = most_bytes
        self._parts: list[bytes] = []
        self._parts_bytes = 0

    def add(self, payload: bytes, is_last: bool) -> None:
        """Take a frame, or a part of one."""
        self._parts.append(payload)
        self._parts_bytes += len(payload)
        if self._parts_bytes > self._most_bytes:
            self.end(Closed(TOO_BIG, f"a message of more than {self._most_bytes} bytes"))
        elif is_last:
            self.whole.append(b"".join(self._parts))
            self._parts, self._parts_bytes = [], 0
            self._wake()

    def end(self, closed: Closed) -> None:
        """Note the end; the first reason stays."""
        self.closed = self.closed or closed
        self._wake()
        self.ponged.set()

    def _wake(self) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)


def _listener(frames: _Frames) -> Any:
    """Return picows' listener; its class can be made only where picows is imported."""
    from picows import WSListener, WSMsgType

    data = (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION)

    class Listener(WSListener):
        def on_ws_frame(self, transport: "WSTransport", frame: "WSFrame") -> None:
            kind = frame.msg_type
            if frames.closed is not None:
                transport.disconnect(graceful=False)
            elif kind in data:
                frames.add(frame.get_payload_as_bytes(), frame.fin)
            elif kind == WSMsgType.PONG:
                frames.ponged.set()
            elif kind == WSMsgType.CLOSE:
                reason = (frame.get_close_message() or b"").decode("utf-8", "replace")
                frames.end(Closed(_code(frame.get_close_code()), reason))
                transport.send_close(frame.get_close_code())
                transport.disconnect()

        def on_ws_disconnected(self, transport: "WSTransport") -> None:
            frames.end(Closed(NO_CLOSE_FRAME, "the connection broke"))

    return Listener()


def _code(code: Any) -> int:
    return int(getattr(code, "value", code) or 0)


class _Connection:
    def __init__(self, transport: "WSTransport", frames: _Frames, text: "WSMsgType") -> None:
        self._transport = transport
        self._text = text
        self._loop = asyncio.get_running_loop()
        self._frames = frames

    async def receive(self) -> list[bytes]:
        frames = self._frames
        while not frames.whole:
            if frames.closed is not None:
                raise frames.closed
            frames.waiter = self._loop.create_future()
            await frames.waiter
        received, frames.whole = frames.whole, []
        return received

    def send(self, frame: bytes) -> None:
        self._check_open()
        unsent = self._transport.underlying_transport.get_write_buffer_size()
        if unsent > MOST_UNSENT_BYTES:
            raise Closed(NO_CLOSE_FRAME, f"{unsent} bytes are still unsent")
        self._transport.send(self._text, frame)

    async def ping(self) -> None:
        self._check_open()
        self._frames.ponged.clear()
        self._transport.send_ping()
        await self._frames.ponged.wait()
        self._check_open()

    async def close(self) -> None:
        from picows import WSError

        if not self._transport.is_close_frame_sent and not self._transport.is_disconnected:
            self._transport.send_close()
        self._transport.disconnect()
        with suppress(WSError, OSError):
            await self._transport.wait_disconnected()

    def _check_open(self) -> None:
        if self._frames.closed is not None:
            raise self._frames.closed
        if self._transport.is_disconnected:
            raise Closed(NO_CLOSE_FRAME, "the connection broke")
