"""The way of one key's commands: signed, counted and sent in the order of their nonces.

One task does it. Cancels go before orders, and in requests of their own: where one order of a batch
is refused the batch is, and no cancel is to share that. What is there at one moment leaves as one
request; nothing waits for company.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from connectors.calls import Calls, Refused
from connectors.lasting import all_lasting
from connectors.lighter.commands import Command, Commands
from connectors.lighter.manner import Manner
from connectors.lighter.network import Network
from connectors.lighter.nonces import Nonces
from connectors.lighter.outcomes import Outcomes
from connectors.lighter.overdue import Overdue
from connectors.lighter.presigned import Presigned
from connectors.lighter.sender import MOST, AnswerFeed, Sender
from connectors.lighter.signer import TxSigner
from connectors.lighter.transactions import SignedTx
from connectors.lighter.wire import Count
from connectors.model.errors import Plan, Refusal, VenueError
from connectors.pacing import Kind, Pacer

NONCE_WEIGHT = 6
STALE_NS = 1_000_000_000
"""An order that has waited so long to leave does not: its price is of another moment."""


class NextNonce(Struct):
    """What a key's next nonce has to be at least."""

    nonce: Count


class Lane:
    """One key's commands on their way. `create` and `cancel` only put them in line."""

    def __init__(
        self,
        network: Network,
        calls: Calls,
        pacer: Pacer,
        signer: TxSigner,
        nonces: Nonces,
        commands: Commands,
        outcomes: Outcomes,
        manner: Manner,
        presigned: Presigned | None = None,
    ) -> None:
        """`presigned` are cancels that were signed ahead with the same nonces."""
        self._network = network
        self._clock = network.clock
        self._pacer = pacer
        self._signer = signer
        self._nonces = nonces
        self._commands = commands
        self._outcomes = outcomes
        self._manner = manner
        self._presigned = presigned
        self._cancels: deque[Command] = deque()
        self._creates: deque[Command] = deque()
        self._news = asyncio.Event()
        self._overdue = Overdue(outcomes)
        lost = partial(outcomes.lost, signer.key_index)
        feed = AnswerFeed(outcomes.answered, outcomes.heard_error, lost)
        self._sender = Sender(network, calls, feed)

    @property
    def key_index(self) -> int:
        """Which key it is of."""
        return self._signer.key_index

    @property
    def joins(self) -> bool:
        """Tell whether the next order leaves in a request that the venue has to count anyway."""
        if self._manner.counts_each or self._clock.now_ns() < self._outcomes.apart_until_ns:
            return False
        return len(self._creates) % MOST != 0

    def create(self, command: Command) -> None:
        """Put an order or a change of one in line; its budget is taken."""
        self._creates.append(command)
        self._news.set()

    def cancel(self, command: Command) -> None:
        """Put a cancel in line."""
        self._cancels.append(command)
        self._news.set()

    def withdraw(self, command: Command) -> bool:
        """Take an order or a change out of the line; tell whether it was still in it."""
        if command not in self._creates:
            return False
        self._creates.remove(command)
        return True

    async def prepare(self) -> None:
        """Learn where the key's nonce stands."""
        self._nonces.doubt()
        await self._network.until_answered(self._renew)

    async def run(self) -> None:
        """Send until cancelled."""
        try:
            works = [
                ("lighter transactions", self._sender.run()),
                ("lighter sender", self._send_all()),
            ]
            if self._presigned is not None:
                works.append(("lighter cancels to come", self._presigned.run()))
            await all_lasting(*works)
        finally:
            while self._creates:
                self._outcomes.refuse(self._creates.popleft(), Refusal.NOT_SENT)
            self._cancels.clear()

    def close(self) -> None:
        """End the signer's thread."""
        self._signer.close()

    async def _send_all(self) -> None:
        while True:
            await self._news.wait()
            if self._cancels:
                await self._pacer.turn(1, Kind.CANCEL, self._clock, self._cancels[0].market)
                self._pacer.release()
                await self._carry(self._due_cancels())
            elif self._creates:
                await self._carry(self._due_creates())
            else:
                self._news.clear()

    def _due_cancels(self) -> list[Command]:
        """Take the first cancel out of the line, and those behind it that there is room for. What
        is of all orders leaves without those of one: it may be refused."""
        due = [self._cancels.popleft()]
        now_ns = self._clock.now_ns()
        while self._cancels and len(due) < MOST:
            if due[0].is_cancel is not self._cancels[0].is_cancel:
                break
            if self._manner.counts_each:
                if self._pacer.try_take(1, Kind.CANCEL, now_ns, self._cancels[0].market):
                    break
                self._pacer.release()
            due.append(self._cancels.popleft())
        return due

    def _due_creates(self) -> list[Command]:
        is_apart = self._clock.now_ns() < self._outcomes.apart_until_ns
        most = 1 if is_apart else MOST
        return [self._creates.popleft() for _ in range(min(most, len(self._creates)))]

    async def _carry(self, commands: list[Command]) -> None:
        """Sign commands and send them once, as one request; what has not left is dead."""
        try:
            await self._send(commands)
        except VenueError as error:
            if error.plan is Plan.HALT:
                self._outcomes.halt(str(error), self.key_index)
            self._network.say(commands[0].market, str(error))
            self._nonces.spoil()
            self._outcomes.settle(commands, Refused(0, str(error)))
        finally:
            for command in commands:
                if not command.expires_ns and command.dead_ns is None:
                    command.dead_ns = self._clock.now_ns()

    async def _send(self, commands: Sequence[Command]) -> None:
        if self._nonces.is_doubted:
            await self._renew()
        commands = self._fresh(commands)
        if not commands:
            return
        ready = [] if self._presigned is None else self._presigned.take(commands)
        for command, tx in ready:
            await self._leave([command], [tx])
        if ready:
            return
        nonce = self._nonces.take(len(commands))
        wanted = [command.wanted for command in commands]
        await self._leave(commands, await self._signer.sign(wanted, nonce, self._nonces.skips))

    async def _leave(self, commands: Sequence[Command], txs: Sequence[SignedTx]) -> None:
        """Send what is signed, as one request."""
        if self._presigned is not None:
            self._presigned.sent(txs[-1].nonce)
        now_ns = self._clock.now_ns()
        key = self._commands.leave(commands, txs, self._signer.key_index, now_ns)
        if self._manner.waits_for_answers:
            self._overdue.expect(commands)
        outcome = await self._sender.send(txs, key)
        for command in commands:
            command.is_streamed = outcome is None
        if outcome is not None:
            self._outcomes.settle(commands, outcome)

    def _fresh(self, commands: Sequence[Command]) -> list[Command]:
        """Return those that are still meant, and refuse the orders that have waited too long, or
        whose nonce would be higher than was promised."""
        late_ns = self._clock.now_ns() - STALE_NS
        last_nonce = self._nonces.next + len(commands) - 1
        fresh = []
        for command in commands:
            is_priced = command.is_create or command.is_amend
            if is_priced and command.asked_ns < late_ns:
                self._outcomes.refuse(command, Refusal.PACED)
            elif command.nonce_below <= last_nonce:
                self._outcomes.refuse(command, Refusal.NOT_SENT)
            else:
                fresh.append(command)
        return fresh

    async def _renew(self) -> None:
        """Ask the venue where the key's nonce stands."""
        who = {"account_index": self._signer.account, "api_key_index": self._signer.key_index}
        told = await self._network.rest.get("nextNonce", who, NONCE_WEIGHT, NextNonce)
        self._nonces.renew(told.nonce)
        if self._presigned is not None:
            self._presigned.sent(told.nonce - 1)
