"""Do what the schedule's jobs ask of the house, beside quoting and never in its way.

A job only asks. What it asks for runs in a task of its own with an end to its time; while one runs,
the same is not begun again. What fails is told, and the next moment tries anew.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from connectors.model.errors import MmrunnerError
from runner.agenda.moments import Moments
from runner.engine.clock import Clock
from runner.engine.slots import Slots

S_NS = 1_000_000_000
EARLY_NS = 2 * S_NS
"""What the scheduler's clock may be ahead of ours."""
TOLD_FOR_NS = 7 * 86_400 * S_NS
"""A moment that nobody was there for is told of for so long."""


class Tells(Protocol):
    """Whoever hears what became of a chore."""

    def note(self, now_ns: int, market: str, text: str) -> None:
        """Hear what needs nothing to be done."""

    def warn(self, now_ns: int, market: str, text: str) -> None:
        """Hear what a person should look at."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that is done: `work` is given the moment that it is meant for.

    Without `moments` that is when it is asked. `makes_up`: what was missed while nobody ran is done
    at the next start.
    """

    work: Callable[[int], Coroutine[Any, Any, str]]
    within_s: float
    moments: Moments | None = None
    makes_up: bool = False

    def meant_ns(self, now_ns: int) -> int:
        """Return the moment that a run which begins now is meant for."""
        latest_ns = None if self.moments is None else self.moments.latest_ns(now_ns + EARLY_NS)
        return now_ns if latest_ns is None else latest_ns


@dataclass(slots=True)
class Chores:
    """The chores of one deploy, by the names of their jobs."""

    chores: Mapping[str, Chore]
    clock: Clock
    tells: Tells
    _running: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    def ask(self, name: str) -> None:
        """Begin a chore, unless it still runs; a name that is no chore's is somebody else's."""
        chore = self.chores.get(name)
        if chore is None:
            return
        now_ns = self.clock.now_ns()
        if name in self._running:
            self.tells.warn(now_ns, "", f"schedule.jobs.{name}: left out, the last one still runs")
            return
        task = asyncio.create_task(self._do(name, chore, chore.meant_ns(now_ns)), name=name)
        self._running[name] = task
        task.add_done_callback(lambda done: self._running.pop(name, None))

    def begin(self, slots: Slots) -> None:
        """Tell of moments that passed while nobody ran, and make up for what can be."""
        now_ns = self.clock.now_ns()
        for name, chore in self.chores.items():
            latest_ns = None if chore.moments is None else chore.moments.latest_ns(now_ns)
            if latest_ns is None or not slots.knows(name) or slots.has(name, latest_ns):
                continue
            if chore.makes_up:
                slots.claim(name, latest_ns, now_ns, lambda name=name: self.ask(name))  # type: ignore[misc]
            elif now_ns < latest_ns + TOLD_FOR_NS:
                self.tells.warn(now_ns, "", f"{_named(name, latest_ns)}: missed; nobody ran then")

    async def _do(self, name: str, chore: Chore, meant_ns: int) -> None:
        try:
            async with asyncio.timeout(chore.within_s):
                text = await chore.work(meant_ns)
        except TimeoutError:
            self._fail(name, meant_ns, f"not done within {chore.within_s:g} s")
        except (MmrunnerError, OSError, ValueError) as error:
            self._fail(name, meant_ns, str(error))
        else:
            self.tells.note(self.clock.now_ns(), "", f"{_named(name, meant_ns)}: {text}")

    def _fail(self, name: str, meant_ns: int, why: str) -> None:
        self.tells.warn(self.clock.now_ns(), "", f"{_named(name, meant_ns)}: {why}")

    async def close(self) -> None:
        """End what runs, and wait until it has."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _named(name: str, slot_ns: int) -> str:
    moment = datetime.fromtimestamp(slot_ns / S_NS, UTC)
    return f"schedule.jobs.{name} of {moment:%Y-%m-%d %H:%M} UTC"
