"""Make desks, compile loops and compare states, for tests of the decision core."""

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from connectors.model.book import clear
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS
from connectors.model.kernel import Field, fields_of
from runner.engine.risk import Limits
from strategies.desk import Desk
from strategies.quoting import observe

CHECKOUT = Path(__file__).resolve().parent.parent
KERNEL_CACHE = CHECKOUT / "outputs" / "cache" / "kernels"

NOW_NS = 1_700_000_000_000_000_000
MS = 1_000_000
SECOND_NS = 1_000_000_000
MID_TICKS = 1_000_000

SANE_PARAMS = {
    "gamma": 0.2,
    "kappa": 1.5,
    "intensity_per_s": 0.08,
    "unit_horizon_s": 10.0,
    "risk_horizon_s": 10.0,
    "session_rolls": True,
    "value_refresh_ns": 10 * SECOND_NS,
    "value_tolerance_frac": 0.05,
    "skew_at_limit_half_spreads": 2.0,
    "max_spread_bps": 100.0,
    "levels": 1,
    "level_step_bps": 1.0,
    "level_size_frac": 1.0,
    "order_lots": 10,
    "min_lots": 1,
    "min_position_lots": -100,
    "max_position_lots": 100,
    "tolerance_bps": 0.1,
    "refresh_ns": 100 * MS,
    "slots_per_level": 1,
    "live_tau_s": 130.0,
    "reference_tau_s": 3500.0,
    "sample_ns": SECOND_NS,
    "prior_bps": 0.5,
    "floor_bps": 0.2,
    "warmup_s": 60.0,
    "max_ratio": 4.0,
}
SANE_LIMITS = {
    "max_position_lots": 100,
    "min_position_lots": -100,
    "max_order_lots": 50,
    "collar_bps": 200.0,
    "rate_per_s": 200.0,
    "burst": 200.0,
    "tokens": 200.0,
    "refilled_ns": NOW_NS,
}


def checked(examples: int) -> settings:
    """Return hypothesis settings that find the same examples on every machine and every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


def new_desk(**params: Any) -> Desk:
    """Return a desk with an empty book and sane parameters, some of them replaced."""
    desk = Desk()
    clear(desk.book)
    for name, value in {**SANE_PARAMS, **params}.items():
        setattr(desk.params, name, value)
    return desk


def new_limits(**values: Any) -> Limits:
    """Return sane limits, some of them replaced."""
    limits = Limits()
    for name, value in {**SANE_LIMITS, **values}.items():
        setattr(limits, name, value)
    return limits


def show(
    desk: Desk, bid: int, ask: int, now_ns: int = NOW_NS, lots: tuple[int, int] = (5, 5)
) -> None:
    """Let the desk observe a book of one level a side."""
    rows = [
        (CLEAR_BIDS, 0, 0),
        (CLEAR_ASKS, 0, 0),
        (BID, bid, lots[0]),
        (ASK, ask, lots[1]),
    ]
    kind, ticks, sizes = (list(column) for column in zip(*rows, strict=True))
    observe(desk, kind, ticks, sizes, 0, len(rows), now_ns)


def shown_desk(bid: int = MID_TICKS - 1, ask: int = MID_TICKS + 1, **params: Any) -> Desk:
    """Return a sane desk that has seen a book of one level a side."""
    desk = new_desk(**params)
    show(desk, bid, ask)
    return desk


@cache
def compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """Return `loop` compiled, from the cache that all tests share."""
    from runner.modes.compiled import compile_loop

    return compile_loop(loop, KERNEL_CACHE)


def differences(a: Any, b: Any) -> list[str]:
    """Return the path and both values of every field in which two plain states differ by a bit."""
    found: list[str] = []
    left, right = (dict(leaves(state)) for state in (a, b))
    for path in left.keys() | right.keys():
        if _bits(left[path]) != _bits(right[path]):
            found.append(f"{path}: {left[path]!r} and {right[path]!r}")
    return sorted(found)


def leaves(state: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the path and value of every scalar and array of a state."""
    for field in fields_of(type(state)):
        value = getattr(state, field.name)
        here = f"{path}.{field.name}" if path else field.name
        if _is_nested(field):
            yield from leaves(value, here)
        else:
            yield here, value


def _is_nested(field: Field) -> bool:
    return field.type not in (int, float, bool)


def _bits(value: Any) -> Any:
    """Return what tells two values apart by type and bit, NaN included."""
    if isinstance(value, memoryview):
        return _bits(value.tolist())
    if isinstance(value, float):
        return struct.pack("<d", value)
    if isinstance(value, list) and value and isinstance(value[0], float):
        return struct.pack(f"<{len(value)}d", *value)
    if isinstance(value, list):
        return value
    return type(value), value


def columns(rows: Iterable[tuple[int, ...]], width: int) -> list[list[int]]:
    """Return rows as columns, also when there are none."""
    listed = list(rows)
    return [[row[k] for row in listed] for k in range(width)]


def memory_directory() -> Path | None:
    """Return where files lie in memory, so that a commit need not wait; None where nothing does."""
    shared = Path("/dev/shm")
    return shared if os.access(shared, os.W_OK) else None
