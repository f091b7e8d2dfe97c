"""Work out what a reader of decisions wants ready: prices in quote, and reasons in words.

Prices are floats, for queries and plots; the exact ones are ticks. A price that is not there, and
one that nothing was priced for, is null.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connectors.model.instrument import Instrument

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

PRICES = ("mid", "reservation", "theoretical_bid", "theoretical_ask", "bid", "ask")
WHY = ("bid_why", "ask_why")


def derived_columns(
    rows: "NDArray[Any]", instrument: Instrument, bits: Mapping[str, int]
) -> "list[pa.Array]":
    """Return the columns of `PRICES` and of `WHY` for packed rows."""
    import numpy as np
    import pyarrow as pa

    tick = float(instrument.tick_size)
    mid = np.where(rows["mid_half_ticks"] > 0, rows["mid_half_ticks"] * tick / 2, np.nan)
    middle, half = rows["reservation_bps"], rows["half_spread_bps"]
    prices = [
        mid,
        *(mid * (1 + bps / 1e4) for bps in (middle, middle - half, middle + half)),
        *(np.where(rows[f"{s}_lots"] > 0, rows[f"{s}_ticks"] * tick, np.nan) for s in _SIDES),
    ]
    columns = [pa.array(price, from_pandas=True) for price in prices]
    return columns + [_words(rows[f"{side}_reasons"], bits) for side in _SIDES]


_SIDES = ("bid", "ask")


def _words(masks: "NDArray[Any]", bits: Mapping[str, int]) -> "pa.Array":
    """Return each mask's reasons by name, in order of their bits, joined by ``|``."""
    import numpy as np
    import pyarrow as pa

    different, which = np.unique(masks, return_inverse=True)
    told = [
        "|".join(name for name, bit in bits.items() if mask & bit) for mask in different.tolist()
    ]
    return pa.array(told, pa.string()).take(pa.array(which))
