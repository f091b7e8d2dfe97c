"""An exported tape has both clocks in order, as hftbacktest requires, and loses no row."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.errors import DataError
from connectors.model.events import BID, CLEAR_BIDS, MarketRows
from connectors.tape import hft_events as hft
from connectors.tape import hftbacktest
from connectors.tape.export import export_npy, in_both_orders
from connectors.tape.writer import TapeHeader, TapeWriter
from tests.connectors.tape.made import BTC, rows_of, source


def tape(path: Path, stamps: list[int]) -> Path:
    writer = TapeWriter(path, TapeHeader.of(BTC, "sim", 0))
    rows = MarketRows()
    rows.add(CLEAR_BIDS, 0, 0, 1, 1)
    for k, venue_ns in enumerate(stamps, start=1):
        rows.add(BID, k, k, venue_ns, 100 + k)
    writer.append(rows, 0, len(rows))
    writer.close()
    return path


def test_an_exported_tape_is_read_as_the_same_rows(tmp_path: Path) -> None:
    npy = tmp_path / "btcusdt.npy"
    assert export_npy(tape(tmp_path / "a.tape", [5, 7, 6, 8]), npy) == 6
    read = hftbacktest.read((npy,), BTC, source(npy, "hftbacktest"))
    opening = (CLEAR_BIDS, 0, 0)
    assert rows_of(read.local) == [opening, *((BID, k, k) for k in (1, 2, 3, 4))]
    assert rows_of(read.venue) == [opening, *((BID, k, k) for k in (1, 3, 2, 4))]


def test_a_tape_whose_orders_agree_keeps_its_rows(tmp_path: Path) -> None:
    npy = tmp_path / "btcusdt.npy"
    assert export_npy(tape(tmp_path / "a.tape", [5, 6, 6, 8]), npy) == 5
    events = np.load(npy)
    assert ((events["ev"] & (hft.EXCH | hft.LOCAL)) == hft.EXCH | hft.LOCAL).all()


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.tape", [5])
    with pytest.raises(DataError, match="expected a new file to export to: File exists"):
        export_npy(path, path)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=40))
def test_each_order_holds_every_row_once_and_in_order(stamps: list[int]) -> None:
    events = np.zeros(len(stamps), hft.event_dtype())
    events["ev"] = hft.DEPTH | hft.BUY | hft.EXCH | hft.LOCAL
    events["exch_ts"] = stamps
    events["local_ts"] = np.arange(len(stamps)) + 100
    ordered = in_both_orders(events)
    happened = ordered[(ordered["ev"] & hft.EXCH) != 0]
    received = ordered[(ordered["ev"] & hft.LOCAL) != 0]
    assert (np.diff(happened["exch_ts"]) >= 0).all()
    assert received["local_ts"].tolist() == events["local_ts"].tolist()
    assert sorted(happened["local_ts"].tolist()) == events["local_ts"].tolist()
    assert ((ordered["ev"] & 0xFF) == hft.DEPTH).all()
