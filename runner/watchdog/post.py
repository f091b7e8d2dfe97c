"""Say what a watchdog watches, and how: the first line that it is told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

BEAT = b"."
"""The deploy's loop runs; the watchdog answers with the same."""
READY, WORKING = b"r", b"w"
"""What a watchdog says by itself: it stands by; it has begun to cancel."""
GOODBYE = b"!"
"""Nothing rests: leave, and do nothing."""

DISMISSED, MISLED, NOT_CLEARED, CLEARED = 0, 2, 3, 4
"""Exit codes: it was told goodbye; it could not begin; it has cancelled and orders may rest; it has
cancelled and nothing rests."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One account: its venue's name, who makes its rescue (`module:function`), and from what.

    Whoever watches over it holds `lock`: one watchdog at a time clears an account.
    """

    name: str
    maker: str
    words: Mapping[str, Any]
    lock: str


@dataclass(frozen=True, slots=True)
class Post:
    """What is watched. `log` is where each step is written."""

    silence_s: float
    log: str
    charges: Sequence[Charge]

    def line(self) -> bytes:
        """Return it as one line. No key is in it: only the names of where they are."""
        charges = [[each.name, each.maker, dict(each.words), each.lock] for each in self.charges]
        return json.dumps([self.silence_s, self.log, charges]).encode() + b"\n"

    @classmethod
    def of(cls, line: bytes) -> Self:
        """Return what a line says."""
        silence_s, log, charges = json.loads(line)
        return cls(silence_s, log, [Charge(*each) for each in charges])
