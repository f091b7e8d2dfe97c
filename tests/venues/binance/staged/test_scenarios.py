"""Rows of the fault matrix are played over Binance's wire, with the real ccxt, and judged."""

from pathlib import Path

import pytest

from tests.stage.scenario import faults_of
from tests.venues.binance.staged.scenario import perform, read, rows


@pytest.mark.slow
@pytest.mark.parametrize("row", rows())
def test_a_row_of_the_fault_matrix_holds(row: str, tmp_path: Path) -> None:
    scenario = read(row)
    assert faults_of(scenario, perform(scenario, tmp_path)) == []
