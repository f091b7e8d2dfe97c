"""Rows of the fault matrix are played over OKX's wire, with the real ccxt, and judged."""

from pathlib import Path

import pytest

from tests.stage.scenario import faults_of
from tests.venues.okx.staged.scenario import ROWS, STAGED


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS.names(STAGED))
def test_a_row_of_the_fault_matrix_holds(row: str, tmp_path: Path) -> None:
    scenario = ROWS.read(row)
    assert faults_of(scenario, ROWS.perform(scenario, tmp_path)) == []


@pytest.mark.parametrize("row", ROWS.names(STAGED))
def test_every_row_is_written_in_the_venues_words(row: str) -> None:
    assert ROWS.read(row).script
