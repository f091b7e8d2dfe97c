"""Keep what was asked of the venue for as long as any of it may still be carried out."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from connectors.lighter.proofs import TX_LIFE_NS
from connectors.lighter.transactions import (
    MOST_NONCE,
    Cancel,
    Create,
    Modify,
    SignedTx,
    Wanted,
)
from connectors.numbered import Bound

SKEW_NS = 10_000_000_000
"""How far the venue's clock may be behind ours."""

KEPT_NS = 2 * TX_LIFE_NS
"""So long after it was asked nothing of a command can be carried out any more."""


@dataclass(slots=True, eq=False)
class Command:
    """A create or a cancel, and what is proven about it. Without a market nobody is told of it.

    `expires_ns` is 0 until it leaves, with a nonce below `nonce_below`. `dead_ns`: nothing of it
    can be carried out since. `passed_ns`: since when the venue will carry out no transaction with
    this nonce any more; one that it has carried out before that may not have been told yet.
    """

    market: str
    client_id: int
    side: int
    ticks: int
    lots: int
    wanted: Wanted
    asked_ns: int
    key: str = ""
    key_index: int = 0
    nonce: int = 0
    nonce_below: int = MOST_NONCE + 1
    is_streamed: bool = False
    tx_hash: str = ""
    left_ns: int = 0
    expires_ns: int = 0
    dead_ns: int | None = None
    passed_ns: int = 0
    is_doubted: bool = False
    is_settled: bool = False
    is_executed: bool = False
    executed_ns: int = 0

    @property
    def is_create(self) -> bool:
        """Tell whether it is an order."""
        return isinstance(self.wanted, Create)

    @property
    def is_amend(self) -> bool:
        """Tell whether it changes an order."""
        return isinstance(self.wanted, Modify)

    @property
    def is_cancel(self) -> bool:
        """Tell whether it is the cancel of one order."""
        return isinstance(self.wanted, Cancel)

    @property
    def is_open(self) -> bool:
        """Tell whether it has left, and may still be carried out for all that is known."""
        return bool(self.expires_ns) and self.dead_ns is None and not self.is_executed


class Commands:
    """What this process was asked, by our ids, by the ids of requests and by hashes."""

    def __init__(self, started_ns: int) -> None:
        self._dead_before_ns = started_ns + TX_LIFE_NS + SKEW_NS
        self._creates: dict[int, Command] = {}
        self._amends: dict[int, Command] = {}
        self._unsent: dict[int, int] = {}
        self._promised: dict[int, tuple[int, int]] = {}
        self._former: dict[int, Bound] = {}
        self._passed: dict[int, int] = {}
        self._by_key: dict[str, tuple[Command, ...]] = {}
        self._by_hash: dict[str, Command] = {}
        self._sent: deque[Command] = deque()
        self._unpassed: deque[Command] = deque()
        self._requests = 0

    def create(self, client_id: int) -> Command | None:
        """Return the order that was asked for under an id."""
        return self._creates.get(client_id)

    def keep(self, command: Command) -> None:
        """Keep an order that was asked for, and forget those that have long been dead."""
        self._creates[command.client_id] = command
        for old in list(islice(self._creates.values(), 2)):
            if old.asked_ns + KEPT_NS < command.asked_ns:
                del self._creates[old.client_id]

    def amend(self, client_id: int) -> Command | None:
        """Return the last change that was asked for of an order."""
        return self._amends.get(client_id)

    def keep_amend(self, command: Command) -> None:
        """Keep a change that was asked for, the last one of each order that is not forgotten."""
        self._amends.pop(command.client_id, None)
        self._amends[command.client_id] = command
        for old in list(islice(self._amends.values(), 2)):
            if old.asked_ns + KEPT_NS < command.asked_ns:
                del self._amends[old.client_id]

    def never(self, client_id: int, now_ns: int) -> None:
        """Note that an order was asked for and will never leave."""
        self._unsent[client_id] = now_ns
        for old, asked_ns in list(islice(self._unsent.items(), 2)):
            if asked_ns + KEPT_NS < now_ns:
                del self._unsent[old]

    def promise(self, client_id: int, nonce_below: int, now_ns: int) -> None:
        """Note what the nonce of an order that is about to be asked for has to stay below."""
        self._promised[client_id] = nonce_below, now_ns
        for old, (_, asked_ns) in list(islice(self._promised.items(), 2)):
            if asked_ns + KEPT_NS < now_ns:
                del self._promised[old]

    def promised(self, client_id: int) -> int:
        """Return what the nonce of an order has to stay below, once."""
        nonce_below, _ = self._promised.pop(client_id, (MOST_NONCE + 1, 0))
        return nonce_below

    def recall(self, left: Mapping[int, Bound]) -> None:
        """Learn below which nonces former processes may have sent orders."""
        self._former.update(left)

    def is_to_be_passed(self, client_id: int) -> bool:
        """Tell whether a former process may have sent an order that a higher nonce would prove."""
        return client_id in self._former

    def has_asked(self, client_id: int) -> bool:
        """Tell whether an order is one that this process was asked for."""
        return client_id in self._creates or client_id in self._unsent

    def leave(
        self, commands: Sequence[Command], txs: Sequence[SignedTx], key_index: int, now_ns: int
    ) -> str:
        """Note that commands are signed and about to leave in one request; return its id."""
        self._requests += 1
        key = str(self._requests)
        for command, tx in zip(commands, txs, strict=True):
            command.key, command.key_index, command.nonce = key, key_index, tx.nonce
            command.tx_hash, command.left_ns = tx.tx_hash.lower(), now_ns
            command.expires_ns = tx.expires_ms * 1_000_000
            self._by_hash[command.tx_hash] = command
            self._sent.append(command)
            self._unpassed.append(command)
        self._by_key[key] = tuple(commands)
        while self._sent[0].asked_ns + KEPT_NS < now_ns:
            old = self._sent.popleft()
            self._by_key.pop(old.key, None)
            self._by_hash.pop(old.tx_hash, None)
        while self._unpassed[0].expires_ns + SKEW_NS < now_ns:
            self._unpassed.popleft()
        return key

    def of_key(self, key: str) -> tuple[Command, ...]:
        """Return the commands that a request's id belongs to."""
        return self._by_key.get(key, ())

    def of_hash(self, tx_hash: str) -> Command | None:
        """Return the command that a transaction's hash belongs to."""
        return self._by_hash.get(tx_hash.lower().removeprefix("0x"))

    def unanswered(self, key_index: int) -> list[Command]:
        """Return what has left on a key's stream and was neither answered nor doubted yet."""
        streamed = (c for c in self._sent if c.is_streamed and c.key_index == key_index)
        return [c for c in streamed if not (c.is_settled or c.is_doubted)]

    def carried_out(self, command: Command, now_ns: int) -> None:
        """Note that the venue has carried a transaction out, and so none of its key any more that
        has its nonce or a lower one."""
        waiting: deque[Command] = deque()
        for other in self._unpassed:
            if other.key_index != command.key_index or other.nonce > command.nonce:
                waiting.append(other)
            elif other is not command and other.is_open:
                other.passed_ns = now_ns
        self._unpassed = waiting
        for client_id, bound in list(self._former.items()):
            if bound.key_index == command.key_index and bound.nonce_below <= command.nonce + 1:
                del self._former[client_id]
                self._passed[client_id] = now_ns

    def settled_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return since when no change of an order can be carried out any more, 0 where none was
        asked for; None: one still may."""
        command = self._amends.get(client_id)
        if command is None:
            is_ours = client_id in self._creates
            dead_ns = 0 if is_ours else self._dead_before_ns
        elif command.is_executed:
            return command.executed_ns
        elif command.dead_ns is not None:
            return command.dead_ns
        elif not command.expires_ns:
            return None
        else:
            dead_ns = command.expires_ns + SKEW_NS
        return dead_ns if now_ns >= dead_ns else None

    def dead_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return since when nothing that was sent for an order can be carried out; None: unproven.

        What a former process has sent dies once its nonce has been passed, or of age after the
        start of this one.
        """
        command = self._creates.get(client_id)
        if command is None:
            passed_ns = self._passed.get(client_id, self._dead_before_ns)
            dead_ns = self._unsent.get(client_id, passed_ns)
        elif command.dead_ns is not None:
            return command.dead_ns
        elif not command.expires_ns:
            return None
        else:
            dead_ns = command.expires_ns + SKEW_NS
        return dead_ns if now_ns >= dead_ns else None
