"""A lead tells what is news; what goes wrong in one market stays in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from connectors.model.book import Book, clear, set_ask, set_bid
from connectors.model.events import BUY, LEAD, MarketRows
from runner.engine.lead import EVERY_NS, Leader, Told, is_news
from runner.engine.session import Session
from runner.engine.station import Station
from runner.engine.worker import Worker
from strategies import reasons as why
from tests.deploys import settings_for
from tests.sessions import START_NS, run_session

S = 1_000_000_000


def book_at(bid: int, ask: int) -> Book:
    book = Book()
    clear(book)
    set_bid(book, bid, 5)
    set_ask(book, ask, 5)
    return book


def test_a_mid_is_news_when_it_changes_and_ten_times_a_second() -> None:
    told, same, moved = Told(), book_at(100, 102), book_at(101, 103)
    assert is_news(told, same, START_NS)
    assert not is_news(told, same, START_NS + EVERY_NS - 1)
    assert is_news(told, same, START_NS + EVERY_NS)
    assert is_news(told, moved, START_NS + EVERY_NS + 1)
    assert told.half_ticks == 204


@pytest.mark.parametrize("book", [book_at(102, 101), book_at(1 << 30, (1 << 30) + 1)])
def test_a_book_that_says_nothing_is_told_as_unknown(book: Book) -> None:
    told = Told()
    assert is_news(told, book_at(100, 102), START_NS)
    assert is_news(told, book, START_NS + 1)
    assert told.half_ticks == 0


@dataclass
class Ear:
    """A follower that remembers."""

    heard: list[tuple[int, int, int]] = field(default_factory=list)

    def hear(self, rows: MarketRows, now_ns: int) -> None:
        self.heard += [
            (k, t, now_ns - START_NS) for k, t in zip(rows.kind, rows.ticks, strict=True)
        ]


def test_every_follower_hears_what_is_told_and_what_is_lost() -> None:
    ears = [Ear(), Ear()]
    leader = Leader(ears)
    leader.tell(book_at(100, 102), START_NS)
    leader.tell(book_at(100, 102), START_NS + 1)
    leader.lose(START_NS + 2)
    leader.tell(book_at(100, 102), START_NS + 3)
    for ear in ears:
        assert ear.heard == [(LEAD, 202, 0), (LEAD, 0, 2), (LEAD, 202, 3)]


@dataclass
class Breaking:
    """A tape that fails once when told to."""

    tape: Any
    when: Callable[[MarketRows], bool]

    def append(self, rows: MarketRows, i: int, j: int) -> None:
        if self.when(rows):
            raise RuntimeError("the tape broke")
        self.tape.append(rows, i, j)

    def flush(self) -> None:
        self.tape.flush()

    def close(self) -> None:
        self.tape.close()


WORDS = ("experiment=lead_lag", "duration_s=20", "reference.lead_half_life_s=2")


def played(
    tmp_path: Path, change: Callable[[dict[str, Station], Session], None]
) -> tuple[dict[str, Worker], list[tuple[int, int, int]]]:
    """Run both markets with one change; return the workers and the follower's reasons over time."""
    seen: list[tuple[int, int, int]] = []

    def look(workers: Sequence[Worker], now_ns: int) -> None:
        for worker in workers:
            if worker.market.name == "btc":
                quotes = worker.market.desk.quotes
                places = worker.market.desk.tally.places
                seen.append((now_ns - START_NS, quotes.reasons[BUY], places))

    def prepare(session: Session) -> None:
        stations = {s.name: s for group in session.stations.values() for s in group}
        change(stations, session)

    finished = run_session(settings_for(*WORDS), tmp_path, look=look, prepare=prepare)
    assert finished.code == 0
    return {w.market.name: w for w in finished.built.workers}, seen


def had(seen: Sequence[tuple[int, int, int]], reason: int, since_ns: int, until_ns: int) -> bool:
    return any(mask & reason for at, mask, _ in seen if since_ns <= at < until_ns)


def test_a_lead_that_raises_is_restarted_and_its_follower_goes_on_from_its_own_mid(
    tmp_path: Path,
) -> None:
    def change(stations: dict[str, Station], session: Session) -> None:
        lead = stations["btc_lead"]
        lead.worker.tape = Breaking(
            lead.worker.tape, lambda rows: session.clock.now_ns() > START_NS + 10 * S
        )

    workers, seen = played(tmp_path, change)
    assert had(seen, why.LEAD_STALE, 10 * S, 11 * S)
    assert not had(seen, why.SUSPENDED | why.RECONCILING, 5 * S, 19 * S)
    assert not had(seen, why.LEAD_STALE, 14 * S, 19 * S)
    assert workers["btc_lead"].market.desk.tally.places == 0


def test_a_follower_that_raises_on_what_it_hears_leaves_its_lead_alone(tmp_path: Path) -> None:
    def change(stations: dict[str, Station], session: Session) -> None:
        told = stations["btc"].worker
        told.tape = Breaking(
            told.tape,
            lambda rows: rows.kind[:1] == [LEAD] and session.clock.now_ns() > START_NS + 8 * S,
        )

    workers, seen = played(tmp_path, change)
    assert had(seen, why.SUSPENDED, 8 * S, 10 * S)
    assert not had(seen, why.SUSPENDED, 14 * S, 19 * S)
    lead = workers["btc_lead"].market.desk
    assert lead.held & why.SUSPENDED == 0
    assert lead.signals.seen_ns > START_NS + 19 * S


def test_a_lead_that_falls_silent_is_stale_after_its_age_limit(tmp_path: Path) -> None:
    def change(stations: dict[str, Station], session: Session) -> None:
        session.venues["sim"]._markets["btc_lead"].source = Ending(
            session.venues["sim"]._markets["btc_lead"].source, START_NS + 10 * S
        )

    _, seen = played(tmp_path, change)
    assert not had(seen, why.LEAD_STALE, 5 * S, 10 * S)
    assert had(seen, why.LEAD_STALE, 11 * S, 13 * S)
    before, after = (max(p for at, _, p in seen if at < t) for t in (12 * S, 19 * S))
    assert after > before


@dataclass
class Ending:
    """A source that says nothing after a moment."""

    source: Any
    last_ns: int

    def next_ns(self) -> int:
        moment = self.source.next_ns()
        return moment if moment <= self.last_ns else 1 << 62

    def take(self, rows: MarketRows, feed_latency_ns: int) -> None:
        self.source.take(rows, feed_latency_ns)
