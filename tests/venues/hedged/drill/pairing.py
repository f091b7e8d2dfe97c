"""Judge a pair that is held for funding: from both venues' truth, and what the ledger noted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from runner.settings import Settings
from runner.settings.pairs import Pair
from tests.stage.judges import rows
from tests.stage.process import Played
from tests.stage.truth import Moment, State
from tests.venues.hedged.drill.exposure import mid_of

S = 1_000_000_000
SIZED_FRAC = Decimal("1.02")
"""A clip is sized at the first book, which we have read at another moment than the deploy."""
MEND_NS = 20 * S
"""Legs that do not match have been mended by then: the longest wait for one, and a read."""
BEGINS, ENDS, UNWINDS = "enters", ("leaves", "is flat"), "the legs do not match"


@dataclass(frozen=True, slots=True)
class Held:
    """One pair of a deploy: its legs, with what a lot of each is in base.

    `clip_base` is the most that legs may be apart, `least_base` what is too small to be mended.
    """

    name: str
    lots_base: Mapping[str, Decimal]
    clip_base: Decimal
    least_base: Decimal

    def apart_base(self, state: State) -> Decimal:
        """Return by how much the legs do not match."""
        held = state.positions
        return sum((lot * held.get(leg, 0) for leg, lot in self.lots_base.items()), Decimal(0))

    def held_base(self, state: State) -> Decimal:
        """Return the larger leg."""
        held = state.positions
        return max(abs(lot * held.get(leg, 0)) for leg, lot in self.lots_base.items())


def within_one_clip(played: Played) -> list[str]:
    """I7: the legs of a pair are never further apart than one clip."""
    found: dict[str, None] = {}
    pairs = list(held_in(played))
    for fact, state in played.truth.replayed():
        for pair in pairs:
            apart = abs(pair.apart_base(state))
            if apart > pair.clip_base + pair.least_base:
                found[f"I7 pair {pair.name}: {apart:f} apart at {fact.ns}"] = None
    return list(found)[:5]


def matched_at_rest(played: Played) -> list[str]:
    """I7: when nothing goes wrong any more, the legs of a pair match."""
    found = []
    pairs = list(held_in(played))
    since_ns: dict[str, int] = {}
    for fact, state in played.truth.replayed():
        is_start = isinstance(fact, Moment) and fact.what == "start"
        for pair in pairs:
            if abs(pair.apart_base(state)) < pair.least_base:
                since_ns.pop(pair.name, None)
            elif is_start:
                since_ns[pair.name] = fact.ns
            else:
                since_ns.setdefault(pair.name, fact.ns)
    for pair in pairs:
        late_ns = played.end_ns - since_ns.get(pair.name, played.end_ns)
        if late_ns > MEND_NS:
            found.append(f"I7 pair {pair.name}: its legs do not match for {late_ns / S:.0f} s")
    return found


def entered_once(played: Played) -> list[str]:
    """I8: a pair is entered only after it was left."""
    found = []
    for name in played.settings.pairs:
        is_held = False
        for ns, what in noted(played, name):
            if what == BEGINS and is_held:
                found.append(f"I8 pair {name}: entered twice, at {ns}")
            is_held = what == BEGINS or (is_held and what == UNWINDS)
    return found


def never_tried(played: Played) -> list[str]:
    """Return what a drill has not shown of a pair: that it was entered, or that it failed."""
    return [
        f"pair {name}: never '{word}'"
        for name in played.settings.pairs
        for word in (BEGINS, UNWINDS)
        if not any(what == word for _, what in noted(played, name))
    ]


def noted(played: Played, name: str) -> Iterator[tuple[int, str]]:
    """Yield when the ledger noted that a pair was entered, unwound and left, in order."""
    begin = f"pair {name} "
    for ns, text in rows(played, "SELECT ns, what FROM audit ORDER BY ns, rowid"):
        if text.startswith(begin):
            for word in (BEGINS, *ENDS, UNWINDS):
                if text.removeprefix(begin).startswith(word):
                    yield ns, word


def held_in(played: Played) -> Iterator[Held]:
    """Yield every pair whose legs have been priced."""
    for name, pair in played.settings.pairs.items():
        price = _first_mid(played, pair.second)
        if price is not None:
            yield _held(played.settings, name, pair, price)


def _held(settings: Settings, name: str, pair: Pair, price: Decimal) -> Held:
    legs = {leg: settings.markets[leg] for leg in (pair.first, pair.second)}
    clips = [leg.order_size_quote / price for leg in legs.values() if leg.order_size_quote]
    least = [leg.instrument.min_notional_quote / price for leg in legs.values()]
    lots = {leg: market.instrument.lot_size_base for leg, market in legs.items()}
    return Held(name, lots, min(clips) * SIZED_FRAC, max(least) * SIZED_FRAC + max(lots.values()))


def _first_mid(played: Played, market: str) -> Decimal | None:
    """Return the first price of a market."""
    tick = played.settings.markets[market].instrument.tick_size
    for _, state in played.truth.replayed():
        if market in state.books:
            return mid_of(state.books[market], tick)
    return None
