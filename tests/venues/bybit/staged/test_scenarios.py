"""Rows of the fault matrix are played over Bybit's wire with the real ccxt, and judged as ever."""

from pathlib import Path

import pytest

from tests.stage.scenario import faults_of
from tests.venues.bybit.staged.scenario import ROWS, rows


def marked(row: str) -> object:
    """Return a row, and where it does not hold yet the reason."""
    reason = ROWS.read(row).open
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(row, marks=marks)


@pytest.mark.slow
@pytest.mark.parametrize("row", [marked(row) for row in rows()])
def test_a_row_of_the_fault_matrix_holds(row: str, tmp_path: Path) -> None:
    scenario = ROWS.read(row)
    assert faults_of(scenario, ROWS.perform(scenario, tmp_path)) == []
