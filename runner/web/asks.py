"""Hand on what a person asks of a deploy: confirmed, named, limited, and answered in one line."""

import asyncio
from typing import Literal

import msgspec
from starlette.responses import Response

from runner.control.client import Gone
from runner.control.words import ALL, Command, Identity, Text, What, Word
from runner.engine.clock import Clock
from runner.engine.lifting import lift
from runner.web.bodies import body_of
from runner.web.hub import Hub
from runner.web.limits import Limit
from runner.web.roles import TOLD, Role
from runner.web.streams import known
from runner.web.ways import Ask, Refused, Way, told


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """What is asked for. `identity` is the asker's: the same wish twice is done once."""

    identity: Identity
    what: What | Literal["unlatch"]
    confirmed: bool
    market: Word = ALL
    key: Text = ""
    value: Text = ""
    reason: Text = ""


class Asks:
    """The one way to change something."""

    def __init__(self, hub: Hub, limit: Limit, clock: Clock) -> None:
        self._hub = hub
        self._limit = limit
        self._clock = clock

    def ways(self) -> list[Way]:
        """Return what can be asked of it."""
        return [Way("POST", "/api/deploys/{deploy}/asks", Role.OPERATE, self._take)]

    async def _take(self, ask: Ask) -> Response:
        deploy = known(self._hub, ask).name
        if not self._limit.take(ask.who.name):
            raise Refused(429, "expected fewer commands; wait a second")
        wish = await body_of(ask, Wish)
        if not wish.confirmed:
            raise Refused(400, "expected a wish that was confirmed")
        who = f"web.{TOLD[ask.who.role]}.{ask.who.name}"
        if wish.what == "kill":
            return await self._kill(deploy, who, wish.reason)
        if wish.what == "unlatch":
            return await self._lift(deploy, who)
        return await self._send(deploy, _command(wish, wish.what, who))

    async def _lift(self, deploy: str, who: str) -> Response:
        now_ns = self._clock.now_ns()
        lines = await asyncio.to_thread(lift, self._hub.ledgers, deploy, who, now_ns)
        return told(200, "; ".join(lines))

    async def _kill(self, deploy: str, who: str, why: str) -> Response:
        """Set the latch, which needs no help of a process that may hang: it looks for it itself."""
        latch = self._hub.latch(deploy)
        try:
            is_new = await asyncio.to_thread(
                latch.set, who, why or "no reason given", self._clock.now_ns()
            )
        except OSError as error:
            raise Refused(500, f"expected a latch that can be written: {error.strerror}") from None
        before = "" if is_new else " (it was already)"
        return told(200, f"{deploy}: killed {latch.words()}{before}")

    async def _send(self, deploy: str, command: Command) -> Response:
        try:
            answer = await self._hub.line.command(self._hub.path(deploy), command)
        except Gone as gone:
            raise Refused(504, f"{gone}; what became of it is not known, ask again") from None
        return told(200 if answer.done else 409, answer.line)


def _command(wish: Wish, what: What, who: str) -> Command:
    return Command(
        identity=wish.identity,
        what=what,
        who=who,
        role=TOLD[Role.OPERATE],
        market=wish.market,
        key=wish.key,
        value=wish.value,
        reason=wish.reason,
    )
