"""Keep a watchdog process beside a deploy: start it, let it hear the loop, start it again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from connectors.model.errors import MmrunnerError
from runner.engine.clock import Clock
from runner.engine.warnings import Warn
from runner.watchdog.post import BEAT, CLEARED, GOODBYE, MISLED, NOT_CLEARED, READY, WORKING, Post

LOOK_NS = 250_000_000
MOST_SILENT_LOOKS = 60
"""A watchdog that has not answered for so many looks hangs. Looks are counted, not seconds: while
this process stands still, so do they."""
GRACE_NS = 15_000_000_000
"""How long markets quote without one that was lost."""
LEAVING_NS = 5_000_000_000

ENDS = {
    MISLED: "could not begin",
    NOT_CLEARED: "has cancelled everything in our place; orders may rest",
    CLEARED: "has cancelled everything in our place",
}


class Kept(Protocol):
    """A watchdog process; see `runner.watchdog.child.Child`."""

    def say(self, what: bytes) -> None: ...
    def heard(self) -> bytes: ...
    def code(self) -> int | None: ...
    def kill(self) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class Leash:
    """The `Guard` that is a process of its own."""

    post: Post
    clock: Clock
    warn: Warn
    start: Callable[[Post], Kept]
    name: str = "the watchdog"
    _child: Kept | None = None
    _is_ready: bool = False
    _is_working: bool = False
    _lost_ns: int = 0
    _is_over: bool = False

    def beat(self) -> None:
        """Tell it that the loop runs."""
        if self._child is not None:
            self._child.say(BEAT)

    def holds(self, now_ns: int) -> bool:
        """Tell whether one watches, or did a moment ago."""
        return self._is_ready or (self._lost_ns > 0 and now_ns - self._lost_ns < GRACE_NS)

    async def run(self) -> None:
        """Keep one; raise MmrunnerError when it has ended."""
        if self._is_over:
            await asyncio.Event().wait()
        self._is_working = False
        child = self._child = self.start(self.post)
        try:
            await self._tend(child)
        finally:
            self._child = None
            if self._is_ready:
                self._is_ready, self._lost_ns = False, self.clock.now_ns()
            child.close()

    async def release(self) -> None:
        """Tell it goodbye, and see it leave."""
        self._is_over = True
        child = self._child
        if child is None:
            return
        child.say(GOODBYE)
        deadline_ns = self.clock.now_ns() + LEAVING_NS
        while child.code() is None and self.clock.now_ns() < deadline_ns:
            await self.clock.sleep_until_ns(self.clock.now_ns() + LOOK_NS // 5)
        if child.code() != 0:
            self._say("did not leave")

    def lose(self) -> None:
        """Take it for gone."""
        self._is_ready, self._lost_ns = False, 0

    async def _tend(self, child: Kept) -> None:
        """Hear it until it ends or no longer answers."""
        silent, looks = 0, 0
        while True:
            self._require(child)
            said = child.heard()
            self._hear(said)
            silent, looks = 0 if said or self._is_working else silent + 1, looks + 1
            if silent > MOST_SILENT_LOOKS and not self._is_over:
                child.kill()
                raise MmrunnerError(f"{self.name} does not answer: see {self.post.log}")
            if looks == MOST_SILENT_LOOKS and not self._is_ready:
                self._say("is not ready yet")
            await self.clock.sleep_until_ns(self.clock.now_ns() + LOOK_NS)

    def _require(self, child: Kept) -> None:
        code = child.code()
        if code is not None and not self._is_over:
            why = ENDS.get(code, f"ended with code {code}")
            raise MmrunnerError(f"{self.name} {why}: see {self.post.log}")

    def _hear(self, said: bytes) -> None:
        """Heed what it says: while it cancels everything, nothing is to be placed."""
        if READY in said:
            self._is_ready = True
        if WORKING in said:
            self._is_working, self._is_ready, self._lost_ns = True, False, 0
            self._say("is cancelling everything in our place")

    def _say(self, text: str) -> None:
        self.warn(self.clock.now_ns(), "", f"{self.name} {text}: see {self.post.log}")
