"""Keep a run's fills and decisions, whichever loop produced them, in bounded memory.

Fills stay in compact columns. Decisions go to a file of packed rows; a thinned series of them stays
for the plots.
"""

import struct
from array import array
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

from runner.engine.logs import DecisionLog, FillLog
from strategies.signals.markout import HORIZONS

FILL_COLUMNS = (
    "recv_ns",
    "venue_ns",
    "side",
    "ticks",
    "lots",
    "role",
    "trade_id",
    "client_id",
    "mid_half_ticks",
    "mid_1s_half_ticks",
    "mid_5s_half_ticks",
    "mid_10s_half_ticks",
    "mid_60s_half_ticks",
    "flips_200ms",
    "position_before_lots",
)
DECISION_LAYOUT = (
    ("now_ns", "<i8"),
    ("mid_half_ticks", "<i8"),
    ("bid_ticks", "<i8"),
    ("ask_ticks", "<i8"),
    ("bid_lots", "<i8"),
    ("ask_lots", "<i8"),
    ("bid_reasons", "<i8"),
    ("ask_reasons", "<i8"),
    ("position_lots", "<i8"),
    ("inventory_clips", "<f8"),
    ("reservation_bps", "<f8"),
    ("half_spread_bps", "<f8"),
    ("skew_bps", "<f8"),
    ("sigma_live_bps", "<f8"),
    ("sigma_reference_bps", "<f8"),
    ("imbalance", "<f8"),
    ("model_half_bps", "<f8"),
    ("adverse_bps", "<f8"),
    ("fair_bps", "<f8"),
    ("fair_price_bps", "<f8"),
    ("fair_imbalance_bps", "<f8"),
    ("fair_flow_bps", "<f8"),
    ("fair_lead_bps", "<f8"),
    ("bid_wider_bps", "<f8"),
    ("ask_wider_bps", "<f8"),
    ("bid_size_frac", "<f8"),
    ("ask_size_frac", "<f8"),
    ("bid_pulled", "<i8"),
    ("bid_toxic_flow_bps", "<f8"),
    ("bid_ladder_bps", "<f8"),
    ("bid_economics_bps", "<f8"),
    ("bid_ladder_frac", "<f8"),
    ("bid_probing_frac", "<f8"),
    ("ask_pulled", "<i8"),
    ("ask_toxic_flow_bps", "<f8"),
    ("ask_ladder_bps", "<f8"),
    ("ask_economics_bps", "<f8"),
    ("ask_ladder_frac", "<f8"),
    ("ask_probing_frac", "<f8"),
    ("take_lots", "<i8"),
    ("take_ticks", "<i8"),
    ("take_reasons", "<i8"),
    ("hedge_reasons", "<i8"),
)
_CODES = {"<i8": "q", "<f8": "d"}
_ROW = struct.Struct("<" + "".join(_CODES[kind] for _, kind in DECISION_LAYOUT))
MOST_WAITING = 1024
"""Fills that may wait in a log for their later mids; older ones go without."""
SERIES_ROWS = 8192
"""Rows of the series above which every second one is let go."""
ALL_SERIES_ROWS = 65_536
"""The same for all markets of a deploy together: a plot of one among a hundred is a small one."""


@dataclass(slots=True)
class History:
    """What has been drained so far. `decisions` is the open file of packed rows, or None.

    `fees_quote` has the fees that the venue has told, by trade id. The series keeps at most
    `series_rows`, packed: as numbers each would take four times as much.
    """

    decisions: BinaryIO | None = None
    fills: dict[str, "array[int]"] = field(
        default_factory=lambda: {name: array("q") for name in FILL_COLUMNS}
    )
    fees_quote: dict[int, Decimal] = field(default_factory=dict)
    series_rows: int = SERIES_ROWS
    _series: list[bytes] = field(default_factory=list)
    _stride: int = 1
    _seen: int = 0

    def take(self, fills: FillLog, decisions: DecisionLog) -> None:
        """Move fills that have all their mids here, and all decisions.

        Where more than `MOST_WAITING` fills wait, those go too that have their first mid.
        """
        marked = [int(count) for count in fills.marked]
        crowd = int(fills.count) - MOST_WAITING
        self._take_fills(fills, max(marked[-1], min(marked[0], crowd)))
        count = int(decisions.count)
        if count:
            self._take_decisions(decisions, count)
        decisions.count = 0

    def finish(self, fills: FillLog, decisions: DecisionLog) -> None:
        """Move everything here, also fills that the run ended too soon after."""
        self.take(fills, decisions)
        self._take_fills(fills, int(fills.count))

    @property
    def series(self) -> list[tuple[Any, ...]]:
        """Return every so manieth decision, as `DECISION_LAYOUT` names its numbers."""
        return [_ROW.unpack(row) for row in self._series]

    def series_columns(self) -> dict[str, list[Any]]:
        """Return the thinned series by column name."""
        if not self._series:
            return {name: [] for name, _ in DECISION_LAYOUT}
        columns = zip(*self.series, strict=True)
        return {name: list(c) for (name, _), c in zip(DECISION_LAYOUT, columns, strict=True)}

    def _take_decisions(self, log: DecisionLog, count: int) -> None:
        """Write the rows to the file, and keep every so manieth for the plots."""
        first = -self._seen % self._stride
        self._seen += count
        stamps: Any = log.now_ns
        if isinstance(stamps, list):
            columns = [getattr(log, name)[:count] for name, _ in DECISION_LAYOUT]
            rows = [_ROW.pack(*row) for row in zip(*columns, strict=True)]
            packed = b"".join(rows)
            thinned = rows[first :: self._stride]
        else:
            table = _table(log, count)
            packed = table.tobytes()
            thinned = _split(table[first :: self._stride].tobytes())
        if self.decisions is not None:
            self.decisions.write(packed)
        self._series.extend(thinned)
        while len(self._series) > self.series_rows:
            self._series = self._series[::2]
            self._stride *= 2

    def _take_fills(self, log: FillLog, count: int) -> None:
        if count == 0:
            return
        total = int(log.count)
        for name, column in self.fills.items():
            values: Any = getattr(log, name)
            column.extend(_listed(values, count))
            values[: total - count] = values[count:total]
        log.count = total - count
        for horizon in range(HORIZONS):
            log.marked[horizon] = max(0, int(log.marked[horizon]) - count)


def _split(packed: bytes) -> list[bytes]:
    """Return the rows of a packed table."""
    return [packed[at : at + _ROW.size] for at in range(0, len(packed), _ROW.size)]


def _listed(values: Any, count: int) -> list[Any]:
    """Return the first `count` values as plain Python numbers, whatever holds them."""
    part = values[:count]
    return part if isinstance(part, list) else part.tolist()


def _table(log: Any, count: int) -> Any:
    """Return the first rows of a compiled log as one packed array, which takes no time per row."""
    import numpy as np

    rows = np.empty(count, np.dtype(list(DECISION_LAYOUT)))
    for name, _ in DECISION_LAYOUT:
        rows[name] = getattr(log, name)[:count]
    return rows
