"""Write a stamp for people: UTC, from nanoseconds since the epoch."""

from datetime import UTC, datetime
from functools import lru_cache

NS_PER_S = 1_000_000_000


@lru_cache(maxsize=4)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def utc_text(stamp_ns: int, digits: int = 9) -> str:
    """Return ``2026-07-01T12:00:00.123456789Z`` with so many digits of the second, cut."""
    second, rest = divmod(stamp_ns, NS_PER_S)
    part = f".{rest:09d}"[: digits + 1] if digits else ""
    return f"{_second(second)}{part}Z"


def clock_text(stamp_ns: int) -> str:
    """Return the time of day, ``12:00:00``."""
    return _second(stamp_ns // NS_PER_S)[11:]
