"""Say what a request is to a stand-in, what it answers, and what becomes of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: names of headers in lower case, the form or query as words."""

    method: str
    path: str
    words: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    address: str = "127.0.0.1"
    query: str = ""
    """What follows the question mark, as it was sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the venue says."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)


class Fate(StrEnum):
    """What becomes of an answer on its way."""

    ARRIVES = "arrives"
    RESET = "reset"
    NEVER = "never"
    UNSENT = "unsent"
    """No byte of the request was sent, and its sender knows; over sockets a broken connection."""
    LATER = "later"
    """The request itself arrives only after the plan's time, and is met then as if nothing was."""
    CUT = "cut"
    """Headers and half of the body arrive, and then the connection breaks."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a request is met: the answer, how long it takes, and its fate."""

    answer: Answer
    after_s: float = 0.0
    fate: Fate = Fate.ARRIVES


def said(words: Any, status: int = 200) -> Answer:
    """Answer with JSON."""
    return Answer(status, msgspec.json.encode(words))
