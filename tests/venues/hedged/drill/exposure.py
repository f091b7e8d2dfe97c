"""Follow what is not hedged, underlying by underlying, as the venues' truth has it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from connectors.model.events import BUY, SELL
from runner.settings import Settings
from runner.wiring.hedging import hedges_of
from tests.stage.truth import Resting, Shown, State


@dataclass(frozen=True, slots=True)
class Book:
    """One market that hedges, and those that it hedges, with what a lot of each is in base.

    `band_base` is the most that may be left alone, `budget_quote` over which nobody adds to it.
    """

    hedge: str
    lots_base: Mapping[str, Decimal]
    band_base: Decimal
    budget_quote: Decimal

    @property
    def hedged(self) -> list[str]:
        """Return the markets that are hedged."""
        return [name for name in self.lots_base if name != self.hedge]

    def net_base(self, state: State) -> Decimal:
        """Return what is not hedged."""
        held = state.positions
        return sum((lot * held.get(name, 0) for name, lot in self.lots_base.items()), Decimal(0))

    def adding(self, state: State) -> Iterator[Resting]:
        """Yield the orders of hedged markets that would add to what is not hedged."""
        side = BUY if self.net_base(state) > 0 else SELL
        for name in self.hedged:
            yield from (order for order in state.ours(name) if order.side == side)

    def worth(self, state: State, tick: Decimal) -> Decimal | None:
        """Return what is not hedged in quote, None before the hedge's first book."""
        book = state.books.get(self.hedge)
        mid = mid_of(book, tick) if book is not None else None
        return None if mid is None else abs(self.net_base(state)) * mid


def mid_of(book: Shown, tick: Decimal) -> Decimal | None:
    """Return the middle of a book of others."""
    if not book.bids or not book.asks:
        return None
    return tick * (book.bids[0][0] + book.asks[0][0]) / 2


def books_of(settings: Settings) -> list[Book]:
    """Return what a deploy hedges. Bands have to be given: what is solved is the deploy's own."""
    found = []
    for hedge, hedged in hedges_of(settings).items():
        own = settings.markets[hedge]
        lots = {
            name: settings.markets[name].instrument.lot_size_base
            * (1 if name == hedge else settings.markets[name].hedge.ratio)
            for name in (hedge, *hedged)
        }
        band, budget = own.hedge.band_base, own.hedge.max_unhedged_quote
        if band is None or budget is None:
            raise ValueError(f"{hedge}: expected a band and a budget that are given")
        found.append(Book(hedge, lots, band, budget))
    return found
