"""Say what a watchdog watches, and how: the first line that it is told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

BEAT = b"."
"""The deploy's loop runs; the watchdog answers with the same."""
GOODBYE = b"!"
"""Nothing rests: leave, and do nothing."""

DISMISSED, MISLED, NOT_CLEARED, CLEARED = 0, 2, 3, 4
"""Exit codes: it was told goodbye; it could not begin; it has cancelled and orders may rest; it has
cancelled and nothing rests."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One account: its venue's name, who makes its rescue (`module:function`), and from what."""

    name: str
    maker: str
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """What is watched. `log` is where each step is written."""

    silence_s: float
    log: str
    charges: Sequence[Charge]

    def line(self) -> bytes:
        """Return it as one line. No key is in it: only the names of where they are."""
        charges = [[each.name, each.maker, dict(each.words)] for each in self.charges]
        return json.dumps([self.silence_s, self.log, charges]).encode() + b"\n"

    @classmethod
    def of(cls, line: bytes) -> Self:
        """Return what a line says."""
        silence_s, log, charges = json.loads(line)
        return cls(silence_s, log, [Charge(*each) for each in charges])
