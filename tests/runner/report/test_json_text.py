"""Indented JSON is what the standard library writes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.report.json_text import indented

VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
DOCUMENTS = st.recursive(
    VALUES | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(DOCUMENTS)
def test_it_is_what_the_standard_library_writes(document: object) -> None:
    assert indented(document) == json.dumps(document, indent=2)


@pytest.mark.parametrize("document", [float("nan"), {"a": float("inf")}, [{"a": [float("nan")]}]])
def test_a_number_that_is_none_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        indented(document)
