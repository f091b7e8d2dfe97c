"""Latencies from a table and by load, and the races that they decide."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.model import events as ev
from connectors.model.errors import DataError
from connectors.sim.exchange import (
    Exchange,
    ExchangeTerms,
    deliver_request,
    next_report_ns,
    next_request_ns,
    on_row,
    submit,
)
from connectors.sim.latency import backlog_ns, entry_latency_ns, response_latency_ns
from connectors.sim.latency_table import Row, load_latencies, read_latencies
from tests.connectors.sim.exchange_cases import A, cancelled, made, market, not_there, outcome
from tests.connectors.sim.exchange_drive import cancel, compiled, interpreted, opened, place
from tests.connectors.sim.exchange_scripts import random_script

ROWS = [(1_000, 100, 40), (2_000, 300, 20), (3_000, 200, 80)]


def recorded(rows: Sequence[Row] = ROWS) -> Exchange:
    x = opened(ExchangeTerms())
    load_latencies(x, rows)
    return x


def test_between_two_rows_latency_is_interpolated_each_way_at_its_own_time() -> None:
    x = recorded()
    asked = (0, 1_000, 1_250, 2_000, 2_999, 3_000, 9_000)
    assert [entry_latency_ns(x, at) for at in asked] == [100, 100, 150, 300, 201, 200, 200]
    met = (0, 1_100, 1_700, 2_300, 2_750, 3_200, 9_000)
    assert [response_latency_ns(x, at) for at in met] == [40, 40, 30, 20, 50, 80, 80]


def test_a_table_of_one_row_is_a_constant() -> None:
    x = recorded([(1_000, 7, 9)])
    assert {entry_latency_ns(x, at) for at in (0, 1_000, 5_000)} == {7}
    assert {response_latency_ns(x, at) for at in (0, 1_007, 5_000)} == {9}


tables = st.lists(
    st.tuples(st.integers(1, 50), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(tables, st.lists(st.integers(0, 60), min_size=1, max_size=20))
def test_messages_never_overtake_each_other(
    steps: list[tuple[int, int, int]], pauses: list[int]
) -> None:
    rows: list[Row] = []
    sent_ns, met_ns = 0, 0
    for pause, entry_ns, response_ns in steps:
        sent_ns += pause
        met_ns = max(met_ns + 1, sent_ns + entry_ns)
        rows.append((sent_ns, met_ns - sent_ns, response_ns))
    x = recorded(rows)
    for op in market():
        on_row(x, op.kind, op.ticks, op.lots, op.now_ns)
    now_ns, arrived_ns, told_ns = 0, 0, 0
    for number, pause in enumerate(pauses, start=1):
        now_ns += pause
        submit(x, ev.CANCEL, number * 2048, 0, 0, 0, 0, now_ns)
        assert x.last_arrive_ns >= max(arrived_ns, now_ns)
        arrived_ns = x.last_arrive_ns
    while next_request_ns(x) < 1 << 62:
        at_ns = next_request_ns(x)
        deliver_request(x)
        assert x.last_recv_ns >= max(told_ns, at_ns)
        told_ns = x.last_recv_ns
    assert next_report_ns(x) < 1 << 62


def test_a_burst_of_rows_delays_orders_and_answers_until_it_is_worked_off() -> None:
    x = opened(ExchangeTerms(entry_latency_ns=5, response_latency_ns=3, load_ns_per_row=10))
    for op in market():
        on_row(x, op.kind, op.ticks, op.lots, 100)
    assert [backlog_ns(x, at) for at in (100, 130, 160, 900)] == [60, 30, 0, 0]
    assert [entry_latency_ns(x, at) for at in (100, 130, 900)] == [65, 35, 5]
    assert response_latency_ns(x, 140) == 23
    on_row(x, ev.BID, 100, 9, 150)
    assert backlog_ns(x, 150) == 20


def test_without_load_nothing_waits() -> None:
    x = opened(ExchangeTerms(entry_latency_ns=5))
    for op in market():
        on_row(x, op.kind, op.ticks, op.lots, 100)
    assert entry_latency_ns(x, 100) == 5


def test_load_compiled_as_interpreted() -> None:
    terms = ExchangeTerms(entry_latency_ns=2, response_latency_ns=3, load_ns_per_row=2)
    script = random_script(41, 3_000)
    assert compiled(terms, script) == interpreted(terms, script)


@pytest.mark.parametrize("entry_ns", [4, 6])
def test_a_cancel_races_with_a_fill(entry_ns: int) -> None:
    """The cancel leaves at 10, the trade is at 15: whichever is there first decides."""
    script = [
        *market(),
        place(A, ev.BUY, 100, 30, 1),
        cancel(A, 10),
        place(2 * 2048 + 5, ev.BUY, 97, 1, 11),
    ]
    trade = script[0]._replace(kind=ev.TRADE_SELL, ticks=99, lots=30, now_ns=15)
    reports = interpreted(ExchangeTerms(entry_latency_ns=entry_ns), [*script, trade])
    of_a = [outcome(r) for r in reports if r.client_id == A][1:]
    if entry_ns == 4:
        assert of_a == [cancelled(A, 100, 30)]
    else:
        assert of_a == [made(A, 100, 30), not_there(A)]


def test_a_table_is_read_from_csv_and_npz(tmp_path: Path) -> None:
    import numpy as np

    text = "response_ns,ts_ns,entry_ns\n" + "".join(f"{b},{t},{a}\n" for t, a, b in ROWS)
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    columns = np.array(ROWS, np.int64).T
    np.savez(tmp_path / "x.npz", ts_ns=columns[0], entry_ns=columns[1], response_ns=columns[2])
    assert read_latencies(tmp_path / "x.csv") == read_latencies(tmp_path / "x.npz") == ROWS


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ts_ns,entry_ns\n1,2\n", "expected columns of integers ts_ns, entry_ns, response_ns"),
        ("ts_ns,entry_ns,response_ns\n", "expected 1 to 16,384 rows, was 0"),
        ("ts_ns,entry_ns,response_ns\n1,x,3\n", "expected columns of integers"),
        ("ts_ns,entry_ns,response_ns\n1,-2,3\n", "row 1: expected latencies from 0 ns"),
        ("ts_ns,entry_ns,response_ns\n5,2,3\n5,2,3\n", "row 2: expected ts_ns above 5, was 5"),
        ("ts_ns,entry_ns,response_ns\n5,9,3\n6,2,3\n", "row 2: expected to arrive after"),
    ],
)
def test_a_table_that_cannot_be_meant(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        read_latencies(path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no\.csv: expected columns"):
        read_latencies(tmp_path / "no.csv")
