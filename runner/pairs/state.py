"""Hold what a pair has to know after a restart, as JSON of plain numbers."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from connectors.model.errors import ConfigError
from strategies.funding.book import Book, Phase
from strategies.funding.rules import Position


@dataclass(frozen=True, slots=True)
class Entered:
    """How a position began: when, what one leg was to hold, and at which mids."""

    at_ns: int
    size_base: str
    first_price: float
    second_price: float


@dataclass(frozen=True, slots=True)
class PairState:
    """What a pair holds and remembers. `wallets` are lots that its legs' accounts hold besides."""

    legs: tuple[str, str]
    grain: str
    wallets: tuple[int, int]
    position: Position = field(default_factory=Position)
    book: Book = field(default_factory=Book)
    entered: Entered | None = None


def dumped(state: PairState) -> str:
    """Return the state as text."""
    return json.dumps(asdict(replace(state, book=Book())) | {"book": _book(state.book)})


def loaded(text: str) -> PairState:
    """Return the state that `dumped` has written."""
    told = json.loads(text)
    entered = told["entered"]
    return PairState(
        legs=tuple(told["legs"]),
        grain=told["grain"],
        wallets=tuple(told["wallets"]),
        position=Position(**told["position"]),
        book=Book(**told["book"] | {"phase": Phase[told["book"]["phase"]]}),
        entered=None if entered is None else Entered(**entered),
    )


def taken_up(name: str, kept: str | None, fresh: PairState) -> PairState:
    """Return the state to go on with; raise ConfigError where it holds other legs, or other lots.

    One that holds nothing goes on with the legs of today, and remembers when it was left.
    """
    if kept is None:
        return fresh
    found = loaded(kept)
    if (found.legs, found.grain) == (fresh.legs, fresh.grain):
        return found
    if found.position.direction or found.book.goal_lots:
        raise ConfigError(
            f"pairs.{name}: expected the legs {' and '.join(found.legs)} with a common step of"
            f" {found.grain}, which hold a position, was {' and '.join(fresh.legs)} with"
            f" {fresh.grain}; leave it first"
        )
    return replace(fresh, position=found.position)


def _book(book: Book) -> dict[str, Any]:
    return asdict(book) | {"phase": book.phase.name}
