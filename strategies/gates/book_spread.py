"""Stay out of a book whose own spread leaves nothing to earn, or says that something is wrong."""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull_both
from strategies.units import BPS


@kernel
def look(desk: Desk) -> None:
    """Pull both sides while the spread is under its least or over its most."""
    knobs = desk.params.gates.book_spread
    spread_ticks = desk.book.best_ask_ticks - desk.book.best_bid_ticks
    mid_ticks = desk.signals.mid_ticks
    if spread_ticks < knobs.least_bps * BPS * mid_ticks:
        pull_both(desk.quotes, why.BOOK_SPREAD)
    if knobs.most_bps > 0.0 and spread_ticks > knobs.most_bps * BPS * mid_ticks:
        pull_both(desk.quotes, why.BOOK_SPREAD)
