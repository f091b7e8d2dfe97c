"""The page about faults names every row of the matrix: played here, or covered elsewhere."""

import re

from tests.stage.page import PAGE, written
from tests.stage.scenario import SCENARIOS

FAMILIES = {
    "MD": 18,
    "OR": 29,
    "FA": 20,
    "PO": 12,
    "VA": 18,
    "PC": 20,
    "SC": 13,
    "CF": 13,
    "SE": 13,
    "RL": 11,
}
"""How many rows each family of the fault matrix has."""


def test_every_row_is_named_once() -> None:
    rows = re.findall(r"^\| ([A-Z]{2}-\d\d) \|", PAGE.read_text(), re.MULTILINE)
    every = [f"{family}-{k:02}" for family, n in FAMILIES.items() for k in range(1, n + 1)]
    assert sorted(rows) == sorted(every)


def test_the_table_of_scenarios_is_up_to_date() -> None:
    assert written(PAGE.read_text()) == PAGE.read_text()


def test_every_scenario_is_a_row() -> None:
    names = {path.stem.partition("-")[0] for path in SCENARIOS.glob("*.yaml")}
    assert names <= FAMILIES.keys()
