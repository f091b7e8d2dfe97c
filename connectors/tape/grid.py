"""Turn arrays of decimal prices and sizes into integer steps, exactly or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.model.errors import DataError, OffGrid

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    import numpy as np
    from numpy.typing import NDArray

    Place = Callable[[int], str]
    """Say where the value at an index was read: the file and its line or row."""

MAX_TICKS = (1 << 31) - 1
MAX_LOTS = 1 << 48
"""Up to here a float tells half a lot from a whole one with the slack below."""

_SLACK_ULP = 4
"""Files of floats hold products such as 639439 * 0.1, a few units in the last place off."""


def to_ticks(
    prices: NDArray[np.float64],
    tick_size: Decimal,
    place: Place,
    *,
    or_none: bool | NDArray[np.bool_] = False,
) -> NDArray[np.int32]:
    """Return the ticks of prices, each positive (`or_none`: where true, 0 stands for no price).

    Raises OffGrid for a price between two ticks, DataError for one that is no price at all.
    """
    import numpy as np

    steps = _to_steps(prices, tick_size, "price", MAX_TICKS, place)
    _refuse(prices, steps < np.where(or_none, 0, 1), "a positive price", place)
    return steps.astype(np.int32)


def to_lots(sizes: NDArray[np.float64], lot_size_base: Decimal, place: Place) -> NDArray[np.int64]:
    """Return the lots of sizes, zero or more; raise as `to_ticks` does."""
    lots = _to_steps(sizes, lot_size_base, "size", MAX_LOTS, place)
    _refuse(sizes, lots < 0, "a size of zero or more", place)
    return lots


def misfits(
    values: NDArray[np.float64], step: Decimal, most: int, *, least: int | NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return where a value is no multiple of the step from `least` to `most` of them."""
    import numpy as np

    with np.errstate(all="ignore"):
        steps, off = _nearest(values, step)
        return ~np.isfinite(values) | (steps < least) | (np.abs(steps) > most) | off


def _nearest(
    values: NDArray[np.float64], step: Decimal
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Divide by the step; the quotient times the step must give the value back, or it is off.

    With the step as a ratio of integers the way back is one correctly rounded division, so it gives
    the very float that the decimal text parses to.
    """
    import numpy as np

    up, down = step.as_integer_ratio()
    steps = np.rint(values * (down / up))
    back = steps * up / down
    return steps, np.abs(back - values) > _SLACK_ULP * np.spacing(np.abs(values))


def _to_steps(
    values: NDArray[np.float64], step: Decimal, what: str, most: int, place: Place
) -> NDArray[np.int64]:
    import numpy as np

    _refuse(values, ~np.isfinite(values), f"a finite {what}", place)
    with np.errstate(all="ignore"):
        steps, off = _nearest(values, step)
    _refuse(values, np.abs(steps) > most, f"a {what} of at most {most * step}", place)
    if off.any():
        k = int(np.argmax(off))
        raise OffGrid(f"{place(k)}: expected a {what} on the grid of {step}, was {values[k]:.15g}")
    return steps.astype(np.int64)


def _refuse(
    values: NDArray[np.float64], bad: NDArray[np.bool_], expected: str, place: Place
) -> None:
    if bad.any():
        k = int(bad.argmax())
        raise DataError(f"{place(k)}: expected {expected}, was {values[k]:.15g}")
