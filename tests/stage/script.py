"""Say which fault happens when: a script is a list of steps, each one action and its moment.

A step waits for a moment (`at_s`) or for something that passes (`when`): a request (`place`,
`cancel`, `orders`, `order`, `trades`, `positions`; `write`, `read`, `request` for any), a
connection (`connect`, `connect.market`, `connect.account`) or a frame (`snapshot`, `update`,
`accepted`, `filled`, `cancelled`, `expired`, `hello`; `market`, `account`, `frame` for any).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ALWAYS = 1_000_000_000


@dataclass(slots=True)
class Step:
    """One action. Of what matches, the `nth` is the first it takes, and `times` in a row; with
    `every` it begins again after so many."""

    name: str
    action: Any
    at_s: float | None = None
    when: str | None = None
    nth: int = 1
    times: int = 1
    every: int | None = None
    after_s: float = 0.0
    until_s: float = ALWAYS
    market: str | None = None
    seen: int = 0

    def takes(self, names: tuple[str, ...], market: str, now_s: float) -> bool:
        """Tell whether this passing thing is one that the action is for; it is counted."""
        if self.when not in names or not self.after_s <= now_s < self.until_s:
            return False
        if self.market is not None and market not in ("", self.market):
            return False
        self.seen += 1
        beyond = self.seen - self.nth
        if self.every is not None and beyond >= 0:
            beyond %= self.every
        return 0 <= beyond < self.times


class Script:
    """Steps, asked again and again what they do to whatever passes, until the script is over."""

    def __init__(self, steps: Sequence[Step], over_s: float = ALWAYS) -> None:
        self.steps = tuple(steps)
        self._over_s = over_s

    def timed(self) -> list[Step]:
        """Return the steps that wait for a moment, in order of it."""
        timed = [step for step in self.steps if step.at_s is not None]
        return sorted(timed, key=lambda step: step.at_s or 0.0)

    def passing(self, names: tuple[str, ...], market: str, now_s: float) -> Step | None:
        """Return the step that takes what passes under any of its names; the script's first."""
        if now_s >= self._over_s:
            return None
        taken = [step for step in self.steps if step.takes(names, market, now_s)]
        return taken[0] if taken else None
