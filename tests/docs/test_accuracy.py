"""The tables of docs/formulas.md are what the models give today."""

from tests.docs import accuracy


def test_the_tables_are_up_to_date() -> None:
    committed = accuracy.PAGE.read_text(encoding="utf-8")
    assert committed == accuracy.page(), "run: python -m tests.docs.accuracy"
