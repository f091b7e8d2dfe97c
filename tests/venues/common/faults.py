"""Let things go wrong on the way: what may happen to any venue's requests and frames.

An action on requests has `meet(carry, chance)`, where `carry` lets the venue do what was asked; one
on frames has `frames(frame, chance)` and returns what is sent instead, each with its delay. Which
request or frame it is that goes wrong, a step of the script says (`tests.stage.script`).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tests.venues.common.http import JSON, Answer, Fate, Plan

Carry = Callable[[], Answer]
Sent = Sequence[tuple[float, bytes]]
NOTHING = Answer(0, b"")


@dataclass(slots=True)
class Frame:
    """A message to clients. `names` are what a script may call it by."""

    names: tuple[str, ...]
    market: str
    words: dict[str, Any]
    _encoded: bytes | None = None

    def encoded(self) -> bytes:
        """Return its bytes, spelled once."""
        if self._encoded is None:
            self._encoded = msgspec.json.encode(self.words)
        return self._encoded


@dataclass(frozen=True, slots=True)
class Delay:
    """The answer, or the frame, comes late; the deed itself does not."""

    ms: float

    def meet(self, carry: Carry, chance: random.Random) -> Plan:
        """Do it, and answer late."""
        return Plan(carry(), self.ms / 1e3)

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send it late."""
        return [(self.ms / 1e3, frame.encoded())]


@dataclass(frozen=True, slots=True)
class DropRequest:
    """The request never arrives; whoever sent it hears nothing."""

    def meet(self, carry: Carry, chance: random.Random) -> Plan:
        """Do nothing."""
        return Plan(NOTHING, fate=Fate.NEVER)


@dataclass(frozen=True, slots=True)
class DropAnswer:
    """It is done, and the answer is lost."""

    def meet(self, carry: Carry, chance: random.Random) -> Plan:
        """Do it, and say nothing."""
        return Plan(carry(), fate=Fate.NEVER)


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks instead of an answer; `done`: after the deed, otherwise before."""

    done: bool = True

    def meet(self, carry: Carry, chance: random.Random) -> Plan:
        """Break it."""
        return Plan(carry() if self.done else NOTHING, fate=Fate.RESET)


@dataclass(frozen=True, slots=True)
class Http:
    """A gateway answers instead of the venue; `done`: although the venue has done it."""

    status: int = 502
    body: str = "<html><body>Bad Gateway</body></html>"
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "text/html"})
    done: bool = False

    def meet(self, carry: Carry, chance: random.Random) -> Plan:
        """Answer as a gateway does."""
        if self.done:
            carry()
        return Plan(Answer(self.status, self.body.encode(), self.headers))


@dataclass(frozen=True, slots=True)
class SlowBody:
    """The head of the answer arrives, and then the connection breaks in its body."""

    def meet(self, carry: Carry, chance: random.Random) -> Plan:
        """Do it, and cut the answer."""
        return Plan(carry(), fate=Fate.CUT)


@dataclass(frozen=True, slots=True)
class Edit:
    """An answer or a frame says something else: `words` are put over its own, by dotted path."""

    words: dict[str, Any]

    def meet(self, carry: Carry, chance: random.Random) -> Plan:
        """Do it, and change what is said about it."""
        answer = carry()
        body = edited(msgspec.json.decode(answer.body), self.words)
        return Plan(Answer(answer.status, msgspec.json.encode(body), JSON))

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Change what is said."""
        words = edited(msgspec.json.decode(frame.encoded()), self.words)
        return [(0.0, msgspec.json.encode(words))]


@dataclass(frozen=True, slots=True)
class Drop:
    """The frame is lost."""

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The frame comes again, `n` times."""

    n: int = 1

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send it repeatedly."""
        return [(0.0, frame.encoded())] * (self.n + 1)


@dataclass(frozen=True, slots=True)
class Reorder:
    """The frame comes at some moment within `ms`, so that others overtake it."""

    ms: float = 200.0

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send it later, by chance."""
        return [(chance.random() * self.ms / 1e3, frame.encoded())]


@dataclass(frozen=True, slots=True)
class Garbage:
    """Something else comes in the frame's place: text as given, or that many bytes of nonsense."""

    text: str = '{"type":'
    size: int = 0

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send nonsense."""
        return [(0.0, b'"' + b"x" * self.size + b'"' if self.size else self.text.encode())]


@dataclass(frozen=True, slots=True)
class Burst:
    """The frame comes in a crowd: `n` copies of it, spread over `ms`."""

    n: int = 100
    ms: float = 0.0

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send copies."""
        return [(k * self.ms / 1e3 / self.n, frame.encoded()) for k in range(self.n)]


def edited(words: Any, changes: dict[str, Any]) -> Any:
    """Return JSON with values put in by dotted path; `*` stands for each part of a list or object.

    A change to the word `__drop__` takes a key out.
    """
    for path, value in changes.items():
        _put(words, path.split("."), value)
    return words


def _put(words: Any, path: list[str], value: Any) -> None:
    head, rest = path[0], path[1:]
    keys: Sequence[Any] = range(len(words)) if isinstance(words, list) else list(words)
    if head != "*":
        keys = [int(head)] if isinstance(words, list) else [head]
    for key in keys:
        if rest:
            _put(words[key], rest, value)
        elif value == "__drop__":
            del words[key]
        else:
            words[key] = value


COMMON: dict[str, Callable[..., Any]] = {
    "delay": Delay,
    "drop_req": DropRequest,
    "drop_resp": DropAnswer,
    "reset": Reset,
    "http": Http,
    "slow_body": SlowBody,
    "edit": Edit,
    "ws_drop": Drop,
    "ws_dup": Duplicate,
    "ws_reorder": Reorder,
    "ws_garbage": Garbage,
    "ws_burst": Burst,
}
