"""Follow the open position: its average entry, and since when it has lain on its side."""

from connectors.model.events import BUY
from connectors.model.kernel import kernel, state


@state
class Holding:
    """The position as fills made it. `since_ns`: since it was last flat or changed sign."""

    lots: int
    entry_ticks: float
    since_ns: int


@kernel
def take_fill(holding: Holding, side: int, ticks: int, lots: int, now_ns: int) -> None:
    """Take one fill. What adds moves the average entry; what reduces leaves it as it is."""
    before = holding.lots
    after = before + (lots if side == BUY else -lots)
    holding.lots = after
    if before == 0 or (before > 0) != (after > 0):
        holding.entry_ticks = float(ticks)
        holding.since_ns = now_ns
    elif (side == BUY) == (before > 0):
        holding.entry_ticks += (ticks - holding.entry_ticks) * lots / abs(after)


@kernel
def adopt(holding: Holding, lots: int, mid_ticks: float, now_ns: int) -> None:
    """Take over a position that our fills do not explain as entered now, at mid."""
    holding.lots = lots
    holding.entry_ticks = mid_ticks
    holding.since_ns = now_ns


@kernel
def result_bps(holding: Holding, price_ticks: float) -> float:
    """Return what the position has earned since its entry, at a price, in bps of the entry.

    Only for a position that is there; before fees.
    """
    sign = 1.0 if holding.lots > 0 else -1.0
    return sign * (price_ticks / holding.entry_ticks - 1.0) * 1e4
