"""docs/reports.md names every key of a tear sheet, and none that it does not have."""

import re
from typing import Any

from runner.report.reckoning import reckon
from runner.report.summary import summary_of
from tests.docs.pages import read
from tests.runner.report.fake_run import market, run

PAGE = "docs/reports.md"


def names_in(text: str) -> set[str]:
    """Return every name that stands as code."""
    return {part for code in re.findall(r"`([a-z_0-9.]+)`", text) for part in code.split(".")}


def names_of(document: dict[str, Any]) -> set[str]:
    """Return every key of a document, at any depth."""
    nested = [names_of(value) for value in document.values() if isinstance(value, dict)]
    return set(document).union(*nested)


def test_every_key_of_a_tear_sheet_is_named() -> None:
    result = run(market(steps=3000, maker_fee_bps="0.2"))
    own: Any = summary_of(result, reckon(result))["markets"]
    section = read(PAGE).split("## In summary.json\n")[1].split("\n## ")[0]
    found = names_of({"parts": own["btc"]["parts"], "tear": own["btc"]["tear"]})
    assert names_in(section) == found | {"totals"}
