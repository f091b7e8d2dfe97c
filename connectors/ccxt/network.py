"""Hold what carries one exchange's requests and streams: our clock, our sockets, our budgets."""

import random
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from connectors.calls import (
    NOT_SENT,
    Calls,
    Confirmed,
    Lost,
    Outcome,
    Patience,
    Refused,
    Reply,
    Request,
    Sender,
    Unproven,
)
from connectors.ccxt.budgets import Budgets
from connectors.pacing import Clock, Kind, Pacer
from connectors.patiently import until_answered
from connectors.socket import Transport

T = TypeVar("T")

LEAST_SILENCE_NS = 1_000_000_000
"""How long nothing of a sort is sent once the venue has said that we are too fast."""
BAN_NS = 60_000_000_000
BANNED = frozenset({403, 418})
"""Statuses of who has asked too much from one address, or asks from a place that is not served."""

Heed = Callable[[Pacer, Mapping[str, object]], None]
"""Hear the headers of an answer to a request that was counted in a pacer."""
PAID: "ContextVar[Pacer | None]" = ContextVar("PAID", default=None)
"""The pacer in which the next request of this task has been counted already."""


class Warn(Protocol):
    """Tell a person, in the log."""

    def __call__(self, now_ns: int, market: str, text: str) -> None: ...


@dataclass(slots=True)
class Network:
    """One venue's ways. `skew_ms` is how far its clock is ahead of ours."""

    venue: str
    budgets: Budgets
    http: Sender
    transport: Transport
    clock: Clock
    rng: random.Random
    warn: Warn
    hang_up: Callable[[], Awaitable[None]]
    timeout_s: float = 5.0
    skew_ms: int = 0
    heed: Heed | None = None
    _calls: dict[int, Calls] = field(default_factory=dict)

    def now_ms(self) -> int:
        """Return the venue's time."""
        return self.clock.now_ns() // 1_000_000 + self.skew_ms

    async def carry(self, request: Request) -> tuple[int, Any]:
        """Send a request once; return status and JSON, or raise Lost.

        What nobody has paid for is a read and waits its turn.
        """
        pacer = PAID.get()
        PAID.set(None)
        if pacer is None:
            pacer = self.budgets.reads
            await pacer.turn(1, Kind.READ, self.clock)
        outcome = await self._calls_of(pacer).write(request, _as_it_is)
        match outcome:
            case Confirmed():
                status, body = outcome.body
                return status, body
            case Refused() if outcome.code == NOT_SENT:
                raise Lost(outcome.text, False)
            case Refused():
                return outcome.code, outcome.text
            case Unproven():
                raise Lost(outcome.why, True)

    def slow_down(self, pacer: Pacer, is_banned: bool = False) -> None:
        """Send nothing of one sort for a moment, so that cancels still leave; where our address is
        banned, nothing at all for longer."""
        scope = self.budgets.scopes[0] if is_banned else pacer.scopes[0]
        scope.silence(self.clock.now_ns() + (BAN_NS if is_banned else LEAST_SILENCE_NS))

    def say(self, market: str, text: str) -> None:
        """Tell a person."""
        self.warn(self.clock.now_ns(), market, f"{self.venue}: {text.removeprefix(self.venue)}")

    async def until_answered(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask until there is an answer; raise VenueError where waiting will not help."""
        return await until_answered(ask, partial(self.say, ""))

    def _calls_of(self, pacer: Pacer) -> Calls:
        found = self._calls.get(id(pacer))
        if found is None:
            patience = Patience(self.timeout_s)
            http = self.http if self.heed is None else _Heard(self.http, pacer, self.heed)
            found = Calls(http, pacer, self.clock, self.rng, patience)
            self._calls[id(pacer)] = found
        return found


class _Heard:
    """A sender whose answers' headers are heard."""

    def __init__(self, http: Sender, pacer: Pacer, heed: Heed) -> None:
        self._http = http
        self._pacer = pacer
        self._heed = heed

    async def send(self, request: Request) -> Reply:
        """Return the reply, or raise Lost."""
        reply = await self._http.send(request)
        self._heed(self._pacer, reply.headers)
        return reply


def _as_it_is(status: int, body: Any) -> Outcome:
    return Confirmed((status, body))
