"""Read the stamp of a CSV row in the unit that its column's name says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ISO = re.compile(r"(.+?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso_to_ns(text: str) -> int:
    """Return ns since 1970 of an ISO 8601 time with its offset; raise ValueError for any other."""
    parts = _ISO.fullmatch(text)
    if parts is None:
        raise ValueError(f"{text!r} is no ISO time with a zone, such as 2024-07-18T23:57:00.123Z")
    whole, fraction, zone = parts.groups()
    since = datetime.fromisoformat(whole + zone) - _EPOCH
    nanoseconds = int((fraction or "0").ljust(9, "0"))
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + nanoseconds


STAMPS: tuple[tuple[str, Callable[[str], int]], ...] = (
    ("ts_ns", int),
    ("ts_us", lambda text: int(text) * 1_000),
    ("ts_ms", lambda text: int(text) * 1_000_000),
    ("ts_iso", iso_to_ns),
)
"""The stamp column's possible names, each with its reading in ns since 1970, UTC."""
