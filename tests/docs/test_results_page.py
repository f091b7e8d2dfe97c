"""docs/results.md names every key and column that a run leaves, and none that it does not."""

import re

import pytest

from runner.engine.history import DECISION_LAYOUT
from runner.report.derived import PRICES, WHY
from runner.report.fills import COLUMNS
from runner.report.reckoning import reckon
from runner.report.summary import summary_of
from tests.docs.pages import read
from tests.runner.report.fake_run import market, run

PAGE = "docs/results.md"


def quality() -> set[str]:
    """Return the keys of a market's quality."""
    result = run(market())
    found = summary_of(result, reckon(result))["markets"]["btc"]["quality"]  # type: ignore[index]
    return set(found) - {"bid", "ask"} | set(found["bid"])


def decisions() -> set[str]:
    """Return the columns of decisions, those of asks under the name of bids."""
    names = {name for name, _ in DECISION_LAYOUT} | {*PRICES, *WHY, "market"}
    return {name.replace("ask_", "bid_", 1) for name in names}


EXPECTED = {
    "summary.json": quality(),
    "fills.csv": set(COLUMNS),
    "decisions.parquet": decisions(),
}


@pytest.mark.parametrize("section", EXPECTED)
def test_a_table_names_what_there_is(section: str) -> None:
    text = read(PAGE).split(f"## {section}\n")[1].split("\n## ")[0]
    named: set[str] = set()
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| key") and "---" not in line:
            cells = line.replace("`|`", "").split(" | ")
            named |= set(re.findall(r"`([a-z_0-9]+)`", cells[0]))
            if section == "decisions.parquet":
                named |= {n for n in re.findall(r"`([a-z_0-9]+)`", line) if n in EXPECTED[section]}
    assert named == EXPECTED[section]
