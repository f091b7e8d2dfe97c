import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from connectors.model.errors import ConfigError
from runner.engine.history import DECISION_LAYOUT
from runner.report import decisions
from runner.report.decisions import require_writer, write_decisions
from runner.report.derived import PRICES, WHY
from runner.results import DecisionRows, RunResult
from tests.runner.report.fake_run import market, run

LAYOUT = DECISION_LAYOUT


def rows(n: int) -> np.ndarray:
    """Return packed rows."""
    packed = np.zeros(n, np.dtype(list(LAYOUT)))
    packed["now_ns"] = np.arange(n)
    packed["skew_bps"] = np.arange(n) / 8
    return packed


def result(*sources: DecisionRows) -> RunResult:
    """Return a run with these decisions."""
    return replace(run(market(steps=1), market("eth", steps=1)), decisions=sources)


def test_arrays_and_files_of_all_markets_end_in_one_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "CHUNK_ROWS", 4)
    rows(10).tofile(tmp_path / "eth.rows")
    given = result(
        DecisionRows("btc", LAYOUT, rows(7)),
        DecisionRows("eth", LAYOUT, tmp_path / "eth.rows"),
    )
    assert write_decisions(tmp_path / "decisions.parquet", given) == 17
    table = pq.read_table(tmp_path / "decisions.parquet")
    names = [name for name, _ in LAYOUT]
    assert table.column_names == ["market", *names, *PRICES, *WHY]
    assert table["market"].to_pylist() == ["btc"] * 7 + ["eth"] * 10
    assert table["now_ns"].to_pylist() == [*range(7), *range(10)]
    assert table["skew_bps"].to_pylist()[-1] == 9 / 8
    assert json.loads(table.schema.metadata[b"reasons"])["kept"] == 1 << 11


def test_a_torn_last_row_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "btc.rows"
    path.write_bytes(rows(3).tobytes()[:-1])
    given = result(DecisionRows("btc", LAYOUT, path))
    assert write_decisions(tmp_path / "decisions.parquet", given) == 2


def test_no_rows_make_an_empty_table_with_columns(tmp_path: Path) -> None:
    path = tmp_path / "btc.rows"
    path.touch()
    given = result(DecisionRows("btc", LAYOUT, path))
    assert write_decisions(tmp_path / "decisions.parquet", given) == 0
    assert pq.read_table(tmp_path / "decisions.parquet").num_rows == 0


def test_layouts_must_agree(tmp_path: Path) -> None:
    given = result(DecisionRows("btc", LAYOUT, rows(1)), DecisionRows("eth", LAYOUT[:1], rows(1)))
    with pytest.raises(ValueError, match="expected one layout for all markets, was 2"):
        write_decisions(tmp_path / "decisions.parquet", given)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_writer_is_refused_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    require_writer("none")
    with pytest.raises(ConfigError, match=r"record\.decisions: expected pyarrow .* was missing"):
        require_writer("changes")


def test_prices_and_reasons_can_be_read_without_a_key(tmp_path: Path) -> None:
    packed = rows(3)
    packed["mid_half_ticks"] = 2_000_000, 2_000_000, -1
    packed["reservation_bps"], packed["half_spread_bps"] = 1.0, 2.0
    packed["bid_lots"], packed["bid_ticks"] = (0, 5, 0), 999_900
    packed["bid_reasons"] = 1 << 7 | 1 << 8, 1 << 11, 0
    write_decisions(tmp_path / "decisions.parquet", result(DecisionRows("btc", LAYOUT, packed)))
    table = pq.read_table(tmp_path / "decisions.parquet")
    assert table["mid"].to_pylist() == [100_000.0, 100_000.0, None]
    assert table["reservation"].to_pylist()[:2] == pytest.approx([100_010.0, 100_010.0])
    assert table["theoretical_bid"].to_pylist()[0] == pytest.approx(99_990.0)
    assert table["theoretical_ask"].to_pylist()[0] == pytest.approx(100_030.0)
    assert table["bid"].to_pylist()[0::2] == [None, None]
    assert table["bid"].to_pylist()[1] == pytest.approx(99_990.0)
    assert table["ask"].null_count == 3
    assert table["bid_why"].to_pylist() == ["size_skew|inventory_limit", "kept", ""]
