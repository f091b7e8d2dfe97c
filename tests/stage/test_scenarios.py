"""Each row of the fault matrix that this venue can show is played, and judged."""

from pathlib import Path

import pytest

from tests.stage.scenario import AMENDS, SCENARIOS, faults_of, perform, read

ROWS = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))


def marked(row: str) -> object:
    """Return a row, and where it does not hold yet the reason."""
    scenario = read(SCENARIOS / f"{row}.yaml")
    marks = [pytest.mark.xfail(reason=scenario.open, strict=True)] if scenario.open else []
    return pytest.param(row, marks=marks)


@pytest.mark.parametrize("row", [marked(row) for row in ROWS])
def test_a_row_of_the_fault_matrix_holds(row: str, tmp_path: Path) -> None:
    scenario = read(SCENARIOS / f"{row}.yaml")
    assert faults_of(scenario, perform(scenario, tmp_path)) == []


@pytest.mark.parametrize("path", sorted(AMENDS.glob("*.yaml")), ids=lambda path: path.stem)
def test_it_holds_where_orders_are_amended(path: Path, tmp_path: Path) -> None:
    scenario = read(path)
    assert faults_of(scenario, perform(scenario, tmp_path)) == []
