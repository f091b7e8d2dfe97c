"""Say what an order would meet at a price, and let it stand in line there."""

from connectors.model.book import HALF, ask_lots_at, bid_lots_at
from connectors.model.events import BUY
from connectors.model.kernel import kernel
from connectors.sim.exchange_state import Exchange
from connectors.sim.line import enter
from connectors.sim.matching import is_displayed_across
from connectors.sim.queue import join


@kernel
def stand(x: Exchange, slot: int, side: int) -> None:
    """Put the order of a slot behind everything that is displayed at its price."""
    ticks = x.resting.ticks[slot]
    if side == BUY:
        join(x, slot, bid_lots_at(x.book, ticks))
        enter(x, x.bids, slot, side)
    else:
        join(x, slot, ask_lots_at(x.book, ticks))
        enter(x, x.asks, slot, side)


@kernel
def is_unknown(x: Exchange) -> bool:
    """Tell whether the book cannot be relied on."""
    return x.bids_unknown or x.asks_unknown or (x.book.bid_levels == 0 and x.book.ask_levels == 0)


@kernel
def is_outside(x: Exchange, ticks: int) -> bool:
    """Tell whether a price is outside the book's window."""
    distance = ticks - x.book.anchor_ticks
    return distance >= HALF or distance < -HALF


@kernel
def meets_own(x: Exchange, side: int, ticks: int) -> bool:
    """Tell whether an order would meet an order of ours and is to mind it."""
    if x.compat:
        return False
    return ticks >= x.asks.best_ticks if side == BUY else ticks <= x.bids.best_ticks


@kernel
def meets_anything(x: Exchange, side: int, ticks: int) -> bool:
    """Tell whether an order would meet one of ours, or displayed lots that we have not used up."""
    if meets_own(x, side, ticks):
        return True
    if side == BUY:
        return is_displayed_across(
            x.book.ask_lots, x.book.ask_levels, x.book.best_ask_ticks, x.asks_used, side, ticks
        )
    return is_displayed_across(
        x.book.bid_lots, x.book.bid_levels, x.book.best_bid_ticks, x.bids_used, side, ticks
    )
