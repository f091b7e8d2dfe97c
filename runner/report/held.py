"""Say how much of the time each position was held."""

import math
from dataclasses import dataclass

from connectors.model.events import BUY
from runner.results import MarketResult, whole

MOST_BUCKETS = 41


@dataclass(frozen=True, slots=True)
class Held:
    """Shares of time by position: bucket k is within half a `width` of ``at[k]``, in clips.

    Where the size of a clip is not told, positions are in lots. `flat_frac` is the share at zero.
    """

    at: tuple[float, ...]
    share: tuple[float, ...]
    width: float
    flat_frac: float
    mean_abs: float


def held_of(market: MarketResult) -> Held | None:
    """Return the distribution of a market's position over its time, None where it has none."""
    held_ns = _time_at(market)
    total = sum(held_ns.values())
    if total <= 0:
        return None
    clip = market.order_lots or 1
    low, high = min(held_ns) / clip, max(held_ns) / clip
    width = _width(high - low)
    shares: dict[int, float] = {}
    for lots, ns in held_ns.items():
        bucket = math.floor(lots / clip / width + 0.5)
        shares[bucket] = shares.get(bucket, 0.0) + ns / total
    buckets = range(min(shares), max(shares) + 1)
    return Held(
        at=tuple(bucket * width for bucket in buckets),
        share=tuple(shares.get(bucket, 0.0) for bucket in buckets),
        width=width,
        flat_frac=held_ns.get(0, 0) / total,
        mean_abs=sum(abs(lots) * ns for lots, ns in held_ns.items()) / total / clip,
    )


def _time_at(market: MarketResult) -> dict[int, int]:
    """Return for how many nanoseconds each position was held, in lots."""
    position, since = market.opening_position_lots, market.first_ns
    held: dict[int, int] = {}
    fills = market.fills
    for stamp, side, lots in zip(
        whole(fills.recv_ns), whole(fills.side), whole(fills.lots), strict=True
    ):
        held[position] = held.get(position, 0) + max(stamp - since, 0)
        since = max(stamp, since)
        position += lots if side == BUY else -lots
    held[position] = held.get(position, 0) + max(market.last_ns - since, 0)
    return {lots: ns for lots, ns in held.items() if ns > 0}


def _width(span: float) -> float:
    """Return the narrowest round width of buckets that makes not too many of them."""
    width = 0.25
    while span / width + 1 > MOST_BUCKETS:
        width *= 2
    return width
