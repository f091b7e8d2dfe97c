"""Send orders, each once, in budgets of our own; what it comes to is proven or unknown.

Nothing is ever sent again from here. A cancel never waits behind an order, and has room of its own.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Protocol

from connectors.calls import Confirmed, Refused, Unproven
from connectors.ccxt.answers import Answer, Meaning, Verdict
from connectors.ccxt.commands import Command, Commands
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import BANNED, Network
from connectors.ccxt.own import AccountState, Amending
from connectors.model.errors import Plan, Refusal, VenueError
from connectors.model.events import (
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    CANCEL_REJECTED,
    IOC,
    OUTCOME_UNKNOWN,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
)
from connectors.model.orders import SIDE_SLOTS, SLOTS
from connectors.pacing import Kind, Pacer
from connectors.reports import Reports

ANSWER_WITHIN_S = 5.0


class Writes(Protocol):
    """How a venue is asked. Each is sent once; its budget has been taken, and is given back."""

    life_ns: int
    """How long after its stamp a request may still be carried out."""
    amends: bool

    async def create(self, market: Listed, command: Command) -> Verdict: ...
    async def cancel(self, market: Listed, client_id: int) -> Verdict: ...
    async def amend(self, market: Listed, client_id: int, ticks: int, lots: int) -> Verdict: ...

    async def run(self) -> None:
        """Keep what sending needs, until cancelled."""


class CcxtOrders:
    """The orders of one account."""

    def __init__(
        self,
        network: Network,
        writes: Writes,
        state: AccountState,
        listed: Callable[[], Mapping[str, Listed]],
        mend_clock: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self._network = network
        self._writes = writes
        self._state = state
        self._listed = listed
        self._mend_clock = mend_clock
        self._commands = Commands(network.clock.now_ns(), writes.life_ns)
        self._tasks: set[asyncio.Task[None]] = set()
        self._fault: asyncio.Future[None] | None = None
        self._reports: Reports | None = None
        self._halted = ""

    def place(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> None:
        """Have an order sent, or told as refused where there is no room for it.

        Raises VenueError where it cannot be meant or nothing can be sent at all.
        """
        if self._commands.find(client_id) is not None:
            raise VenueError(f"{market}: order id {client_id} was used before", Plan.HALT)
        if flags & IOC and flags & POST_ONLY:
            raise VenueError(f"{market}: order {client_id} is post-only and at once", Plan.HALT)
        if ticks < 1 or lots < 1:
            raise VenueError(f"{market}: order {client_id} of {lots} lots at {ticks}", Plan.HALT)
        command = Command(market, client_id, side, ticks, lots, flags)
        self._commands.keep(command)
        now_ns = self._network.clock.now_ns()
        try:
            listed = self._market(market)
            self._may_place()
        except VenueError:
            self._bury(command, now_ns)
            raise
        kind = Kind.REDUCE if flags & REDUCE_ONLY else Kind.PLACE
        if self._network.budgets.places.try_take(1, kind, now_ns, market):
            self._refuse(command, Refusal.PACED)
            return
        self._spawn(self._create(listed, command))

    def cancel(self, market: str, client_id: int) -> None:
        """Have a cancel sent."""
        self._spawn(self._cancel(self._market(market), client_id))

    def amend(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> None:
        """Have an amend sent, or told as refused where there is no room for it."""
        listed = self._market(market)
        self._may_place()
        command = self._commands.find(client_id)
        if command is None or not self._writes.amends:
            raise VenueError(f"{market}: order {client_id} cannot be amended", Plan.RETRY)
        now_ns = self._network.clock.now_ns()
        if self._network.budgets.amends.try_take(1, Kind.PLACE, now_ns, market):
            self._tell(command, AMEND_REJECTED, ticks, lots, Refusal.PACED)
            return
        amending = self._state.amends[market, client_id] = Amending(ticks, lots, now_ns)
        self._spawn(self._amend(listed, command, amending))

    def dead_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return since when nothing sent for an order can be carried out; None: not proven."""
        return self._commands.dead_since_ns(client_id, now_ns)

    def is_amended(self, client_id: int, now_ns: int) -> bool:
        """Tell whether an amend of an order may still be carried out: of those of former sessions
        until their stamps are too old."""
        if self._commands.find(client_id) is None:
            return self._commands.dead_since_ns(client_id, now_ns) is None
        found = [a for (_, number), a in self._state.amends.items() if number == client_id]
        return any(now_ns < a.sent_ns + self._commands.life_ns for a in found)

    async def run(self, reports: Reports) -> None:
        """Send until cancelled; raise what is our own fault."""
        fault = self._fault = asyncio.get_running_loop().create_future()
        self._reports = reports
        keeping = asyncio.ensure_future(self._writes.run())
        try:
            ends: list[asyncio.Future[None]] = [keeping, fault]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            (fault if fault.done() else keeping).result()
        finally:
            self._reports = self._fault = None
            for task in (keeping, *self._tasks):
                task.cancel()
            await asyncio.wait((keeping,))

    async def _create(self, market: Listed, command: Command) -> None:
        command.stamped_ns = self._network.clock.now_ns()
        try:
            verdict = await self._writes.create(market, command)
        finally:
            command.answered.set()
        match verdict.outcome:
            case Refused() as refused:
                self._heed(refused, verdict.answer, self._network.budgets.places)
                self._refuse(command, verdict.answer.refusal)
            case Unproven() as unproven:
                self._doubt(command, unproven.why)
            case Confirmed():
                pass

    async def _cancel(self, market: Listed, client_id: int) -> None:
        """Cancel an order, once the venue has had it; one that never left is over at once."""
        command = self._commands.find(client_id)
        if command is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(2 * ANSWER_WITHIN_S):
                    await command.answered.wait()
            if command.dead_ns is not None:
                return
        pacer = self._network.budgets.cancels
        await pacer.turn(1, Kind.CANCEL, self._network.clock, market.name)
        verdict = await self._writes.cancel(market, client_id)
        told = command or Command(market.name, client_id, client_side(client_id), 0, 0, 0)
        match verdict.outcome:
            case Refused() as refused:
                self._heed(refused, verdict.answer, pacer)
                is_gone = verdict.answer.meaning is Meaning.NOT_FOUND
                kind = CANCEL_REJECTED if is_gone else OUTCOME_UNKNOWN
                self._tell(told, kind, told.ticks, told.lots)
            case Unproven():
                self._tell(told, OUTCOME_UNKNOWN, told.ticks, told.lots)
            case Confirmed():
                pass

    async def _amend(self, market: Listed, command: Command, amending: Amending) -> None:
        """Send an amend; that it has worked the stream tells, whatever the answer says."""
        ticks, lots = amending.ticks, amending.lots
        verdict = await self._writes.amend(market, command.client_id, ticks, lots)
        match verdict.outcome:
            case Refused() as refused:
                self._heed(refused, verdict.answer, self._network.budgets.amends)
                self._state.amends.pop((market.name, command.client_id), None)
                self._tell(command, AMEND_REJECTED, ticks, lots, verdict.answer.refusal)
            case Unproven():
                self._tell(command, AMEND_UNKNOWN, ticks, lots)
            case Confirmed():
                try:
                    async with asyncio.timeout(ANSWER_WITHIN_S):
                        await amending.settled.wait()
                except TimeoutError:
                    self._tell(command, AMEND_UNKNOWN, ticks, lots)

    def _heed(self, refused: Refused, answer: Answer, pacer: Pacer) -> None:
        """Act on what a refusal says of us."""
        match answer.meaning:
            case Meaning.RATE:
                self._network.slow_down(pacer, refused.code in BANNED)
            case Meaning.AUTH:
                self._halt(f"refused with {refused.code} {refused.text}: check the API key")
            case Meaning.CLOCK:
                self._spawn(self._mend())
            case _:
                pass

    async def _mend(self) -> None:
        try:
            await self._mend_clock()
        except VenueError as error:
            self._network.say("", str(error))

    def _halt(self, why: str) -> None:
        """Place nothing more; cancels are still tried."""
        if not self._halted:
            self._halted = why
            self._network.say("", f"nothing more is placed: {why}")

    def _may_place(self) -> None:
        if self._halted:
            raise VenueError(f"{self._network.venue}: {self._halted}", Plan.HALT)

    def _market(self, market: str) -> Listed:
        """Return a market; raise VenueError where nothing can be sent there yet."""
        listed = self._listed().get(market)
        if listed is None or self._reports is None:
            raise VenueError(f"{self._network.venue} {market}: orders cannot be sent yet")
        return listed

    def _refuse(self, command: Command, code: int) -> None:
        self._bury(command, self._network.clock.now_ns())
        self._tell(command, REJECTED, command.ticks, command.lots, code)

    def _bury(self, command: Command, now_ns: int) -> None:
        """Note that nothing of an order has been or will be carried out."""
        command.dead_ns = now_ns
        command.answered.set()

    def _doubt(self, command: Command, why: str) -> None:
        self._network.say(command.market, f"order {command.client_id} is unknown: {why}")
        self._tell(command, OUTCOME_UNKNOWN, command.ticks, command.lots)

    def _tell(
        self, command: Command, kind: int, ticks: int, lots: int, code: int = Refusal.OTHER
    ) -> None:
        """Report soon: whoever has asked is not to be called while it asks."""
        if self._reports is None:
            return
        loop, c = asyncio.get_running_loop(), command
        loop.call_soon(self._reports.report, c.market, kind, c.client_id, c.side, ticks, lots, code)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._is_done)

    def _is_done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and self._fault is not None and not self._fault.done():
            self._fault.set_exception(error)


def client_side(client_id: int) -> int:
    """Return the side of the slot that an id of ours names."""
    return client_id % SLOTS // SIDE_SLOTS
