"""Rows of the fault matrix are played over MEXC's wire, with the real ccxt, and judged."""

from pathlib import Path

import pytest

from tests.stage.scenario import faults_of
from tests.venues.mexc.staged.scenario import PLAYED, ROWS


@pytest.mark.slow
@pytest.mark.parametrize("row", PLAYED)
def test_a_row_of_the_fault_matrix_holds(row: str, tmp_path: Path) -> None:
    scenario = ROWS.read(row)
    assert faults_of(scenario, ROWS.perform(scenario, tmp_path)) == []


def test_every_row_is_written_in_the_venues_words() -> None:
    assert all(ROWS.read(row).script for row in PLAYED)
