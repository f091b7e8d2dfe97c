"""Make a request and say what is proven about it: confirmed, refused, or not proven.

A write is sent once and never again from here. Whatever leaves room for "it may have been carried
out" is Unproven, and only the venue's own word ends that. A read is repeated within its deadline.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from itertools import count
from typing import Any, Protocol

import msgspec

from connectors.pacing import Clock, Kind, Pacer

NOT_SENT = 0
"""The code of a Refused that never left this machine; all others are the venue's."""

DEFINITE = frozenset({400, 401, 402, 403, 404, 405, 406, 411, 412, 413, 414, 415, 418, 422, 429})
"""Answers to a write that prove it was not carried out. All others prove nothing: 408 and 5xx are
gateways that gave up waiting, 409 may be our own first copy, a redirect may follow the deed."""
PLAIN = frozenset({401, 403, 404, 405, 413, 414, 415, 418, 429})
"""Those that a gateway says before the venue sees the request, so their body need not be JSON."""
REPEATED = frozenset({408, 418, 425, 429})
"""Refusals after which a read is asked again; so are 5xx and bodies that are no JSON."""

NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading a body that is none may raise: the last, where it is nested without end."""

FIRST_SILENCE_S = {429: 2.0, 418: 120.0}
MOST_SILENCE_S = 600.0
"""How long nothing is sent after an answer that names no end: doubled at each, up to the most."""
LEAST_SILENCE_S = 0.25


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `body` is sent as it is."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Lost(Exception):
    """No whole reply. `may_have_arrived` is False only where no byte of the request was sent."""

    def __init__(self, why: str, may_have_arrived: bool, is_lasting: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.may_have_arrived = may_have_arrived
        self.is_lasting = is_lasting


class Sender(Protocol):
    """A client that sends a request exactly once, follows nothing and bounds what it reads."""

    async def send(self, request: Request) -> Reply:
        """Return the reply, or raise Lost."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The venue answered. `body` is its JSON."""

    body: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """Proven not to have been carried out. `code` is the venue's, the status, or NOT_SENT."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Unproven:
    """It may or may not have been carried out: ask the venue, never send it again."""

    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A read that brought nothing within its deadline. It says nothing about what was asked."""

    why: str


@dataclass(frozen=True, slots=True)
class _Retry:
    why: str
    after_s: float = 0.0


Outcome = Confirmed | Refused | Unproven
Judge = Callable[[int, Any], Outcome]
"""Judge a status and JSON body that the table left open: venues refuse with codes of their own."""


def by_status(status: int, body: Any) -> Outcome:
    """Judge by the status alone."""
    if 200 <= status < 300:
        return Confirmed(body)
    if status in DEFINITE:
        return Refused(status, msgspec.json.encode(body).decode()[:200])
    return Unproven(f"status {status}")


def outcome_of(reply: Reply, judge: Judge = by_status) -> Outcome:
    """Return what a reply proves about a write."""
    status, text = reply.status, _text(reply)
    try:
        body = msgspec.json.decode(reply.body)
    except NO_JSON:
        if status in PLAIN:
            return Refused(status, text)
        return Unproven(f"status {status} with a body that is no JSON: {text}")
    if 200 <= status < 300 or status in DEFINITE:
        return judge(status, body)
    return Unproven(f"status {status}: {text}")


def _text(reply: Reply) -> str:
    return reply.body[:200].decode("utf-8", "replace")


def pause_s(reply: Reply, now_ns: int) -> float | None:
    """Return the seconds that Retry-After asks for (RFC 9110, 10.2.3), or None if it does not."""
    words = reply.headers.get("retry-after", "").strip()
    if words.isascii() and words.isdigit() and len(words) < 10:
        return float(words)
    try:
        return max(0.0, parsedate_to_datetime(words).timestamp() - now_ns / 1e9)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call waits for one answer, and how reads are repeated."""

    timeout_s: float = 5.0
    first_pause_s: float = 0.25
    most_pause_s: float = 8.0


class Calls:
    """Requests to one venue through one sender, in the budget of one pacer."""

    def __init__(
        self,
        sender: Sender,
        pacer: Pacer,
        clock: Clock,
        rng: random.Random,
        patience: Patience,
        stated_end_ns: Callable[[Reply], int] = lambda reply: 0,
    ) -> None:
        """`stated_end_ns` reads the end of a ban, as wall clock ns, where a venue's body has it."""
        self._sender = sender
        self._pacer = pacer
        self._clock = clock
        self._rng = rng
        self._patience = patience
        self._stated_end_ns = stated_end_ns
        self._slowed = 0
        self.urgency = Kind.READ
        """What reads are for: how much of their budget they leave to what is more urgent."""

    async def write(self, request: Request, judge: Judge = by_status) -> Outcome:
        """Send a write once and return what is proven about it.

        Its budget was taken with `try_take`, before it was signed; its place in flight is given
        back here. A task that is cancelled while it waits leaves the outcome unproven.
        """
        try:
            reply = await self._reply(request)
        except Lost as lost:
            return Unproven(lost.why) if lost.may_have_arrived else Refused(NOT_SENT, lost.why)
        return outcome_of(reply, judge)

    async def read(
        self,
        request: Request,
        weight: int,
        deadline_s: float,
        judge: Judge = by_status,
        urgency: Kind | None = None,
    ) -> Confirmed | Refused | Failed:
        """Ask until there is an answer, at most for `deadline_s`; waits its turn in the budget."""
        kind = self.urgency if urgency is None else urgency
        why = "no room in the budget"
        try:
            async with asyncio.timeout(deadline_s):
                for attempt in count():
                    await self._pacer.turn(weight, kind, self._clock)
                    answer = await self._ask(request, judge)
                    if not isinstance(answer, _Retry):
                        return answer
                    why = answer.why
                    await asyncio.sleep(max(answer.after_s, self._pause_s(attempt)))
        except TimeoutError:
            pass
        return Failed(f"no answer within {deadline_s:g} s; the last was: {why}")

    async def _ask(self, request: Request, judge: Judge) -> "Confirmed | Refused | Failed | _Retry":
        """Ask once."""
        try:
            reply = await self._reply(request)
        except Lost as lost:
            return Failed(lost.why) if lost.is_lasting else _Retry(lost.why)
        if reply.status in REPEATED:
            return _Retry(f"status {reply.status}: {_text(reply)}")
        outcome = outcome_of(reply, judge)
        if not isinstance(outcome, Unproven):
            return outcome
        if 300 <= reply.status < 400:
            return Failed(outcome.why)
        return _Retry(outcome.why, pause_s(reply, self._clock.now_ns()) or 0.0)

    async def _reply(self, request: Request) -> Reply:
        """Send once; whatever says that we are too fast silences the scopes."""
        timeout_s = self._patience.timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                reply = await self._sender.send(request)
        except TimeoutError:
            raise Lost(f"no answer within {timeout_s:g} s", True) from None
        finally:
            self._pacer.release()
        self._heed(reply)
        return reply

    def _heed(self, reply: Reply) -> None:
        if reply.status not in FIRST_SILENCE_S:
            self._slowed = 0
            return
        now_ns = self._clock.now_ns()
        wait_s = pause_s(reply, now_ns)
        if wait_s is None:
            doubled = FIRST_SILENCE_S[reply.status] * 2.0 ** min(self._slowed, 16)
            wait_s = min(MOST_SILENCE_S, doubled)
        self._slowed += 1
        end_ns = now_ns + int(max(LEAST_SILENCE_S, wait_s) * 1e9)
        self._pacer.silence(max(end_ns, self._stated_end_ns(reply)))

    def _pause_s(self, attempt: int) -> float:
        """Return a wait with full jitter: uniform under a limit that doubles."""
        doubled = self._patience.first_pause_s * 2.0 ** min(attempt, 16)
        return self._rng.uniform(0.0, min(self._patience.most_pause_s, doubled))


class Asked:
    """Requests over a stream that are not answered yet, by the id that their answers carry."""

    def __init__(self, pacer: Pacer, timeout_s: float) -> None:
        self._pacer = pacer
        self._timeout_s = timeout_s
        self._waiting: dict[str, asyncio.Future[Outcome]] = {}

    async def ask(self, key: str, send: Callable[[], Awaitable[None]]) -> Outcome:
        """Send with `send`, which raises Lost, and wait for the answer under `key`.

        As with `write`, the budget was taken before, and its place in flight is given back here.
        """
        if key in self._waiting:
            raise ValueError(f"request id {key} is in use")
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        try:
            async with asyncio.timeout(self._timeout_s):
                await send()
                return await future
        except Lost as lost:
            return Unproven(lost.why) if lost.may_have_arrived else Refused(NOT_SENT, lost.why)
        except TimeoutError:
            return Unproven(f"no answer within {self._timeout_s:g} s")
        finally:
            del self._waiting[key]
            self._pacer.release()

    def answer(self, key: str, outcome: Outcome) -> bool:
        """Deliver an answer; return False where nobody waits any more: it is news all the same."""
        future = self._waiting.get(key)
        if future is None or future.done():
            return False
        future.set_result(outcome)
        return True

    def lose(self, why: str) -> None:
        """Answer that nothing which was asked on the stream is proven: it is gone."""
        for key in tuple(self._waiting):
            self.answer(key, Unproven(why))
