"""docs/formulas.md has a row for every signal and every gate, and none for what is not there."""

import re

import yaml

from tests.deploys import CHECKOUT
from tests.docs.pages import read

PARTS = {"histogram", "bars", "window", "depths"}
"""What signals are made of; the page says so."""


def rows(section: str) -> set[str]:
    """Return the names that the table of a section begins its rows with."""
    text = read("docs/formulas.md").split(f"\n## {section}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))


def test_every_signal_has_its_formula() -> None:
    files = {p.stem for p in (CHECKOUT / "strategies" / "signals").glob("[a-z]*.py")}
    assert rows("Signals") == files - PARTS


def test_every_gate_has_its_definition() -> None:
    gates = yaml.safe_load((CHECKOUT / "conf" / "gates" / "none.yaml").read_text(encoding="utf-8"))
    assert rows("Gates") == set(gates) - {"name"}


def test_the_page_of_strategies_has_every_gate_too() -> None:
    gates = yaml.safe_load((CHECKOUT / "conf" / "gates" / "none.yaml").read_text(encoding="utf-8"))
    text = read("docs/strategies.md").split("\n## The gates\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE)) == set(gates) - {"name"}
