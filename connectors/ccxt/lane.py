"""Let requests of one sort that are asked for at one moment leave together.

Nothing waits for company. Each request has a verdict of its own, whatever it has left with.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from connectors.ccxt.answers import Verdict

Body = Mapping[str, Any]
Carry = Callable[[Sequence[Body]], Coroutine[Any, Any, list[Verdict]]]
"""Send requests as one; return a verdict for each, in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """A request that is about to leave, and where its verdict goes."""

    body: Body
    verdict: "asyncio.Future[Verdict]"


class Lane:
    """Requests of one sort; `most` of them leave as one."""

    def __init__(self, most: int, carry: Carry) -> None:
        self._most = most
        self._carry = carry
        self._due: list[Due] = []
        self._tasks: set[asyncio.Task[list[Verdict]]] = set()

    async def write(self, body: Body) -> Verdict:
        """Send a request once, with those of its sort that are asked for at this moment."""
        loop = asyncio.get_running_loop()
        due = Due(body, loop.create_future())
        self._due.append(due)
        if len(self._due) == 1:
            loop.call_soon(self._leave)
        return await due.verdict

    def close(self) -> None:
        """Wait for no answer any more."""
        for task in self._tasks:
            task.cancel()

    def _leave(self) -> None:
        """Send what is due, but for what nobody waits for any more."""
        due = [each for each in self._due if not each.verdict.done()]
        self._due.clear()
        for first in range(0, len(due), self._most):
            some = due[first : first + self._most]
            task = asyncio.ensure_future(self._carry([each.body for each in some]))
            self._tasks.add(task)
            task.add_done_callback(partial(self._settle, some))

    def _settle(self, due: Sequence[Due], task: "asyncio.Task[list[Verdict]]") -> None:
        """Give each its verdict, or whatever has kept it from having one."""
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        for number, each in enumerate(due):
            if each.verdict.done():
                continue
            if task.cancelled():
                each.verdict.cancel()
            elif error is not None:
                each.verdict.set_exception(error)
            else:
                each.verdict.set_result(task.result()[number])
