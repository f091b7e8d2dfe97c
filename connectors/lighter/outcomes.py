"""Decide what an answer, or none, proves of a command, and tell it once."""

import asyncio
from collections.abc import Mapping, Sequence

from connectors.calls import Confirmed, Outcome, Refused, Unproven
from connectors.lighter import answers
from connectors.lighter.account_wire import TX_EXECUTED, TX_FAILED, TX_FINAL, Tx
from connectors.lighter.commands import SKEW_NS, Command, Commands
from connectors.lighter.explained import Explained
from connectors.lighter.network import Network
from connectors.lighter.nonces import Nonces
from connectors.lighter.refusal_words import words
from connectors.lighter.wire import ErrorBody
from connectors.model.errors import Refusal
from connectors.model.events import (
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    CANCEL_REJECTED,
    OUTCOME_UNKNOWN,
    REJECTED,
)
from connectors.pacing import Pacer
from connectors.reports import Reports

COOL_NS = 2_000_000_000
"""How long nothing is sent once the venue has said that we are too fast."""
APART_NS = 60_000_000_000
"""How long orders leave one by one after a batch was refused for one of them."""
QUOTA_NS = 15_000_000_000
"""Without volume quota one order is free each time."""


class Outcomes:
    """What became of the commands of an account, and what that says of its keys."""

    def __init__(
        self, network: Network, pacer: Pacer, nonces: Mapping[int, Nonces], commands: Commands
    ) -> None:
        """`nonces` are those of each key that sends, by its index."""
        self._network = network
        self._clock = network.clock
        self._pacer = pacer
        self._nonces = nonces
        self._commands = commands
        self._explained = Explained(network)
        self.reports: Reports | None = None
        """Who hears of it, while anything can be sent."""
        self.barred: set[int] = set()
        """Keys that the venue does not take, or that cannot sign."""
        self.halted = ""
        """Why nothing more is placed."""
        self.apart_until_ns = 0
        """Orders leave one by one until then: one of a batch was refused, and doubts the others."""
        self.orders_after_ns = 0
        """No order is let in before: the volume quota is spent."""
        self.quota_left: int | None = None
        """What the venue has last said is left of the volume quota."""

    def on_transaction(self, tx: Tx) -> None:
        """Hear that a transaction was executed, or that it failed."""
        command = self._commands.of_hash(tx.hash)
        if command is None or tx.status not in (TX_EXECUTED, TX_FINAL, TX_FAILED):
            return
        now_ns = self._clock.now_ns()
        if tx.status == TX_FAILED:
            self._failed(command, now_ns)
        else:
            self._executed(command, tx.has_failed(), now_ns)

    def _executed(self, command: Command, has_failed: bool, now_ns: int) -> None:
        """Note that a transaction was carried out. Where its effect failed the account's streams
        say what an order came to, if to anything."""
        if command.is_executed:
            return
        command.is_settled = command.is_executed = True
        command.executed_ns = now_ns
        self._commands.carried_out(command, now_ns)
        if has_failed and command.dead_ns is None:
            command.dead_ns = now_ns
            if not command.is_create:
                self._tell_failed(command)

    def _failed(self, command: Command, now_ns: int) -> None:
        """Tell that nothing came of a transaction.

        A cancel of what is not there is carried out all the same, without effect, unless it came
        too late (elliottech/lighter-prover, circuit/src/transactions/l2_cancel_order.rs). An order
        that fails may leave its nonce unused, and then those behind it fail too.
        """
        if command.is_cancel and now_ns + SKEW_NS < command.expires_ns:
            self._commands.carried_out(command, now_ns)
        else:
            self._nonces[command.key_index].spoil()
        if command.dead_ns is None:
            command.is_settled = True
            command.dead_ns = now_ns
            self._tell_failed(command)

    def _tell_failed(self, command: Command) -> None:
        if command.is_amend:
            self.tell(command, AMEND_REJECTED, Refusal.NOT_FOUND)
        else:
            self.tell(command, REJECTED if command.is_create else CANCEL_REJECTED)

    def bury(self, command: Command, since_ns: int) -> None:
        """Note that a command is proven never to be carried out, unless it was meanwhile."""
        if command.is_open:
            command.is_settled = True
            command.dead_ns = since_ns
            if command.is_amend:
                self.tell(command, AMEND_REJECTED)

    def answered(self, key: str, outcome: Outcome) -> None:
        """Take the answer to a request."""
        self.settle(self._commands.of_key(key), outcome)

    def settle(self, commands: Sequence[Command], outcome: Outcome) -> None:
        """Note what the answer to a request proves of all that was in it, once; a late one may
        prove what was doubted."""
        open_ones = [command for command in commands if not command.is_settled]
        if not open_ones:
            return
        if isinstance(outcome, Refused):
            self._heed(outcome, commands[0].key_index)
            if len(commands) > 1 and not answers.is_of_all(outcome):
                self.apart_until_ns = self._clock.now_ns() + APART_NS
                outcome = Unproven(f"one of {len(commands)} was refused with {outcome.code}")
        for command in open_ones:
            self._settle(command, outcome)

    def _settle(self, command: Command, outcome: Outcome) -> None:
        match outcome:
            case Confirmed():
                command.is_settled = True
                left = answers.quota_left(outcome.body)
                self.quota_left = self.quota_left if left is None else left
            case Refused():
                command.is_settled = True
                self._explained.tell(command.market, outcome)
                self._refused(command, outcome.code)
            case Unproven():
                self._nonces[command.key_index].spoil()
                self._doubt(command)

    def _doubt(self, command: Command) -> None:
        if not command.is_doubted:
            command.is_doubted = True
            self.tell(command, AMEND_UNKNOWN if command.is_amend else OUTCOME_UNKNOWN)

    def _refused(self, command: Command, code: int) -> None:
        """Tell of a refusal. A cancel that was not let in leaves its order as it is: unknown, so
        that it is looked at."""
        if command.is_create or command.is_amend:
            self.refuse(command, answers.meaning(code))
        elif not command.is_cancel:
            self._network.say("", f"a cancel-all was refused with {code}")
        else:
            command.dead_ns = self._clock.now_ns()
            self.tell(command, CANCEL_REJECTED if code in answers.GONE else OUTCOME_UNKNOWN)

    def _heed(self, refused: Refused, key_index: int) -> None:
        """Act on what a refusal says of us."""
        code = refused.code
        if code in answers.BAD_NONCES:
            self._nonces[key_index].doubt()
        elif code in answers.FOR_A_PERSON:
            self.halt(f"lighter {words(code, refused.text)}", key_index)
        elif answers.is_of_quota(refused):
            self.quota_left = 0
            self.orders_after_ns = self._clock.now_ns() + QUOTA_NS
        elif code in answers.TOO_FAST:
            self._pacer.silence(self._clock.now_ns() + COOL_NS)

    def heard_error(self, error: ErrorBody) -> None:
        """Take a refusal that names no request: it proves nothing of any of them."""
        if error.code in answers.BAD_NONCES:
            for nonces in self._nonces.values():
                nonces.doubt()
        elif error.code in answers.FOR_A_PERSON:
            self.halt(f"lighter {words(error.code, '')}")
        self._network.say("", f"transactions: refused with {error.code} {error.message}")

    def lost(self, key_index: int, why: str) -> None:
        """Hear that no answer will come over a key's stream."""
        self.settle(self._commands.unanswered(key_index), Unproven(why))

    def halt(self, why: str, key_index: int | None = None) -> None:
        """Place nothing more; cancels are still tried, by another key where the fault is one's."""
        if key_index is not None:
            self.barred.add(key_index)
        if not self.halted:
            self.halted = why
            self._network.say("", f"nothing more is placed: {why}")

    def refuse(self, command: Command, code: int) -> None:
        """Tell that an order, or its change, was refused: it will never be carried out."""
        command.is_settled = True
        command.dead_ns = self._clock.now_ns()
        self.tell(command, AMEND_REJECTED if command.is_amend else REJECTED, code)

    def tell(self, command: Command, kind: int, code: int = Refusal.OTHER) -> None:
        """Report soon: whoever has asked is not to be called while it asks. Of what is of no market
        only the account's record tells."""
        c, reports = command, self.reports
        if reports is not None and c.market:
            loop = asyncio.get_running_loop()
            loop.call_soon(
                reports.report, c.market, kind, c.client_id, c.side, c.ticks, c.lots, code
            )
