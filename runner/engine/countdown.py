"""Keep a venue's countdown running: renewed long before it is due, and believed only when read.

The venue's word counts: a renewal whose outcome is not known proves nothing until the countdown has
been read. Markets quote while it is proven to run for a while yet.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from connectors.model.errors import VenueError
from connectors.venue import Countdown
from runner.engine.clock import Clock
from runner.engine.warnings import Warn

RENEWED_PARTS = 3
"""It is renewed when a third of its time has passed: two more tries are then in good time."""
LEAST_PARTS = 6
"""With a sixth of its time left no market quotes: we take orders back before the venue does."""
RETRY_NS = 10_000_000_000
"""Time between two tries to renew it: each may take two transactions of the part for cancels."""
DOUBT_NS = 30_000_000_000
"""How long a renewal may be without proof while markets quote: it begins with taking off the old
one."""
SUSPECT_NS = 1_000_000_000
"""How long to leave a venue to show what it has done."""
STARTING_NS = 1_000_000_000
"""Time between two tries while a start has yet to reach the venue: nothing is told of it then."""
RELEASE_S = 15.0


@dataclass(slots=True)
class CountdownGuard:
    """The `Guard` of one venue's countdown.

    `ended` counts the orders that the venue has cancelled without being asked: as it does when the
    countdown has run out.
    """

    name: str
    countdown: Countdown
    clock: Clock
    warn: Warn
    ended: Callable[[], int] = lambda: 0
    due_ns: int = 0
    _doubted_ns: int = 0
    _ended: int = 0
    _next_ns: int = 0
    _looked_ns: int = 0
    _is_suspected: bool = False
    _is_over: bool = False
    _said: str = ""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def beat(self) -> None:
        """Look at whether the venue has cancelled what nobody asked it to."""
        ended = self.ended()
        if ended > self._ended:
            self._ended = ended
            self._is_suspected = True
            self._wake.set()

    def holds(self, now_ns: int) -> bool:
        """Tell whether it runs, by what was read last, and for long enough."""
        if self._doubted_ns and now_ns - self._doubted_ns > DOUBT_NS:
            return False
        return self.due_ns - now_ns > self.countdown.lasts_ns // LEAST_PARTS

    async def run(self) -> None:
        """Renew it for ever."""
        while True:
            self._wake.clear()
            async with self._lock:
                pause_ns = await self._step()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_ns / 1e9):
                    await self._wake.wait()

    async def release(self) -> None:
        """Have none run; where that is not proven, say until when one may."""
        try:
            async with asyncio.timeout(RELEASE_S), self._lock:
                self._is_over = True
                self.due_ns = await self.countdown.disarm()
        except (VenueError, OSError, TimeoutError) as error:
            self._tell(f"is not proven to be off: {error}")
        else:
            if self.due_ns:
                self._tell(f"still runs: the venue cancels all orders {self._left()}")

    def lose(self) -> None:
        """Take it for gone."""
        self.due_ns = 0

    async def _step(self) -> int:
        """Look where there is reason to, renew it, and return how long to wait."""
        if self._is_over:
            return RETRY_NS
        try:
            if self._is_suspected:
                await self._look()
                if self.due_ns and self.clock.now_ns() < self._next_ns:
                    return self._next_ns - self.clock.now_ns()
            self._doubted_ns = self._doubted_ns or self.clock.now_ns()
            self.due_ns = await self.countdown.renew()
        except (VenueError, OSError) as error:
            if not self.due_ns and self.clock.now_ns() - self._doubted_ns < DOUBT_NS:
                return STARTING_NS
            self._tell(f"is not proven to run: {error}")
            return RETRY_NS
        self._doubted_ns = 0
        left_ns = self.due_ns - self.clock.now_ns()
        if left_ns <= self.countdown.lasts_ns * (RENEWED_PARTS - 1) // RENEWED_PARTS:
            self._tell(f"was not renewed: the venue would cancel all orders {self._left()}")
            return RETRY_NS
        if self._said:
            self._said = ""
            self.warn(self.clock.now_ns(), "", f"{self.name}: runs again, {self._left()}")
        pause_ns = self.countdown.lasts_ns // RENEWED_PARTS
        self._next_ns = self.clock.now_ns() + pause_ns
        return pause_ns

    async def _look(self) -> None:
        """Read it after the venue has cancelled something unasked."""
        soon_ns = self.clock.now_ns() + SUSPECT_NS
        await self.clock.sleep_until_ns(max(soon_ns, self._looked_ns + RETRY_NS))
        self._is_suspected = False
        self._looked_ns = self.clock.now_ns()
        before_ns, self.due_ns = self.due_ns, await self.countdown.due_ns()
        if before_ns and not self.due_ns:
            self._tell("has run out or was taken off: the venue may have cancelled all orders")

    def _left(self) -> str:
        left_s = (self.due_ns - self.clock.now_ns()) / 1e9
        return f"in {left_s:.0f} s" if self.due_ns else "never"

    def _tell(self, text: str) -> None:
        """Warn, once for each text."""
        if text != self._said:
            self._said = text
            self.warn(self.clock.now_ns(), "", f"{self.name}: {text}")
