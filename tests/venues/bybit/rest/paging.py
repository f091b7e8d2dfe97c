"""Cut lists into pages, as all reads with a cursor do."""

from collections.abc import Mapping
from typing import Any, TypeVar

from tests.venues.bybit.errors import INVALID_PARAMETER, Refused

Row = TypeVar("Row")
WEEK_MS = 7 * 86_400_000


def number(words: Mapping[str, Any], name: str, otherwise: int) -> int:
    """Read a whole number."""
    text = str(words.get(name) or "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        raise Refused(INVALID_PARAMETER, f"params error: {name} invalid")
    return int(text)


def count_of(words: Mapping[str, Any], usual: int, most: int) -> int:
    """Return how many rows are asked for."""
    return max(1, min(most, number(words, "limit", usual)))


def page(
    rows: list[Row], words: Mapping[str, Any], count: int, most: int | None = None
) -> tuple[list[Row], str]:
    """Return one page and the cursor of the next; no cursor: there is no more."""
    count = min(count, most or count)
    cursor = str(words.get("cursor") or "0").partition("%3A")[0].partition(":")[0]
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 18):
        raise Refused(INVALID_PARAMETER, "params error: cursor invalid")
    start = int(cursor)
    end = start + count
    return rows[start:end], f"{end}%3A{len(rows)}" if end < len(rows) else ""


def span(words: Mapping[str, Any], now_ms: int) -> tuple[int, int]:
    """Return the first and last millisecond that a history is asked for: a week at most."""
    start, end = number(words, "startTime", 0), number(words, "endTime", 0)
    if start and end and end - start > WEEK_MS:
        raise Refused(
            INVALID_PARAMETER, "The time range between startTime and endTime is over 7 days"
        )
    if start:
        return start, end or start + WEEK_MS
    return (end or now_ms) - WEEK_MS, end or 1 << 62
