"""A tape becomes tops and orders: nothing is joined that is apart, nothing counted twice."""

from pathlib import Path

import numpy as np
import pytest

from connectors.model.errors import DataError
from connectors.tape.binance_raw import read
from runner.calibrate.estimate import Blocks, Estimate, Refused
from runner.calibrate.recording import Recording, recording_of
from runner.calibrate.volatility import sigma_bps
from tests.connectors.tape.made import BTC, MS, T0_MS, depth, snapshot, source, trade, write_lines
from tests.runner.calibrate.made import recording, tops


def recorded(tmp_path: Path, *lines: str) -> Recording:
    path = write_lines(tmp_path / "usdm_btcusdt_1.gz", list(lines))
    return recording_of(read((path,), BTC, source(path)))


def test_trades_of_one_side_close_together_are_one_order(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        snapshot(0, 100),
        trade(100, 1, "100.0"),
        trade(100, 2, "99.9"),
        trade(110, 3, "99.8"),
        trade(111, 4, "100.1", m=False),
        trade(200, 5, "100.0"),
    )
    mid = 100.05
    assert found.orders.sign.tolist() == [-1, 1, -1]
    expected = [(mid - 99.8) / mid * 1e4, (100.1 - mid) / mid * 1e4, (mid - 100.0) / mid * 1e4]
    assert found.orders.depth_bps == pytest.approx(expected)
    assert len(found.trades.ns) == 5


def test_tops_change_only_when_the_top_changes_and_end_at_a_gap(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        snapshot(0, 100),
        depth(10, (101, 101, 100), [["99.9", "1.000"]], []),
        depth(20, (102, 102, 101), [["100.0", "3.000"]], []),
        depth(30, (110, 110, 109), [["100.0", "4.000"]], []),
    )
    assert found.happened.bid_ticks.tolist() == [1000, 1000, 0]
    assert found.happened.bid_lots.tolist() == [1000, 3000, 0]
    assert found.gaps == 1
    at = np.array([T0_MS - 100, T0_MS + 15, T0_MS + 25, T0_MS + 35]) * MS
    assert found.happened.half_ticks(at).tolist() == [0, 2001, 2001, 0]


def test_a_tape_without_a_book_is_refused(tmp_path: Path) -> None:
    one_sided = snapshot(0, 100).replace("100.1", "100.0")
    with pytest.raises(DataError, match="expected a two-sided book somewhere, there is none"):
        recorded(tmp_path, one_sided)


def test_volatility_is_that_of_the_steps_and_leaves_out_the_unknown() -> None:
    mids = 100_000 + 10 * (np.arange(400) % 2)
    mids[50:60] = 0
    book = tops(np.arange(400.0), mids, np.where(mids > 0, mids + 1, 0))
    made = recording(book, 399.0)
    found = sigma_bps(made, Blocks.over(made.start_ns, made.end_ns), 1.0)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(1.0, rel=1e-4)
    assert found.events == 399 - 11


def test_a_mid_that_never_moves_has_no_volatility() -> None:
    made = recording(tops([0.0], [100_000]), 400.0)
    found = sigma_bps(made, Blocks.over(made.start_ns, made.end_ns), 1.0)
    assert found == Refused("mid never moved")
