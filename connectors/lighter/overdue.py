"""Doubt what gets no answer in time, with one timer for all that waits."""

import asyncio
from collections import deque
from collections.abc import Sequence

from connectors.calls import Unproven
from connectors.leg import DUST_S
from connectors.lighter.commands import Command
from connectors.lighter.outcomes import Outcomes

ANSWER_WITHIN_S = 5.0
LATE = Unproven(f"no answer within {ANSWER_WITHIN_S:g} s")


class Overdue:
    """The requests of one key that may still be answered, oldest first.

    Nearly all are, and long before: a timer of each would wake the loop for nothing.
    """

    def __init__(self, outcomes: Outcomes) -> None:
        self._outcomes = outcomes
        self._waiting: deque[tuple[float, Sequence[Command]]] = deque()
        self._is_timed = False

    def expect(self, commands: Sequence[Command]) -> None:
        """Doubt these unless they are settled in time."""
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        self._let_go(now_s)
        self._waiting.append((now_s + ANSWER_WITHIN_S, commands))
        if not self._is_timed:
            self._is_timed = True
            loop.call_later(ANSWER_WITHIN_S, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Settle what is due, and look again when the next is that nothing has settled."""
        self._let_go(loop.time())
        self._is_timed = bool(self._waiting)
        if self._waiting:
            loop.call_at(self._waiting[0][0], self._look, loop)

    def _let_go(self, now_s: float) -> None:
        """Settle what is due, and forget what is settled; a little each time, so that a look is
        short."""
        while self._waiting:
            due_s, commands = self._waiting[0]
            if due_s - now_s > DUST_S and not all(command.is_settled for command in commands):
                return
            self._waiting.popleft()
            self._outcomes.settle(commands, LATE)
