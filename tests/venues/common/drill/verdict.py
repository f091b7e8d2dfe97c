"""Judge a drill from its files: the venue's truth, and the ledger opened to read."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from runner.settings import Settings
from runner.wiring.markets import enabled_markets, market_of
from tests.judges import ALL, told
from tests.stage.judges import ALWAYS, Judge
from tests.stage.process import Played, Silence
from tests.stage.truth import Fact, Fault, Moment, Paid, Request, Shown, Traded, Truth
from tests.venues.common.books import write_books
from tests.venues.common.drill.place import Place
from tests.venues.common.truth import Line, of_text

S = 1_000_000_000
ON_ITS_WAY_NS = 50_000_000
"""Two processes share the machine with others."""
LAWS: dict[str, str] = {
    "written_before_sent": "I1",
    "no_orphan": "I2",
    "no_ghost": "I2",
    "proven_ends": "I3",
    "every_fill_once": "I4",
    "positions_agree": "I5",
    "nothing_adjusted": "I5",
    "order_arithmetic": "I6",
    "terms_are_proven": "I6",
    "never_too_much": "I7",
    "one_intention_one_order": "I8",
    "silent_after_stop": "I10",
    "only_from_fresh": "I11",
    "nothing_invalid": "I12",
    "inside_budget": "I13",
    "fees_as_told": "I18",
    "funding_as_told": "I18",
}


@dataclass(slots=True)
class Verdict:
    """How often each judge has looked, and what was found, once each."""

    looks: Counter[str] = field(default_factory=Counter)
    found: dict[str, dict[str, None]] = field(default_factory=dict)

    def note(self, name: str, lines: Iterable[str]) -> None:
        """Count a look and keep what it found."""
        self.looks[name] += 1
        self.found.setdefault(name, {}).update(dict.fromkeys(lines))

    @property
    def findings(self) -> list[str]:
        """Return all that was found."""
        return [line for lines in self.found.values() for line in lines]


@dataclass(frozen=True, slots=True)
class Files:
    """What a drill leaves: read anew at each look."""

    place: Place
    settings: Settings
    truth: Path
    ledger: Path
    beside: tuple["Files", ...] = ()
    """Those of other venues that the same deploy trades at: one play holds the facts of all."""

    @property
    def names(self) -> dict[str, str]:
        """Return the deploy's markets by symbol."""
        markets = enabled_markets(self.settings)
        return {market.instrument.symbol: name for name, market in markets.items()}

    def lines(self) -> Iterator[Line]:
        """Yield what the venue has told; a line that is being written is left out."""
        whole = self.truth.read_bytes().rpartition(b"\n")[0]
        return (of_text(line) for line in whole.decode().splitlines())

    def facts(self) -> list[Fact]:
        """Return what the account was told of at this venue and those beside it."""
        heard = self.place.retold(self.names)
        own = [fact for line in self.lines() for fact in heard.facts(line)]
        return [*own, *(fact for files in self.beside for fact in files.facts())]

    def played(self, moments: Iterable[Moment], exits: tuple[int, ...] = ()) -> Played:
        """Return all of it as a play that is over now: the ledger first, and then the truth, which
        is never behind it. What only one venue asks for, as silence, is left out of several."""
        look = self._copied()
        facts = sorted([*self.facts(), *moments], key=lambda fact: fact.ns)
        silences = () if self.beside else tuple(_silences(facts, self.place.silenced))
        truth = Truth()
        for fact in facts:
            truth.tell(fact)
        start_ns, end_ns = facts[0].ns, facts[-1].ns
        return Played(
            settings=self.settings,
            truth=truth,
            ledger=look,
            start_ns=start_ns,
            calm_ns=end_ns,
            end_ns=end_ns,
            exits=exits,
            warnings=(),
            looks=(),
            limits=self._limits(facts),
            unwritten=tuple(_unwritten(look, facts)),
            silences=silences,
            fee_unit=max(files.place.fee_unit for files in (self, *self.beside)),
        )

    def judge(self, verdict: Verdict, played: Played, judges: Iterable[Judge] = ALWAYS) -> None:
        """Let judges look."""
        for judge in judges:
            verdict.note(judge.__name__, judge(played))

    def judge_books(self, verdict: Verdict, scratch: Path) -> None:
        """Hold the ledger against the venues' books, which have to agree in all."""
        for files in self.beside:
            files.judge_books(verdict, scratch)
        scratch.unlink(missing_ok=True)
        account, stamp_ns = self.place.account, self.place.stamp_ns
        write_books(scratch, self.lines(), account, str(account), self.names, stamp_ns)
        for judge in ALL:
            verdict.note(f"books: {judge.__name__}", told(self.ledger, scratch, judge))

    def _limits(self, facts: Iterable[Fact]) -> dict[str, int]:
        """Return how far each position may go, as sized at the first book; a little more, since
        the deploy has read another one a moment later."""
        limits: dict[str, int] = {}
        markets = enabled_markets(self.settings)
        numbers = {name: number for number, name in enumerate(markets)}
        for fact in facts:
            if isinstance(fact, Shown) and fact.market not in limits and fact.bids and fact.asks:
                tick = markets[fact.market].instrument.tick_size
                price = tick * (fact.bids[0][0] + fact.asks[0][0]) / 2
                number = numbers[fact.market]
                sized = market_of(fact.market, number, self.settings, price, fact.ns)
                limits[fact.market] = sized.limits.max_position_lots * 101 // 100
        return limits

    def _copied(self) -> Path:
        """Return a copy of the ledger as it stands."""
        copy = self.ledger.with_name("look.sqlite")
        copy.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True)) as db,
            closing(sqlite3.connect(copy)) as to,
        ):
            db.backup(to)
        return copy


def _unwritten(ledger: Path, facts: Iterable[Fact]) -> Iterator[tuple[str, int]]:
    """Yield what came before its row had been committed: orders, and new terms of one.

    What is younger than the copy of the ledger is left to the next look.
    """
    with closing(sqlite3.connect(ledger)) as db:
        orders = "SELECT market, client_id, intent_committed_ns FROM orders"
        placed = {(market, i): ns for market, i, ns in db.execute(orders)}
        (last_ns,) = db.execute("SELECT MAX(intent_ns) FROM orders").fetchone()
        amends = (
            "SELECT market, client_id, ticks, lots, intent_committed_ns FROM amends"
            " ORDER BY number DESC"
        )
        amended = {tuple(row[:4]): row[4] for row in db.execute(amends)}
    for fact in facts:
        if not isinstance(fact, Request) or fact.operation not in ("place", "modify"):
            continue
        if last_ns is not None and fact.ns > last_ns:
            continue
        committed_ns = placed.get((fact.market, fact.client_id))
        if fact.operation == "modify":
            words = json.loads(fact.raw)
            key = (fact.market, fact.client_id, words["ticks"], words["lots"])
            committed_ns = amended.get(key)
        if committed_ns is None or committed_ns > fact.ns:
            yield fact.market, fact.client_id


def _silences(facts: Sequence[Fact], silenced: frozenset[str]) -> Iterator[Silence]:
    """Yield the silences that a venue asked for. What had left the process still comes; and who
    cancels in the place of one that is killed has not heard of it."""
    kills = [fact.ns for fact in facts if isinstance(fact, Moment) and fact.what == "kill -9"]
    for fact in facts:
        if isinstance(fact, Fault) and fact.what == "too_many":
            ends = [ns for ns in kills if ns > fact.ns]
            yield Silence(fact.ns + ON_ITS_WAY_NS, min([fact.ns + 2 * S, *ends]), silenced)


def counted(played: Played) -> dict[str, int]:
    """Return how much went on."""
    facts = played.truth.facts
    requests = Counter(f.operation for f in facts if isinstance(f, Request))
    parts = Counter(f.order_id for f in facts if isinstance(f, Traded))
    return {
        "orders": requests["place"],
        "amends": requests["modify"],
        "cancels": requests["cancel"],
        "fills": parts.total(),
        "orders that traded in parts": sum(n > 1 for n in parts.values()),
        "payments": sum(isinstance(f, Paid) for f in facts),
    }
