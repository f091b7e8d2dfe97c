"""What a log is drained into keeps order, keeps what waits, and stays bounded."""

import io
from typing import Any

import numpy as np
import pytest

from connectors.model.kernel import fields_of
from runner.engine.history import DECISION_LAYOUT, FILL_COLUMNS, SERIES_ROWS, History
from runner.engine.logs import ALL, DecisionLog, FillLog, log_decision, log_fill, mark_fills
from runner.modes.compiled import record_of
from strategies.desk import Desk
from tests.support import NOW_NS, SECOND_NS

STEP_NS = SECOND_NS // 10


def fill(log: Any, number: int, desk: Desk) -> None:
    now_ns = NOW_NS + number * STEP_NS
    mark_fills(log, 1_000 + number, now_ns)
    log_fill(log, desk, number, number % 2, number, number, 0, number, now_ns - 1, now_ns)


def decide(log: Any, number: int, desk: Desk) -> None:
    desk.orders.position_lots = number
    desk.quotes.skew_bps = number / 3
    log_decision(log, desk, NOW_NS + number)


def logs(compiled: bool) -> tuple[Any, Any]:
    fills, decisions = FillLog(), DecisionLog()
    decisions.mode = ALL
    return (record_of(fills), record_of(decisions)) if compiled else (fills, decisions)


@pytest.mark.parametrize("compiled", [False, True])
def test_fills_leave_in_order_once_they_are_marked(compiled: bool) -> None:
    fills, decisions = logs(compiled)
    history, desk = History(), Desk()
    for number in range(57):
        fill(fills, number, desk)
        if number % 7 == 0:
            history.take(fills, decisions)
            kept = len(history.fills["trade_id"])
            assert kept + fills.count == number + 1
            assert fills.marked == 0
    assert -1 not in history.fills["mid_1s_half_ticks"]
    history.finish(fills, decisions)
    assert history.fills["trade_id"].tolist() == list(range(57))
    assert history.fills["venue_ns"][5] == NOW_NS + 5 * STEP_NS - 1
    marks = [1_000 + n + 11 if n + 11 < 57 else -1 for n in range(57)]
    assert history.fills["mid_1s_half_ticks"].tolist() == marks
    assert fills.count == 0


def test_every_column_of_a_fill_is_kept() -> None:
    names = [f.name for f in fields_of(FillLog) if f.length]
    assert sorted(names) == sorted(FILL_COLUMNS) == sorted(History().fills)


@pytest.mark.parametrize("compiled", [False, True])
def test_decisions_go_to_the_file_in_packed_rows(compiled: bool) -> None:
    fills, decisions = logs(compiled)
    file = io.BytesIO()
    history, desk = History(file), Desk()
    for number in range(10):
        decide(decisions, number, desk)
        if number % 4 == 0:
            history.take(fills, decisions)
            assert decisions.count == 0
    history.finish(fills, decisions)
    rows = np.frombuffer(file.getvalue(), np.dtype(list(DECISION_LAYOUT)))
    assert rows["now_ns"].tolist() == [NOW_NS + n for n in range(10)]
    assert rows["position_lots"].tolist() == list(range(10))
    assert rows["skew_bps"].tolist() == [n / 3 for n in range(10)]
    assert history.series_columns()["skew_bps"] == [n / 3 for n in range(10)]


def test_the_series_is_thinned_evenly_and_stays_bounded() -> None:
    fills, decisions = logs(compiled=False)
    history, desk = History(), Desk()
    total = 5 * SERIES_ROWS // 2
    for number in range(total):
        decide(decisions, number, desk)
        if decisions.count == 997:
            history.take(fills, decisions)
            assert len(history.series) <= SERIES_ROWS
    history.finish(fills, decisions)
    kept = history.series_columns()["position_lots"]
    assert kept == list(range(0, total, 4))


def test_an_empty_history_has_every_column() -> None:
    history = History()
    history.take(*logs(compiled=False))
    assert history.series_columns() == {name: [] for name, _ in DECISION_LAYOUT}
