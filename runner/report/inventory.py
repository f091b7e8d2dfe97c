"""Describe the inventory over a run: extremes, and time-weighted mean and size."""

import math
from dataclasses import dataclass

from connectors.model.events import BUY
from runner.results import MarketResult, whole


@dataclass(frozen=True, slots=True)
class Inventory:
    """Positions of one market in lots; `mean` and `rms` weigh each by how long it was held."""

    start: int
    end: int
    lowest: int
    highest: int
    mean: float
    rms: float


def inventory_of(market: MarketResult) -> Inventory:
    """Walk the fills from the opening position and weigh each position by its time."""
    position = lowest = highest = market.opening_position_lots
    since = market.first_ns
    area = square = 0
    for stamp, side, lots in zip(
        whole(market.fills.recv_ns),
        whole(market.fills.side),
        whole(market.fills.lots),
        strict=True,
    ):
        held = max(stamp - since, 0)
        area += position * held
        square += position * position * held
        since = max(stamp, since)
        position += lots if side == BUY else -lots
        lowest, highest = min(lowest, position), max(highest, position)
    held = max(market.last_ns - since, 0)
    area += position * held
    square += position * position * held
    span = max(market.last_ns - market.first_ns, 1)
    return Inventory(
        start=market.opening_position_lots,
        end=position,
        lowest=lowest,
        highest=highest,
        mean=area / span,
        rms=math.sqrt(square / span),
    )
