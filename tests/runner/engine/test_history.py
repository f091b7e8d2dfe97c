"""What a log is drained into keeps order, keeps what waits, and stays bounded."""

import io
from typing import Any

import numpy as np
import pytest

from connectors.model.kernel import fields_of
from connectors.model.record import record_of
from runner.engine.history import (
    DECISION_LAYOUT,
    FILL_COLUMNS,
    MOST_WAITING,
    SERIES_ROWS,
    History,
)
from runner.engine.logs import ALL, DecisionLog, FillLog, log_decision, log_fill, mark_fills
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
    many = 957
    for number in range(many):
        fill(fills, number, desk)
        if number % 7 == 0:
            history.take(fills, decisions)
            kept = len(history.fills["trade_id"])
            assert kept + fills.count == number + 1
            assert fills.marked[-1] == 0
    assert -1 not in history.fills["mid_60s_half_ticks"]
    history.finish(fills, decisions)
    assert history.fills["trade_id"].tolist() == list(range(many))
    assert history.fills["venue_ns"][5] == NOW_NS + 5 * STEP_NS - 1
    for horizon, steps in (("1s", 11), ("5s", 51), ("10s", 101), ("60s", 601)):
        marks = [1_000 + n + steps if n + steps < many else -1 for n in range(many)]
        assert history.fills[f"mid_{horizon}_half_ticks"].tolist() == marks
    assert fills.count == 0


@pytest.mark.parametrize("compiled", [False, True])
def test_a_crowd_of_waiting_fills_leaves_without_its_later_mids(compiled: bool) -> None:
    fills, decisions = logs(compiled)
    history, desk = History(), Desk()
    many = MOST_WAITING + 40
    for number in range(many):
        log_fill(fills, desk, number, 0, number, number, 0, number, NOW_NS, NOW_NS + number)
    mark_fills(fills, 77, NOW_NS + 6 * SECOND_NS)
    history.take(fills, decisions)
    assert fills.count == MOST_WAITING
    assert history.fills["trade_id"].tolist() == list(range(40))
    assert set(history.fills["mid_5s_half_ticks"]) == {77}
    assert set(history.fills["mid_10s_half_ticks"]) == {-1}
    mark_fills(fills, 88, NOW_NS + 61 * SECOND_NS)
    history.take(fills, decisions)
    assert fills.count == 0
    assert history.fills["trade_id"].tolist() == list(range(many))
    assert history.fills["mid_60s_half_ticks"].tolist() == [-1] * 40 + [88] * MOST_WAITING


def test_a_crowd_waits_for_its_first_mid() -> None:
    fills, decisions = logs(False)
    history, desk = History(), Desk()
    for number in range(MOST_WAITING + 40):
        log_fill(fills, desk, number, 0, number, number, 0, number, NOW_NS, NOW_NS)
    history.take(fills, decisions)
    assert (len(history.fills["trade_id"]), fills.count) == (0, MOST_WAITING + 40)


def test_every_column_of_a_fill_is_kept() -> None:
    names = [f.name for f in fields_of(FillLog) if f.length and f.name != "marked"]
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


def test_a_series_may_be_kept_shorter() -> None:
    fills, decisions = logs(compiled=False)
    history, desk = History(series_rows=10), Desk()
    for number in range(41):
        decide(decisions, number, desk)
        history.take(fills, decisions)
    assert history.series_columns()["position_lots"] == [0, 8, 16, 24, 32, 40]
    assert [row[0] for row in history.series] == [NOW_NS + n for n in range(0, 41, 8)]


def test_an_empty_history_has_every_column() -> None:
    history = History()
    history.take(*logs(compiled=False))
    assert history.series_columns() == {name: [] for name, _ in DECISION_LAYOUT}
