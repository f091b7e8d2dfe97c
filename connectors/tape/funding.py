"""Read a history of funding: when it was settled and at what rate.

One line a settlement, in order of time, under a header. The stamp's column is `ts_ns`, `ts_us`,
`ts_ms`, `ts_iso`, or as archives and exports of venues name it (`STAMPS`): since 1970 in s, ms, us
or ns, or a date. A date without a zone means nothing by itself: many exports carry the clock of
whoever made them, so the caller has to say how far it is ahead of UTC. The rate's column is one of
`RATES`: a share of the notional, positive where longs pay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from connectors.model.errors import DataError
from connectors.tape.archive import cells_of
from connectors.tape.binance_wire import as_ns
from connectors.tape.csv_stamp import STAMPS as NAMED
from connectors.tape.lines import Torn, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAMPS = ("date", "time", "timestamp", "calctime", "fundingtime", "fundingratetimestamp")
RATES = ("rate", "fundingrate", "lastfundingrate")
HIGHEST_RATE = Decimal("0.1")
S_DIGITS = 10
SECOND_NS = 1_000_000_000
_READERS = dict(NAMED)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where in a line stamp and rate stand, and what the stamp's column is called."""

    stamp: str
    stamp_at: int
    rate_at: int

    @classmethod
    def of(cls, line: bytes) -> _Layout:
        plain = [name.strip().lower() for name in cells_of(line)]
        names = [
            name if name in _READERS else name.replace("_", "").replace(" ", "") for name in plain
        ]
        stamps = [name for name in names if name in _READERS or name in STAMPS]
        rates = [name for name in names if name in RATES]
        if len(stamps) != 1 or len(rates) != 1:
            known = f"one of {', '.join((*_READERS, *STAMPS))} and one of {', '.join(RATES)}"
            raise ValueError(f"expected columns {known}, was {', '.join(plain)}")
        return cls(stamps[0], names.index(stamps[0]), names.index(rates[0]))


def read_funding(
    path: Path, utc_offset_h: int | None, key: str = "venue.funding_utc_offset_h"
) -> list[tuple[int, Decimal]]:
    """Return the moments [ns since 1970, UTC] and rates of a history, rising.

    `utc_offset_h` says how many hours dates without a zone are ahead of UTC, as the configuration's
    `key` does; None: not known.
    Raises DataError, naming file and line, for what cannot be meant.
    """
    found: list[tuple[int, Decimal]] = []
    try:
        for number, settlement in _settlements(path, utc_offset_h, key):
            if found and settlement[0] <= found[-1][0]:
                raise DataError(f"{path}:{number}: expected a time after the line before")
            found.append(settlement)
    except Torn as torn:
        raise DataError(f"{torn}; get it again") from torn
    return found


def _settlements(
    path: Path, utc_offset_h: int | None, key: str
) -> Iterator[tuple[int, tuple[int, Decimal]]]:
    layout: _Layout | None = None
    for number, line in read_lines(path):
        try:
            if layout is None:
                layout = _Layout.of(line)
                continue
            cells = cells_of(line)
            due_ns = _due_ns(layout.stamp, cells[layout.stamp_at].strip(), utc_offset_h, key)
            yield number, (due_ns, _rate(cells[layout.rate_at]))
        except (ValueError, IndexError) as error:
            raise DataError(f"{path}:{number}: {error}") from error


def _due_ns(column: str, text: str, utc_offset_h: int | None, key: str) -> int:
    if column in _READERS:
        return _READERS[column](text)
    if text.isdigit():
        return int(text) * SECOND_NS if len(text) == S_DIGITS else as_ns(int(text))
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        if utc_offset_h is None:
            raise ValueError(
                f"expected a zone, was {text}: say with {key} how many hours"
                " the table's clock is ahead of UTC"
            )
        moment = moment.replace(tzinfo=timezone(timedelta(hours=utc_offset_h)))
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND_NS + since.microseconds * 1_000


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"expected a rate, was {text!r}") from None
    if not (rate.is_finite() and abs(rate) <= HIGHEST_RATE):
        raise ValueError(f"expected a rate from -0.1 to 0.1, a share of the notional, was {text}")
    return rate
