"""Show why a side was as it was: each reason's share of each stretch of the run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.model.events import IntColumn

STRETCHES = 240


@dataclass(frozen=True, slots=True)
class Lane:
    """One reason of one side: its share of each stretch (0 to 1), and of the whole."""

    reason: str
    shares: list[float]
    share: float


def lanes_of(
    stamps: IntColumn, masks: IntColumn, reasons: Mapping[str, int], stretches: int = STRETCHES
) -> list[Lane]:
    """Return a lane for every reason that ever held, the longest first.

    A row's reasons hold until the next row's stamp. Bits without a name are called ``bit N``.
    """
    n = len(stamps)
    first, span = (int(stamps[0]), int(stamps[n - 1]) - int(stamps[0])) if n else (0, 0)
    if span <= 0:
        return []
    held: dict[int, list[int]] = {}
    for start, stop, mask in _runs(stamps, masks):
        bits = mask
        while bits > 0:
            bit = bits & -bits
            lane = held.setdefault(bit, [0] * stretches)
            _credit(lane, start - first, stop - first, span)
            bits ^= bit
    names = {bit: name for name, bit in reasons.items()}
    lanes = [
        Lane(
            names.get(bit, f"bit {bit.bit_length() - 1}"),
            [min(ns * stretches / span, 1.0) for ns in lane],
            sum(lane) / span,
        )
        for bit, lane in sorted(held.items())
    ]
    return sorted(lanes, key=lambda lane: -lane.share)


def _runs(stamps: IntColumn, masks: Any) -> Iterator[tuple[int, int, int]]:
    """Yield each stretch of one mask as start, stop and mask."""
    n = len(stamps)
    start = int(stamps[0])
    mask = int(masks[0])
    for row in _changes(masks, n):
        stamp = int(stamps[row])
        yield start, stamp, mask
        start, mask = stamp, int(masks[row])
    yield start, int(stamps[n - 1]), mask


def _changes(masks: Any, n: int) -> Iterator[int]:
    """Yield the rows whose mask differs from the row before."""
    if hasattr(masks, "nonzero"):
        yield from ((masks[1:] != masks[:-1]).nonzero()[0] + 1).tolist()
        return
    for row in range(1, n):
        if masks[row] != masks[row - 1]:
            yield row


def _credit(lane: list[int], start: int, stop: int, span: int) -> None:
    """Add the time of [start, stop), both from the first stamp, to the stretches that it covers."""
    stretches = len(lane)
    k = min(start * stretches // span, stretches - 1)
    while start < stop:
        edge = span * (k + 1) // stretches
        end = min(stop, edge) if k + 1 < stretches else stop
        lane[k] += end - start
        start = end
        k += 1
