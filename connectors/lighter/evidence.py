"""Find out what became of an order whose answer was lost, by what the venue has carried out.

A transaction that the venue has not heard of may still arrive, for ten minutes. But once another
one of its key with a higher nonce is carried out, this one never will be (see `nonces`). So where
nothing else is sent, a cancel of no order at all is: it does nothing, and takes a nonce.
"""

from collections.abc import Callable

from connectors.lighter.account_wire import Tx
from connectors.lighter.budgets import READ
from connectors.lighter.commands import Command
from connectors.lighter.outcomes import Outcomes
from connectors.lighter.rest import Rest
from connectors.pacing import Clock

NOT_FOUND = 21500
LAG_NS = 10_000_000_000
"""What has just been carried out may not be found for so long."""
OVERTAKE_NS = 2_000_000_000
"""How long a transaction may be on its way before another one is sent to overtake it."""
AGAIN_NS = 5_000_000_000
"""How long that one may take, which overtakes all that left before it."""


class Evidence:
    """What the venue's record of transactions proves. `overtake` sends one that does nothing, and
    returns it; None: it could not."""

    def __init__(
        self, rest: Rest, outcomes: Outcomes, clock: Clock, overtake: Callable[[], Command | None]
    ) -> None:
        self._rest = rest
        self._outcomes = outcomes
        self._clock = clock
        self._overtake = overtake
        self._overtaking_ns = 0
        """When the last that does nothing was sent."""
        self._overtaking: Command | None = None

    async def seek(self, command: Command) -> None:
        """Read the record of a command that may still be carried out, and note what it proves.

        Raises VenueError where there is no answer.
        """
        if not command.is_open:
            return
        asked_ns = self._clock.now_ns()
        if await self._is_recorded(command):
            return
        if command.passed_ns and asked_ns - command.passed_ns >= LAG_NS:
            self._outcomes.bury(command, command.passed_ns)
        elif not command.passed_ns and asked_ns - command.left_ns >= OVERTAKE_NS:
            await self.overtake(command.left_ns)

    async def overtake(self, left_ns: int) -> None:
        """Send what passes the nonce of all that had left by then, unless it is on its way, or the
        record has it: a stream may have left it out. Raises VenueError where there is no answer."""
        is_on_its_way = self._overtaking_ns > left_ns
        if is_on_its_way and await self._has_arrived():
            return
        now_ns = self._clock.now_ns()
        if is_on_its_way and now_ns - self._overtaking_ns < AGAIN_NS:
            return
        sent = self._overtake()
        if sent is not None:
            self._overtaking, self._overtaking_ns = sent, now_ns

    async def _has_arrived(self) -> bool:
        """Tell whether the last that does nothing turns out to be carried out, unheard of."""
        last = self._overtaking
        if last is None or not last.is_open or not last.left_ns:
            return False
        is_young = self._clock.now_ns() - last.left_ns < OVERTAKE_NS
        return not is_young and await self._is_recorded(last)

    async def _is_recorded(self, command: Command) -> bool:
        """Read the record of a command; note what it proves, and tell whether there is one."""
        who = {"by": "hash", "value": command.tx_hash}
        told = await self._rest.find("tx", who, READ, Tx, NOT_FOUND)
        if told is not None:
            self._outcomes.on_transaction(told)
        return told is not None
