"""Write down what truly happened, one JSON object a line, for judges that trust nobody else.

The facts of orders, trades and money are those of `tests.stage.truth`, so its judges read them too;
here are those that only a venue of its own process knows. A line holds the fact's name, the
account it concerns, and its fields; Decimals are text, times nanoseconds of the venue.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import IO, Any, get_type_hints

from tests.stage import truth as stage


@dataclass(frozen=True, slots=True)
class Passed:
    """A request has come through the door, before any fault had its way with it."""

    ns: int
    operation: str
    market: str


@dataclass(frozen=True, slots=True)
class Came:
    """A signed transaction has come through the door, before any fault had its way with it."""

    ns: int
    kind: str
    market: str
    client_id: int
    raw: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed transaction was judged at the door: `code` is 200 or why it was refused."""

    ns: int
    kind: str
    market: str
    tx_hash: str
    key: int
    nonce: int
    client_id: int
    code: int
    raw: str


@dataclass(frozen=True, slots=True)
class Executed:
    """A transaction was carried out; `error` is what it failed of, 0 for nothing."""

    ns: int
    tx_hash: str
    error: int


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection was opened."""

    ns: int
    number: int


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A connection hears a channel from now on, or no more."""

    ns: int
    number: int
    channel: str
    begins: bool


@dataclass(frozen=True, slots=True)
class HungUp:
    """A connection has ended."""

    ns: int
    number: int


@dataclass(frozen=True, slots=True)
class Held:
    """A position after something moved it; lots are signed."""

    ns: int
    market: str
    lots: int
    entry: Decimal


Fact = stage.Fact | Passed | Came | Signed | Executed | Connected | Subscribed | HungUp | Held
KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        stage.Accepted,
        stage.Amended,
        stage.Charged,
        stage.Ended,
        stage.Fault,
        stage.Feed,
        stage.Moment,
        stage.Paid,
        stage.Refused,
        stage.Shown,
        stage.Taken,
        stage.Traded,
        Passed,
        Came,
        Signed,
        Executed,
        Connected,
        Subscribed,
        HungUp,
        Held,
    )
}


OWN = (Passed, Signed, Executed, Connected, Subscribed, HungUp, Held)
REQUESTS = {"create": "place"}
"""What the stage calls a transaction of a kind; other kinds have their own word there too."""


@dataclass(frozen=True, slots=True)
class Line:
    """A fact and the account that it concerns; None: nobody's, or the market's."""

    account: int | None
    fact: Fact


class TruthLog:
    """Facts in order: in a file, at once, or kept in memory, or (`is_kept` False) nowhere."""

    def __init__(self, file: IO[str] | None = None, is_kept: bool = True) -> None:
        self.lines: list[Line] = []
        self._file = file
        self._is_kept = is_kept

    def tell(self, fact: Fact, account: int | None = None) -> None:
        """Append a fact."""
        if self._file is None:
            if self._is_kept:
                self.lines.append(Line(account, fact))
            return
        words = {"fact": type(fact).__name__, "account": account, **asdict(fact)}
        self._file.write(json.dumps(words, default=str) + "\n")
        self._file.flush()

    def of(self, kind: type[Any], account: int | None = None) -> list[Any]:
        """Return the kept facts of a kind, of one account or of all."""
        lines = (line for line in self.lines if isinstance(line.fact, kind))
        return [line.fact for line in lines if account in (None, line.account)]


def stage_truth(lines: Iterable[Line], account: int) -> stage.Truth:
    """Return one account's facts, and the market's, as the log that the stage's judges read.

    Transactions become requests; what only a venue of its own process knows is left out.
    """
    truth = stage.Truth()
    for line in lines:
        if line.account not in (None, account):
            continue
        fact = line.fact
        if isinstance(fact, Came):
            raw = fact.raw.encode()
            word = REQUESTS.get(fact.kind, fact.kind)
            truth.tell(stage.Request(fact.ns, word, fact.market, fact.client_id, raw))
        elif not isinstance(fact, OWN):
            truth.tell(fact)
    return truth


def read(path: Path) -> Iterator[Line]:
    """Yield the lines of a log."""
    with path.open() as file:
        for text in file:
            yield of_text(text)


def of_text(text: str) -> Line:
    """Return what a line of a log says."""
    words = json.loads(text)
    kind, account = KINDS[words.pop("fact")], words.pop("account")
    return Line(account, kind(**_typed(kind, words)))


def _typed(kind: type[Any], words: dict[str, Any]) -> dict[str, Any]:
    typed = {}
    for name, hint in _hints(kind):
        value = words[name]
        if hint in (Decimal, Decimal | None) and value is not None:
            value = Decimal(value)
        elif isinstance(value, list):
            value = tuple(tuple(row) for row in value)
        typed[name] = value
    return typed


@cache
def _hints(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((each.name, hints[each.name]) for each in fields(kind))
