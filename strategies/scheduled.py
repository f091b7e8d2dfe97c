"""Hold what the schedule asks of a market: numbers that its rows set, each by itself.

A row is (number, value). Numbers stay as they were set until another row sets them, so what holds
is known from the rows alone. Moments are whole seconds since the epoch, UTC.
"""

from typing import Annotated

from connectors.model.kernel import Ints, kernel, state

PAUSED = 0
"""Above 0: nothing is quoted."""
TARGET_S = 1
"""The moment of which the target is (0: the schedule has none)."""
TARGET_LOTS = 2
"""The position to lean towards."""
TARGET_TICK_LOTS = 3
"""What that position is to be worth, in ticks times lots (0: it is told in lots)."""
MOVE_S = 4
"""The moment of a move: the position is taken down to where it should be (0: there is none)."""
MOVE_UNTIL_S = 5
"""When the move ends, wherever it has come."""
FLATTENS = 6
"""Above 0: the move goes to flat; 0: to the target; `SWEEPS`: a hedge leaves nothing unhedged."""
TOLERANCE_MILLICLIPS = 7
"""What may be left over, in thousandths of an order."""
STEP_MS = 8
"""Time between two orders of a move."""
SLIPPAGE_PPM = 9
"""How far beyond the touch an order of a move may take."""
KAPPA_MICRO = 10
"""kappa as fitted while the deploy runs, in millionths (0: as configured)."""
INTENSITY_MICRO = 11
"""Orders that reach us a second and side, as fitted, in millionths (0: as configured)."""
FIELDS = 12

SWEEPS = -1
MICRO = 1_000_000
S_NS = 1_000_000_000


@state
class Scheduled:
    """What is asked for, and what has become of it.

    `weighed_lots` is what the target of the moment `weighed_s` was worth in lots; `moved_s` is the
    moment of the last move that has come to its end.
    """

    asked: Annotated[Ints, FIELDS]
    weighed_s: int
    weighed_lots: float
    moved_s: int


@kernel
def ask(scheduled: Scheduled, field: int, value: int) -> None:
    """Take one row; a number that is not known is passed over."""
    if 0 <= field < FIELDS:
        scheduled.asked[field] = value


@kernel
def is_moving(scheduled: Scheduled, now_ns: int) -> bool:
    """Tell whether a move of a position is under way."""
    return scheduled.asked[FLATTENS] != SWEEPS and _is_within(scheduled, now_ns)


@kernel
def is_sweeping(scheduled: Scheduled, now_ns: int) -> bool:
    """Tell whether what hedges is to leave nothing unhedged."""
    return scheduled.asked[FLATTENS] == SWEEPS and _is_within(scheduled, now_ns)


@kernel
def _is_within(scheduled: Scheduled, now_ns: int) -> bool:
    """Tell whether a move is asked for, not at its end, and within its time."""
    if scheduled.asked[MOVE_S] <= scheduled.moved_s:
        return False
    return now_ns < scheduled.asked[MOVE_UNTIL_S] * S_NS
