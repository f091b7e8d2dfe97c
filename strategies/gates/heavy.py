"""Measure how heavy inventory lies on a side, as a share of the position limit."""

from connectors.model.kernel import kernel
from strategies.desk import Desk


@kernel
def heavy_frac(desk: Desk, side: int) -> float:
    """Return the distance from target towards `side` over the limit: above 0, the side adds."""
    sign = 1 - 2 * side
    limit_clips = desk.params.max_position_lots / desk.params.order_lots
    return sign * desk.quotes.inventory_clips / limit_clips
