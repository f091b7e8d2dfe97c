"""Keep requests inside a venue's budgets, and a reserve for cancels that nothing else may use.

A scope is what the venue counts by: an account, an address, a key. Each has windows ("at most 60 in
60 s"), counted exactly: a bucket that refills lets nearly twice its limit pass in one window, and
venues ban for less. All moments are wall clock nanoseconds, so a state can outlive the process.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from connectors.model.errors import ConfigError

LOOK_NS = 10_000_000
"""When to ask again where only an answer, not time, can make room."""


class Kind(IntEnum):
    """What a request is for, the most urgent first. A read that proves an order's end is a REDUCE:
    an order that is not proven keeps its exposure."""

    CANCEL = 0
    REDUCE = 1
    PLACE = 2
    READ = 3


class Clock(Protocol):
    """What pacing needs of a clock."""

    def now_ns(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `limit` in any window of `window_ns`: of weight, or of requests where `by_request`.

    `reserve` of it is for cancels alone, and each less urgent kind leaves another `step` free.
    """

    limit: int
    window_ns: int
    reserve: int
    step: int = 0
    by_request: bool = False

    def __post_init__(self) -> None:
        if self.window_ns <= 0 or self.reserve < 0 or self.step < 0 or self.ceiling(Kind.READ) < 1:
            raise ConfigError(
                f"a budget of {self.limit} with {self.reserve} for cancels and steps of {self.step}"
                " leaves nothing for reads: raise the limit or lower the reserve"
            )

    def ceiling(self, kind: Kind) -> int:
        """Return how far the total may rise with a request of this kind."""
        return self.limit if kind == Kind.CANCEL else self.limit - self.reserve - kind * self.step


class Window:
    """One rule and what has been used of it."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._uses: deque[tuple[int, int, str]] = deque()
        self._used = 0
        self._used_by: dict[str, int] = {}
        self._asked_ns: dict[str, int] = {}

    def wait_ns(self, weight: int, kind: Kind, market: str, now_ns: int) -> int:
        """Return 0 where the request fits, else the nanoseconds until it is worth asking again."""
        self._expire(now_ns)
        weight = 1 if self.rule.by_request else weight
        ceiling = self.rule.ceiling(kind)
        if weight > ceiling:
            raise ConfigError(f"a {kind.name} of weight {weight} never fits into {ceiling}")
        excess = self._used + weight - ceiling
        if excess > 0:
            return self._until_free_ns(excess, now_ns)
        if kind >= Kind.PLACE and not self._is_fair(weight, market, ceiling, now_ns):
            return self._until_free_ns(1, now_ns)
        return 0

    def take(self, weight: int, market: str, now_ns: int) -> None:
        """Count a request that is sent now."""
        weight = 1 if self.rule.by_request else weight
        self._uses.append((now_ns, weight, market))
        self._used += weight
        self._used_by[market] = self._used_by.get(market, 0) + weight

    def export(self) -> list[int]:
        """Return moments and weights in turn, oldest first."""
        return [number for use in self._uses for number in use[:2]]

    def restore(self, numbers: Sequence[int], now_ns: int) -> None:
        """Take up what another process has used. A clock that was set back makes it no younger."""
        for at_ns, weight in zip(numbers[::2], numbers[1::2], strict=True):
            self._uses.append((min(at_ns, now_ns), weight, ""))
            self._used += weight
            self._used_by[""] = self._used_by.get("", 0) + weight
        # What this process has used already is younger: uses are let go from the oldest on.
        self._uses = deque(sorted(self._uses))

    def _expire(self, now_ns: int) -> None:
        oldest_ns = now_ns - self.rule.window_ns
        while self._uses and self._uses[0][0] <= oldest_ns:
            _, weight, market = self._uses.popleft()
            self._used -= weight
            self._used_by[market] -= weight

    def _until_free_ns(self, weight: int, now_ns: int) -> int:
        for at_ns, used, _ in self._uses:
            weight -= used
            if weight <= 0:
                return at_ns + self.rule.window_ns - now_ns
        return self.rule.window_ns

    def _is_fair(self, weight: int, market: str, ceiling: int, now_ns: int) -> bool:
        """Tell whether the request leaves to each market that asks what is left of its share."""
        self._asked_ns[market] = now_ns
        used = self._used_by.get(market, 0)
        if used + weight <= ceiling // len(self._asked_ns):
            return True
        oldest_ns = now_ns - self.rule.window_ns
        active = [name for name, at_ns in self._asked_ns.items() if at_ns > oldest_ns]
        share = ceiling // len(active)
        if used + weight <= max(share, weight):
            return True
        owed = sum(max(0, share - self._used_by.get(o, 0)) for o in active if o != market)
        return self._used + weight + owed <= ceiling


class Scope:
    """What a venue counts by: windows, requests in flight, and silence where it was asked for."""

    def __init__(
        self,
        name: str,
        rules: Sequence[Rule],
        most_in_flight: int | None = None,
        in_flight_reserve: int = 0,
    ) -> None:
        self.name = name
        self.silent_until_ns = 0
        self.in_flight = 0
        self.on_silence: Callable[[], None] | None = None
        self.windows = tuple(Window(rule) for rule in rules)
        self._most_in_flight = most_in_flight
        self._in_flight_reserve = in_flight_reserve

    def silence(self, until_ns: int) -> None:
        """Send nothing before `until_ns`, cancels included; an earlier end never shortens it."""
        if until_ns > self.silent_until_ns:
            self.silent_until_ns = until_ns
            if self.on_silence is not None:
                self.on_silence()

    def wait_ns(self, weight: int, kind: Kind, market: str, now_ns: int) -> int:
        """Return 0 where the request fits, else the nanoseconds until it is worth asking again."""
        waits = [w.wait_ns(weight, kind, market, now_ns) for w in self.windows]
        waits.append(self.silent_until_ns - now_ns)
        if self._most_in_flight is not None:
            reserve = 0 if kind == Kind.CANCEL else self._in_flight_reserve
            waits.append(0 if self.in_flight < self._most_in_flight - reserve else LOOK_NS)
        return max(0, *waits)

    def export(self) -> dict[str, list[int]]:
        """Return the silence's end and each window's uses, as plain numbers."""
        uses = {str(window.rule.window_ns): window.export() for window in self.windows}
        return {"silent_until_ns": [self.silent_until_ns], **uses}

    def restore(self, state: Mapping[str, Sequence[int]], now_ns: int) -> None:
        """Take up an exported state; a window that it does not know begins empty."""
        self.silence(max(state.get("silent_until_ns", (0,))))
        for window in self.windows:
            window.restore(state.get(str(window.rule.window_ns), ()), now_ns)


class Pacer:
    """The scopes that one sort of request counts in; scopes are shared between pacers."""

    def __init__(self, *scopes: Scope) -> None:
        self.scopes = scopes

    def try_take(self, weight: int, kind: Kind, now_ns: int, market: str = "") -> int:
        """Take the budget for one request in every scope, or in none.

        Returns 0 when it was taken: send now, and call `release` when it is answered or lost.
        Else the nanoseconds until it is worth asking again. Never waits: ask before signing.
        Raises ConfigError where the request can never fit.
        """
        wait_ns = max((s.wait_ns(weight, kind, market, now_ns) for s in self.scopes), default=0)
        if wait_ns > 0:
            return wait_ns
        for scope in self.scopes:
            scope.in_flight += 1
            for window in scope.windows:
                window.take(weight, market, now_ns)
        return 0

    def release(self) -> None:
        """Give back one place in flight. What was never taken makes no room."""
        for scope in self.scopes:
            scope.in_flight = max(0, scope.in_flight - 1)

    def silence(self, until_ns: int) -> None:
        """Send nothing in any of the scopes before `until_ns`."""
        for scope in self.scopes:
            scope.silence(until_ns)

    async def turn(self, weight: int, kind: Kind, clock: Clock, market: str = "") -> None:
        """Wait until the budget was taken. For requests that grow no worse by waiting."""
        while True:
            wait_ns = self.try_take(weight, kind, clock.now_ns(), market)
            if wait_ns == 0:
                return
            await asyncio.sleep(wait_ns / 1e9)
