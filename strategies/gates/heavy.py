"""Measure how heavy inventory lies, as a share of the position limit."""

from connectors.model.kernel import kernel
from strategies.desk import Desk


@kernel
def heavy_frac(desk: Desk) -> float:
    """Return the distance from target over the limit: above 0 bids add to it, under 0 asks."""
    limit_clips = desk.params.max_position_lots / desk.params.order_lots
    return desk.quotes.inventory_clips / limit_clips
