"""Each reason is one bit, one name and one sentence."""

import pytest

from strategies import reasons
from strategies.reasons import REASONS, SENTENCES, Reason, names


def test_bits_are_unique_and_without_a_gap() -> None:
    assert [int(reason) for reason in Reason] == [1 << bit for bit in range(REASONS)]
    assert set(SENTENCES) == set(Reason)


@pytest.mark.parametrize("reason", list(Reason))
def test_a_reason_has_a_sentence_of_its_own_and_its_bit_as_a_plain_number(reason: Reason) -> None:
    sentence = reason.explain()
    assert len(sentence.split()) > 3
    assert sentence[0].islower()
    assert not sentence.endswith(".")
    assert list(SENTENCES.values()).count(sentence) == 1
    plain = getattr(reasons, str(reason.name))
    assert type(plain) is int
    assert plain == reason


def test_names_lists_every_bit_in_order() -> None:
    assert names(0) == []
    assert names(reasons.KEPT | reasons.NO_BOOK) == ["no_book", "kept"]
    assert names((1 << REASONS) - 1) == [str(reason.name).lower() for reason in Reason]
