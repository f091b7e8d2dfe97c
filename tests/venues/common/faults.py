"""Let things go wrong on the way: what may happen to any venue's requests and frames.

The words are those of `tests.stage.faults`. An action on requests has `meet(call)`, where calling
`call` lets the venue do what was asked; one on connections `knock()`; one on frames
`frames(frame, chance)`, which returns what is sent instead, each with its delay; a deed
`do(venue)`. Which request or frame goes wrong, a step of the script says (`tests.stage.script`).
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from tests.venues.common.http import JSON, Answer, Asked, Fate, Plan, said

Sent = Sequence[tuple[float, bytes]]
NOTHING = Answer(0, b"")
HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


class Call(Protocol):
    """A request that has arrived: called, it is carried out."""

    asked: Asked
    chance: random.Random

    def __call__(self) -> Answer:
        """Let the venue do it."""


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

    def copy(self) -> dict[str, Any]:
        """Return words that may be changed."""
        return dict(json.loads(self.encoded()))


@dataclass(frozen=True, slots=True)
class Delay:
    """The answer comes late; `is_processed` False: the request does."""

    s: float
    is_processed: bool = True

    def meet(self, call: Call) -> Plan:
        """Do it now or later."""
        return Plan(call(), self.s) if self.is_processed else Plan(NOTHING, self.s, Fate.LATER)


@dataclass(frozen=True, slots=True)
class DropRequest:
    """It never arrives; nobody says so."""

    def meet(self, call: Call) -> Plan:
        """Do nothing."""
        return Plan(NOTHING, fate=Fate.NEVER)


@dataclass(frozen=True, slots=True)
class DropResponse:
    """It is carried out; the answer never arrives."""

    def meet(self, call: Call) -> Plan:
        """Do it, and say nothing."""
        return Plan(call(), fate=Fate.NEVER)


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks instead of an answer, before or after it was carried out."""

    is_processed: bool = True

    def meet(self, call: Call) -> Plan:
        """Break it."""
        return Plan(call() if self.is_processed else NOTHING, fate=Fate.RESET)


@dataclass(frozen=True, slots=True)
class Http:
    """A gateway answers in the venue's place."""

    status: int = 502
    text: str = HTML
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "text/html"})
    is_processed: bool = False

    def meet(self, call: Call) -> Plan:
        """Answer as a gateway does."""
        if self.is_processed:
            call()
        return Plan(Answer(self.status, self.text.encode(), self.headers))


@dataclass(frozen=True, slots=True)
class SlowBody:
    """The head of the answer arrives, and then the connection breaks in its body."""

    def meet(self, call: Call) -> Plan:
        """Do it, and cut the answer."""
        return Plan(call(), fate=Fate.CUT)


@dataclass(frozen=True, slots=True)
class TooMany:
    """The venue has had enough of this one request, and says how long to wait."""

    status: int = 429
    retry_after_s: float = 10.0

    def meet(self, call: Call) -> Plan:
        """Refuse it."""
        headers = {**JSON, "retry-after": str(round(self.retry_after_s))}
        body = said({"code": 23000, "message": "Too Many Requests!"}).body
        return Plan(Answer(self.status, body, headers))


@dataclass(frozen=True, slots=True)
class Edit:
    """An answer or a frame says something else: `words` are put over its own, by dotted path."""

    words: dict[str, Any]

    def meet(self, call: Call) -> Plan:
        """Do it, and change what is said about it."""
        answer = call()
        return Plan(said(edited(json.loads(answer.body), self.words), answer.status))

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Change what is said."""
        return [(0.0, msgspec.json.encode(edited(frame.copy(), self.words)))]


@dataclass(frozen=True, slots=True)
class DnsFail:
    """Nothing connects: the name does not resolve, or nobody listens."""

    def meet(self, call: Call) -> Plan:
        """Let the request not leave at all."""
        return Plan(NOTHING, fate=Fate.UNSENT)

    def knock(self) -> None:
        """Refuse the connection."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Never delivered."""

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Delivered several times, the later ones after a while."""

    copies: int = 2
    s: float = 0.05

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send it repeatedly."""
        return [(k * self.s, frame.encoded()) for k in range(self.copies)]


@dataclass(frozen=True, slots=True)
class Late:
    """Delivered later than what follows it."""

    s: float

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send it late."""
        return [(self.s, frame.encoded())]


@dataclass(frozen=True, slots=True)
class Reorder:
    """Delivered at some moment within `s`, so that others overtake it."""

    s: float = 0.2

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send it later, by chance."""
        return [(chance.random() * self.s, frame.encoded())]


@dataclass(frozen=True, slots=True)
class Garbage:
    """Something else is delivered: text as given, or that many bytes of nonsense."""

    text: str = '{"type":'
    size: int = 0

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send nonsense."""
        return [(0.0, b'"' + b"x" * self.size + b'"' if self.size else self.text.encode())]


def edited(words: Any, changes: dict[str, Any]) -> Any:
    """Return JSON with values put in by dotted path; `*` stands for each part of a list or object.

    The value `__drop__` takes a key out.
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
    "drop_request": DropRequest,
    "drop_response": DropResponse,
    "reset": Reset,
    "http": Http,
    "slow_body": SlowBody,
    "too_many": TooMany,
    "edit": Edit,
    "dns_fail": DnsFail,
    "drop": Drop,
    "duplicate": Duplicate,
    "late": Late,
    "reorder": Reorder,
    "garbage": Garbage,
}
