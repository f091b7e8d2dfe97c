"""An answer proves what it says and no more."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calls import Confirmed, Refused, Unproven
from connectors.lighter.answers import judge, meaning, quota_left
from connectors.lighter.nonces import Nonces
from connectors.lighter.sender import AnswerFeed
from connectors.lighter.transactions import MOST_NONCE
from connectors.model.errors import Refusal, VenueError
from tests.connectors.lighter.ears import Line

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.sampled_from([200, 202, 400, 403, 429, 500]), ANYTHING)
def test_an_answer_without_a_code_proves_nothing(status: int, body: object) -> None:
    assert isinstance(judge(status, body), Unproven)


@given(st.integers())
def test_only_the_doors_own_codes_prove_that_nothing_happened(code: int) -> None:
    outcome = judge(400, {"code": code, "message": "no"})
    assert isinstance(outcome, Refused) is (20_000 <= code < 29_500 or code == 429)
    assert not isinstance(outcome, Confirmed)


@pytest.mark.parametrize(("status", "code"), [(500, 200), (400, 200), (200, 29500), (200, True)])
def test_an_answer_that_contradicts_itself_proves_nothing(status: int, code: int) -> None:
    assert isinstance(judge(status, {"code": code}), Unproven)


def test_a_region_that_may_not_trade_is_a_refusal() -> None:
    assert judge(403, {"code": 403, "message": "blocked"}) == Refused(403, "blocked")
    assert isinstance(judge(200, {"code": 403}), Unproven)


def test_a_code_that_is_not_known_has_no_meaning() -> None:
    assert meaning(21999) is Refusal.OTHER
    assert meaning(429) is Refusal.RATE_LIMIT


def test_the_quota_is_read_where_it_is_told() -> None:
    assert quota_left({"volume_quota_remaining": 0}) == 0
    for body in ({}, {"volume_quota_remaining": None}, {"volume_quota_remaining": "9"}, []):
        assert quota_left(body) is None


@given(st.lists(st.none() | st.integers(0, 1 << 40), max_size=30))
def test_a_nonce_is_never_taken_twice_and_never_falls(told: list[int | None]) -> None:
    nonces, taken = Nonces(), [-1]
    for number in told:
        if number is not None:
            nonces.renew(number)
        taken.append(nonces.take())
        assert number is None or taken[-1] >= number
    assert all(a < b for a, b in pairwise(taken))


def test_past_the_last_nonce_there_is_none() -> None:
    nonces = Nonces()
    nonces.renew(MOST_NONCE)
    assert nonces.take() == MOST_NONCE
    with pytest.raises(VenueError, match="another API key"):
        nonces.take()


@pytest.mark.parametrize("kind", [b"[]", b"{}", b'["jsonapi/sendtx"]', b"null", b"7"])
def test_an_answer_whose_type_is_no_word_is_dropped(kind: bytes) -> None:
    heard: list[object] = []
    feed = AnswerFeed(lambda *answer: heard.append(answer), heard.append, heard.append)
    feed.line = Line()
    feed.on_frames([b'{"type": %s, "id": "1", "code": 200}' % kind], 0)
    assert len(feed.line.dropped) == 1
    assert heard == []
