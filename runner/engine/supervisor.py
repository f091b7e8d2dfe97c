"""Let nothing die silently: run work again after a fault, later and later, within a budget."""

import asyncio
import random
import traceback
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from runner.engine.clock import Clock
from runner.engine.warnings import Warn

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Terms:
    """How often something may be started again, and after which pauses."""

    max_restarts: int = 5
    window_ns: int = 600_000_000_000
    first_backoff_ns: int = 1_000_000_000
    max_backoff_ns: int = 60_000_000_000


@dataclass(slots=True)
class Budget:
    """The restarts of one thing within the window."""

    terms: Terms
    chance: random.Random
    _spent_ns: deque[int] = field(default_factory=deque)

    def spend(self, now_ns: int) -> int | None:
        """Take one restart; return how long to wait before it [ns], None when none is left.

        The pause doubles with each restart in the window; half of it is left to chance.
        """
        while self._spent_ns and now_ns - self._spent_ns[0] >= self.terms.window_ns:
            self._spent_ns.popleft()
        before = len(self._spent_ns)
        if before >= self.terms.max_restarts:
            return None
        self._spent_ns.append(now_ns)
        longest_ns = min(self.terms.first_backoff_ns << before, self.terms.max_backoff_ns)
        return int(longest_ns * self.chance.uniform(HALF, 1.0))


@dataclass(slots=True)
class Supervisor:
    """Keep tasks running. `failed` wait to be started again, `given_up` are not."""

    terms: Terms
    chance: random.Random
    clock: Clock
    warn: Warn
    given_up: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    def budget(self) -> Budget:
        """Return a fresh budget on these terms."""
        return Budget(self.terms, self.chance)

    async def keep(
        self,
        name: str,
        work: Callable[[], Awaitable[None]],
        *,
        on_fault: Callable[[], None] = lambda: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Do `work` for ever. Its ending, with an error or without, is a fault.

        `on_fault` is called after each fault, `on_end` once the budget is spent.
        """
        budget = self.budget()
        while True:
            self.failed.discard(name)
            await self._once(name, work)
            self.failed.add(name)
            attempt(on_fault, self._teller(name))
            pause_ns = budget.spend(self.clock.now_ns())
            if pause_ns is None:
                break
            await self.clock.sleep_until_ns(self.clock.now_ns() + pause_ns)
        self.given_up.add(name)
        self.warn(self.clock.now_ns(), "", f"{name}: failed too often, not started again")
        on_end()

    async def _once(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # Nobody has cancelled this task: something that the work waited for was let go of.
            self.warn(self.clock.now_ns(), "", f"{name}: was cancelled from within")
        except Exception as error:
            self._teller(name)(error)
        else:
            self.warn(self.clock.now_ns(), "", f"{name}: ended by itself, is started again")

    def _teller(self, name: str) -> Callable[[Exception], None]:
        return lambda error: tell(self.warn, self.clock.now_ns(), "", name, error)


def attempt(work: Callable[[], None], on_fault: Callable[[Exception], None]) -> bool:
    """Do something whose fault must not reach the caller; tell whether it went well."""
    try:
        work()
    except Exception as error:
        on_fault(error)
        return False
    return True


def tell(warn: Warn, now_ns: int, market: str, name: str, error: Exception) -> None:
    """Warn of an error: what it was and where it came from, innermost first; of a group of errors,
    each."""
    if isinstance(error, ExceptionGroup):
        for each in error.exceptions:
            tell(warn, now_ns, market, name, each)
        return
    frames = traceback.extract_tb(error.__traceback__)[::-1]
    where = " < ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in frames[:6])
    warn(now_ns, market, f"{name}: {type(error).__name__}: {error} ({where})")


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 2)[-2:])
