"""Compose the configuration anew while the deploy runs, and go by what has changed.

A file was edited and SIGHUP sent, or a `refresh` job of the schedule is due. What differs is shown
and applied all or not at all; what cannot be composed, or needs a restart, changes nothing.
Composing takes half a second of processor time, so it is done in a thread beside the loop.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from connectors.model.errors import MmrunnerError
from runner.engine.clock import Clock
from runner.engine.ledger.entries import Entry, Steered
from runner.engine.warnings import Warn
from runner.settings import Settings
from runner.steer.tuner import Tuner

WHAT = "reload"


@dataclass(slots=True)
class Reload:
    """The way from files to a running deploy. Without `recompose` there is none."""

    tuner: Tuner
    recompose: Callable[[], Settings] | None
    clock: Clock
    warn: Warn
    record: Callable[[Entry], None]
    _asked: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(1))

    def ask(self, who: str) -> None:
        """Have it done soon; one that waits already does for both."""
        if not self._asked.full():
            self._asked.put_nowait(who)

    async def run(self) -> None:
        """Do it whenever it is asked for."""
        while True:
            await self.once(await self._asked.get())

    async def once(self, who: str) -> None:
        """Compose, and go by it; say what came of it."""
        try:
            line, done = await self._changed(), True
        except MmrunnerError as error:
            line, done = f"nothing changed: {error}", False
        now_ns = self.clock.now_ns()
        self.warn(now_ns, "", f"{WHAT} by {who}: {line}")
        self.record(
            Steered(
                identity=f"{WHAT}-{now_ns}",
                now_ns=now_ns,
                who=who,
                role="operate",
                uid=-1,
                what=WHAT,
                market="all",
                key="",
                value="",
                reason="",
                done=done,
                line=line,
            )
        )

    async def _changed(self) -> str:
        if self.recompose is None:
            raise MmrunnerError("this deploy was not composed from files")
        wanted = await asyncio.to_thread(self.recompose)
        found = self.tuner.become(wanted, self.clock.now_ns())
        return "; ".join(map(str, found)) or "the configuration is what it was"
