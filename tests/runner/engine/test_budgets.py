"""What a venue has counted of us outlives the process."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from connectors.pacing import Kind, Pacer, Rule, Scope
from connectors.venue import Venue
from runner.engine.budgets import BudgetBook, take_up
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter
from tests.runner.engine.ledger.made import MARKET, TERMS
from tests.support import NOW_NS, SECOND_NS


@dataclass
class Clock:
    ns: int = NOW_NS

    def now_ns(self) -> int:
        """Return the moment."""
        return self.ns


@dataclass
class Counting:
    """A venue that counts requests in one scope: three in ten seconds."""

    scopes: tuple[Scope, ...] = field(
        default_factory=lambda: (Scope("account", (Rule(3, 10 * SECOND_NS, 0),)),)
    )


def process(path: Path, clock: Clock) -> tuple[Scope, BudgetBook, DirectWriter]:
    """Return what a start makes: the scope, its book, and the ledger's writer."""
    venues = {"x": cast("Venue", Counting())}
    store = Store(path, {MARKET: TERMS})
    take_up(venues, store.budgets(), clock.now_ns())
    writer = DirectWriter(store, cast("Any", clock))
    book = BudgetBook(venues, writer, cast("Any", clock))
    return venues["x"].scopes[0], book, writer


def test_a_start_goes_on_from_what_was_used(tmp_path: Path) -> None:
    clock = Clock()
    scope, book, writer = process(tmp_path / "x.sqlite", clock)
    for _ in range(3):
        assert Pacer(scope).try_take(1, Kind.PLACE, clock.ns) == 0
    book.keep()
    writer.close()
    clock.ns += 4 * SECOND_NS
    scope, _, writer = process(tmp_path / "x.sqlite", clock)
    assert Pacer(scope).try_take(1, Kind.PLACE, clock.ns) == 6 * SECOND_NS
    clock.ns += 6 * SECOND_NS
    assert Pacer(scope).try_take(1, Kind.PLACE, clock.ns) == 0
    writer.close()


def test_a_ban_is_written_when_it_is_heard(tmp_path: Path) -> None:
    clock = Clock()
    scope, _, writer = process(tmp_path / "x.sqlite", clock)
    scope.silence(NOW_NS + 60 * SECOND_NS)
    writer.close()
    scope, _, _ = process(tmp_path / "x.sqlite", clock)
    assert Pacer(scope).try_take(1, Kind.CANCEL, clock.ns) == 60 * SECOND_NS


def test_only_what_has_changed_is_written(tmp_path: Path) -> None:
    clock = Clock()
    scope, book, writer = process(tmp_path / "x.sqlite", clock)
    put: list[object] = []
    writer.put = put.append  # type: ignore[method-assign, assignment]
    book.keep()
    assert put == []
    Pacer(scope).try_take(1, Kind.READ, clock.ns)
    book.keep()
    book.keep()
    assert len(put) == 1
