"""Every refusal explains itself, and every error says how the process ends."""

import pytest

from connectors.model.errors import (
    ConfigError,
    DataError,
    MmrunnerError,
    OffGrid,
    Refusal,
    TornTape,
)


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_a_sentence_of_its_own(refusal: Refusal) -> None:
    sentence = refusal.explain()
    assert sentence.startswith(("the ", "its "))
    assert [other.explain() for other in Refusal].count(sentence) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [(MmrunnerError, 1), (ConfigError, 2), (DataError, 2), (TornTape, 2), (OffGrid, 2)],
)
def test_an_error_says_its_exit_code(error: type[MmrunnerError], code: int) -> None:
    assert error("x").exit_code == code
    assert issubclass(error, MmrunnerError)
