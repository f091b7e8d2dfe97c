"""Carry bytes between the adapter and the venue's front, in memory, with latency and by a script.

`Network` is both a sender of requests (`connectors.calls.Sender`) and a transport of streams
(`connectors.socket.Transport`). Each thing that passes is held against the script, and what the
script does to it is told to the truth log.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from connectors.calls import Lost, Reply, Request
from connectors.socket import Closed
from tests.stage.front import ACCOUNT, Answer, Asked, Frame, Front
from tests.stage.process import Silence
from tests.stage.script import Script, Step
from tests.stage.truth import Fault, Feed
from tests.stage.truth import Request as RequestSeen
from tests.virtual import VirtualClock

LATENCY_S = 0.004
"""One way."""
WRITES = frozenset({"place", "modify", "cancel", "cancel_all"})


class Call:
    """One request on its way: a fault decides whether and when it is carried out and answered."""

    def __init__(self, network: "Network", asked: Asked) -> None:
        self.network = network
        self.asked = asked

    def carry_out(self) -> Answer:
        """Let the venue do it."""
        return self.network.front.answer(self.asked)

    async def never(self) -> Answer:
        """Wait until whoever asked has given up."""
        await asyncio.Event().wait()
        raise Lost("nobody waits for ever", True)


class Line:
    """One open stream, the client's end (`connectors.socket.Connection`)."""

    def __init__(self, network: "Network", stream: str) -> None:
        self.stream = stream
        self.channels: set[str] = set()
        self.is_silent = False
        self._network = network
        self._frames: list[bytes] = []
        self._news = asyncio.Event()
        self._closed: Closed | None = None

    async def receive(self) -> list[bytes]:
        """Return all frames that have come, or raise Closed."""
        if not self._frames:
            if self._closed is not None:
                raise self._closed
            self._news.clear()
            await self._news.wait()
        frames, self._frames = self._frames, []
        if not frames and self._closed is not None:
            raise self._closed
        return frames

    def send(self, frame: bytes) -> None:
        """Take a subscription."""
        if self._closed is not None:
            raise self._closed
        self._network.subscribe(self, json.loads(frame))

    async def ping(self) -> None:
        """Answer: also a silent line pongs."""
        await asyncio.sleep(2 * LATENCY_S)

    async def close(self) -> None:
        """Hang up."""
        self._network.hang_up(self)
        self._end(Closed(1000, "closed by the client"))

    def put(self, frame: bytes) -> None:
        """Deliver bytes."""
        if self._closed is None and not self.is_silent:
            self._frames.append(frame)
            self._news.set()

    def fail(self, code: int, reason: str) -> None:
        """Break the line from the venue's side."""
        self._network.hang_up(self)
        self._end(Closed(code, reason))

    def _end(self, closed: Closed) -> None:
        if self._closed is None:
            self._closed = closed
            self._news.set()


class Network:
    """Everything between the two sides. `on_kill` ends the process under test."""

    def __init__(
        self,
        clock: VirtualClock,
        front: Front,
        script: Script,
        start_ns: int,
        on_kill: Callable[[float], object],
    ) -> None:
        self.clock = clock
        self.front = front
        self.script = script
        self.lines: list[Line] = []
        self.on_kill = on_kill
        self.healing: set[str] = set()
        """Markets whose next frame that is left alone makes the client's book whole again."""
        self.silences: list[Silence] = []
        """From when until when the venue has asked for nothing."""
        self.truth = front.exchange.truth
        self._start_ns = start_ns

    def now_s(self) -> float:
        """Return the time since the play began."""
        return (self.clock.now_ns() - self._start_ns) / 1e9

    async def send(self, request: Request) -> Reply:
        """Carry a request there and its answer back."""
        parts = urlsplit(request.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        asked = self.front.understood(request.method, path, request.body)
        step = self._passing(_names(asked.operation), asked.market)
        if step is not None and hasattr(step.action, "before"):
            await step.action.before()
        await asyncio.sleep(LATENCY_S)
        self.truth.tell(
            RequestSeen(
                self.clock.now_ns(), asked.operation, asked.market, asked.client_id, asked.raw
            )
        )
        call = Call(self, asked)
        if step is not None and hasattr(step.action, "answer"):
            answer = await step.action.answer(call)
        else:
            answer = call.carry_out()
        await asyncio.sleep(LATENCY_S)
        return Reply(answer.status, answer.headers, answer.body)

    async def connect(self, url: str) -> Line:
        """Open a stream; its name is the last part of the address."""
        stream = url.rpartition("/")[2]
        step = self._passing((f"connect.{stream}", "connect"), "")
        await asyncio.sleep(LATENCY_S)
        if step is not None:
            await step.action.before()
        line = Line(self, stream)
        self.lines.append(line)
        return line

    def subscribe(self, line: Line, words: dict[str, Any]) -> None:
        """Begin a channel on a line with its first frame."""
        if words["ch"] == ACCOUNT:
            line.channels.add(ACCOUNT)
            self.push(self.front.hello(), line)
            return
        market = next(
            name
            for name, book in self.front.exchange.books.items()
            if book.instrument.symbol == words["market"]
        )
        line.channels.add(market)
        self.push(self.front.snapshot(market), line)

    def push(self, frame: Frame, to: Line | None = None) -> None:
        """Send a frame to one line, or to every line that has subscribed to its channel."""
        channel = ACCOUNT if frame.stream == ACCOUNT else frame.market
        lines = [to] if to is not None else [x for x in self.lines if channel in x.channels]
        if not lines:
            return
        kind = str(frame.words.get("type", frame.kind))
        step = self._passing((frame.kind, kind, frame.stream, "frame"), frame.market)
        sent: Sequence[tuple[float, bytes]] = ((0.0, frame.encoded()),)
        if step is not None:
            sent = step.action.frames(self, frame)
        for line in lines:
            for delay_s, data in sent:
                asyncio.get_running_loop().call_later(LATENCY_S + delay_s, line.put, data)
        heals = frame.words.get("type") == "snapshot" or frame.market in self.healing
        if heals and step is None and not any(line.is_silent for line in lines):
            self.healing.discard(frame.market)
            self.feed(frame.market, True)

    def hang_up(self, line: Line) -> None:
        """Forget a line. A market whose only line it was cannot be known any more."""
        if line not in self.lines:
            return
        self.lines.remove(line)
        for market in sorted(line.channels - {ACCOUNT}):
            if not any(market in other.channels for other in self.lines):
                self.feed(market, False)

    def feed(self, market: str, is_sound: bool) -> None:
        """Tell the truth log that what the client can know of a market broke, or is whole again."""
        self.truth.tell(Feed(self.clock.now_ns(), market, is_sound))

    def streams(self, stream: str) -> list[Line]:
        """Return the open lines of a stream."""
        return [line for line in self.lines if line.stream == stream]

    def fault(self, what: str, market: str = "") -> None:
        """Tell the truth log that a fault took effect."""
        self.truth.tell(Fault(self.clock.now_ns(), what, market))

    def _passing(self, names: tuple[str, ...], market: str) -> Step | None:
        step = self.script.passing(names, market, self.now_s())
        if step is not None:
            self.fault(step.name, market)
        return step


class Plug:
    """One process's way to the network: pulled, nothing leaves and nothing arrives any more."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._lines: list[Line] = []
        self._is_pulled = False

    def pull(self) -> None:
        """End every connection of this process, as the system does when it dies."""
        self._is_pulled = True
        for line in self._lines:
            line.fail(1006, "the process is gone")

    async def send(self, request: Request) -> Reply:
        """Carry a request, unless pulled."""
        if self._is_pulled:
            await asyncio.Event().wait()
        return await self._network.send(request)

    async def connect(self, url: str) -> Line:
        """Open a stream, unless pulled."""
        if self._is_pulled:
            await asyncio.Event().wait()
        line = await self._network.connect(url)
        self._lines.append(line)
        return line


def _names(operation: str) -> tuple[str, ...]:
    return operation, "write" if operation in WRITES else "read", "request"
