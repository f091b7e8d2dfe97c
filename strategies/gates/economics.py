"""Keep a side that adds to inventory far enough from the fair value to pay for itself.

edge = distance of the quote from the fair value, in bps. It has to cover the maker fee, the adverse
move that is expected after a fill, and half of the minimum edge of a round trip. The side that
reduces the inventory is let out at any price that the model finds right.
"""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import widen


@kernel
def look(desk: Desk, side: int) -> None:
    """Widen the side by what its edge lacks."""
    quotes = desk.quotes
    sign = 1 - 2 * side
    if sign * quotes.inventory_clips < 0.0:
        return
    knobs = desk.params.gates.economics
    needed_bps = desk.params.maker_fee_bps + knobs.adverse_bps + 0.5 * knobs.min_edge_bps
    edge_bps = quotes.half_spread_bps - sign * (quotes.reservation_bps - quotes.fair_bps)
    widen(quotes, side, needed_bps - edge_bps, why.ECONOMICS)
