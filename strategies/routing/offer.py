"""Walk one market's book as an order that takes would: level by level, by what a unit costs.

The same walk as of a `strategies.routing.place.Place`, over plain state and in whole lots, so that
what hedges can be shared out between two decisions, live and in replay.
"""

from connectors.model.book import Book, ask_lots_at, bid_lots_at, is_two_sided
from connectors.model.events import BUY
from connectors.model.kernel import kernel, state
from strategies.units import BPS


@state
class Offer:
    """What a market costs besides its price, and how far a walk through its book has come.

    Ticks times `tick_worth` are a price in the currency in which markets are compared.
    `extra_bps` is the taker's fee and the delay; `holding_bps` what a buyer pays to hold for as
    long as is meant, which a seller gets.

    Of the level at `ticks` are `level_lots` left; `ticks_left` are not looked at. So far
    `taken_lots` were taken, for `paid_tick_lots`.
    """

    tick_worth: float
    extra_bps: float
    holding_bps: float
    ticks: int
    ticks_left: int
    level_lots: int
    taken_lots: int
    paid_tick_lots: int


@kernel
def open_offer(offer: Offer, book: Book, side: int, slippage_bps: float) -> None:
    """Begin at the touch, with nothing taken; a book without a sound touch offers nothing."""
    offer.taken_lots = 0
    offer.paid_tick_lots = 0
    offer.level_lots = 0
    offer.ticks_left = 0
    if is_two_sided(book):
        touch_ticks = book.best_ask_ticks if side == BUY else book.best_bid_ticks
        offer.ticks = touch_ticks - _step(side)
        offer.ticks_left = min(int(touch_ticks * slippage_bps * BPS) + 1, touch_ticks)


@kernel
def find_level(offer: Offer, book: Book, side: int) -> bool:
    """Go on to a level with lots left; tell whether there is one inside the slippage."""
    while offer.level_lots == 0 and offer.ticks_left > 0:
        offer.ticks += _step(side)
        offer.ticks_left -= 1
        if side == BUY:
            offer.level_lots = ask_lots_at(book, offer.ticks)
        else:
            offer.level_lots = bid_lots_at(book, offer.ticks)
    return offer.level_lots > 0


@kernel
def take_level(offer: Offer, lots: int) -> int:
    """Take up to so many lots of the level that was found; return how many."""
    taken = min(offer.level_lots, lots)
    offer.level_lots -= taken
    offer.taken_lots += taken
    offer.paid_tick_lots += taken * offer.ticks
    return taken


@kernel
def take_best(offer: Offer, book: Book, side: int, lots: int) -> None:
    """Take the best levels until so many lots are taken, or none is left."""
    while offer.taken_lots < lots and find_level(offer, book, side):
        take_level(offer, lots - offer.taken_lots)


def offered_lots(book: Book, side: int, slippage_bps: float) -> int:
    """Return all that a book gives an order that reaches so far beyond the touch."""
    offer = Offer()
    open_offer(offer, book, side, slippage_bps)
    while find_level(offer, book, side):
        take_level(offer, offer.level_lots)
    return offer.taken_lots


@kernel
def unit_cost(offer: Offer, side: int, ticks: float) -> float:
    """Return what a unit at a price comes to with all costs; less is better, for a seller too."""
    sign = 1.0 if side == BUY else -1.0
    bps = offer.extra_bps + sign * offer.holding_bps
    return ticks * offer.tick_worth * (sign + bps * BPS)


@kernel
def unit_price(offer: Offer, side: int, ticks: float) -> float:
    """Return a unit's price alone; less is better, for a seller too."""
    return ticks * offer.tick_worth if side == BUY else -ticks * offer.tick_worth


@kernel
def _step(side: int) -> int:
    """Return by how much the next worse price is away."""
    return 1 if side == BUY else -1
