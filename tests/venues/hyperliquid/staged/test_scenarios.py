"""Rows of the fault matrix are played over Hyperliquid's wire and judged."""

from pathlib import Path

import pytest

from tests.stage.scenario import faults_of
from tests.venues.common.staged.rows import BY_WIRE
from tests.venues.hyperliquid.staged.scenario import ROWS


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS.names(BY_WIRE))
def test_a_row_of_the_fault_matrix_holds(row: str, tmp_path: Path) -> None:
    scenario = ROWS.read(row)
    assert faults_of(scenario, ROWS.perform(scenario, tmp_path)) == []


def test_every_row_is_written_in_the_venues_words() -> None:
    assert all(ROWS.read(row).script for row in ROWS.names(BY_WIRE))
