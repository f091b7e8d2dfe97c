"""Judge a deploy that hedges: from both venues' truth, and what its log said meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from runner.settings import Settings
from tests.stage.process import Played
from tests.stage.truth import Moment, Request, State
from tests.venues.hedged.drill.exposure import Book, books_of
from tests.venues.hedged.drill.said import Said

S = 1_000_000_000
PULL_NS = 3 * S
"""From a fill beyond the budget to the last cancel of what would add to it."""
START_NS = 40 * S
"""A process that has just started looks first at what it holds: half of it, beside others on a
machine that is busy, passes before it has begun."""
HEDGE_NS = 3 * S
"""Beyond its band for so long, an exposure is told of."""


def inside_budget_or_pulled(played: Played) -> list[str]:
    """I7: over the budget of what may be unhedged, nothing rests that would add to it."""
    found: dict[str, None] = {}
    over_ns: dict[str, int] = {}
    asked: set[tuple[str, int]] = set()
    runs = Running()
    books = [(book, _tick(played.settings, book)) for book in books_of(played.settings)]
    for fact, state in played.truth.replayed():
        runs.take(fact)
        if isinstance(fact, Request) and fact.operation == "cancel":
            asked.add((fact.market, fact.client_id))
        for book, tick in books:
            worth = book.worth(state, tick)
            if worth is None or worth <= book.budget_quote:
                over_ns.pop(book.hedge, None)
                continue
            since_ns = max(over_ns.setdefault(book.hedge, fact.ns) + PULL_NS, runs.since_ns)
            if runs.is_up and fact.ns > since_ns:
                for order in book.adding(state):
                    if (order.market, order.client_id) not in asked:
                        found[f"I7 {order.market} {order.client_id} adds to what is unhedged"] = (
                            None
                        )
    return list(found)


def hedged_or_told(played: Played, said: Sequence[Said]) -> list[str]:
    """I7: what is beyond its band for long is told of by the market that hedges it."""
    return [
        f"I7 {book.hedge}: beyond the band from {since_ns} for {(until_ns - since_ns) / S:.1f} s,"
        " and nothing said so"
        for book in books_of(played.settings)
        for since_ns, until_ns in _beyond(played, book)
        if not any(told.is_of(name, since_ns, until_ns) for told in said for name in book.lots_base)
    ]


def hedged_at_rest(played: Played) -> list[str]:
    """I7: when nothing goes wrong any more, nothing stays beyond its band."""
    found = []
    for book in books_of(played.settings):
        latency_ns = int(played.settings.markets[book.hedge].hedge.max_hedge_latency_s * S)
        for since_ns, until_ns in _beyond(played, book):
            if until_ns == played.end_ns and until_ns - since_ns > latency_ns + HEDGE_NS:
                found.append(f"I7 {book.hedge}: left beyond its band")
    return found


@dataclass(slots=True)
class Running:
    """Whether a process runs, and from when on it can be held to anything."""

    is_up: bool = False
    since_ns: int = 0

    def take(self, fact: object) -> None:
        """Follow a fact."""
        if isinstance(fact, Moment):
            self.is_up = fact.what == "start"
            self.since_ns = fact.ns + START_NS


def _beyond(played: Played, book: Book) -> Iterator[tuple[int, int]]:
    """Yield from when until when more than the band was not hedged, while a process could."""
    beyond_ns = 0
    runs = Running()
    for fact, state in played.truth.replayed():
        runs.take(fact)
        is_beyond = runs.is_up and fact.ns > runs.since_ns and _is_beyond(played, book, state)
        if is_beyond and not beyond_ns:
            beyond_ns = fact.ns
        elif not is_beyond and beyond_ns:
            if fact.ns - beyond_ns > HEDGE_NS:
                yield beyond_ns, fact.ns
            beyond_ns = 0
    if beyond_ns and played.end_ns - beyond_ns > HEDGE_NS:
        yield beyond_ns, played.end_ns


def _is_beyond(played: Played, book: Book, state: State) -> bool:
    """Tell whether more is unhedged than band and the smallest order leave."""
    of = played.settings.markets[book.hedge].instrument
    net = abs(book.net_base(state))
    worth = book.worth(state, of.tick_size)
    if net <= book.band_base or worth is None:
        return False
    by_worth = of.min_notional_quote * net / worth if worth else Decimal(0)
    return net > book.band_base + max(of.min_lots * of.lot_size_base, by_worth) + of.lot_size_base


def _tick(settings: Settings, book: Book) -> Decimal:
    return settings.markets[book.hedge].instrument.tick_size
