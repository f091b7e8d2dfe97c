"""Nonces rise, and no two transactions that can both be let in have the same."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.lighter.manner import Manner
from connectors.lighter.nonces import Nonces
from connectors.lighter.transactions import MOST_NONCE
from connectors.model.account import ABSENT
from connectors.model.errors import VenueError
from connectors.model.events import ACCEPTED, OUTCOME_UNKNOWN, REJECTED
from tests.connectors.lighter.trader import Trader, trading
from tests.venues.common.truth import Signed

COUNTS = st.integers(1, 15)


@given(st.lists(st.one_of(COUNTS, st.tuples(st.integers(0, 1_000)))))
def test_nonces_that_skip_never_fall_whatever_the_venue_says(steps: list[Any]) -> None:
    nonces, last = Nonces(100), 99
    for step in steps:
        if isinstance(step, tuple):
            nonces.renew(step[0])
            assert nonces.take() >= max(last + 1, step[0])
            last = nonces.take()
        else:
            first = nonces.take(step)
            assert first > last
            last = first + step - 1


@given(st.lists(st.tuples(COUNTS, st.integers(0, 15))))
def test_contiguous_nonces_are_used_again_only_where_the_venue_says_they_are_unused(
    batches: list[tuple[int, int]],
) -> None:
    """Each batch is let in up to some place; what follows is refused, and the venue is asked."""
    nonces, expected, let_in = Nonces(skips=False), 0, []
    for count, admitted in batches:
        if nonces.is_doubted:
            nonces.renew(expected)
        first = nonces.take(count)
        for nonce in range(first, first + min(count, admitted)):
            assert nonce == expected
            let_in.append(nonce)
            expected += 1
        if admitted < count:
            nonces.spoil()
    assert let_in == list(range(len(let_in)))


def test_the_last_nonce_is_said_to_be_the_last() -> None:
    nonces = Nonces(MOST_NONCE)
    assert nonces.take() == MOST_NONCE
    with pytest.raises(VenueError, match="past the last one"):
        nonces.take()


def test_a_process_begins_above_all_nonces_of_a_former_one() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)

    stand = trading(act)
    (tx,) = stand.signer.signed
    assert 0 <= stand.clock.now_ns() // 1_000_000 - tx.nonce < 10_000


CONTIGUOUS_FAULTS: dict[str, dict[str, Any]] = {
    "a lost request": {"when": "place", "nth": 2, "do": "drop_request"},
    "a lost answer": {"when": "place", "nth": 2, "do": "drop_response"},
    "a nonce refused": {"when": "place", "nth": 2, "do": "refuse", "code": 21104},
    "a margin refused": {"when": "place", "nth": 2, "do": "refuse", "code": 21739},
    "a nonce taken back": {"when": "execute.create", "nth": 2, "do": "lose_nonce"},
    "a late request": {
        "when": "place",
        "nth": 2,
        "do": "delay",
        "s": 3.0,
        "is_processed": False,
    },
}


@pytest.mark.parametrize("fault", CONTIGUOUS_FAULTS)
def test_contiguous_nonces_go_on_after_a_fault(fault: str) -> None:
    async def act(stand: Trader) -> None:
        for number in range(1, 6):
            stand.place(number)
            await asyncio.sleep(0.2)
        await asyncio.sleep(6)
        six, seven = stand.place(6), stand.place(7)
        await asyncio.sleep(1)
        assert stand.heard(six) == stand.heard(seven) == [ACCEPTED]
        await asyncio.sleep(15)
        for number in range(1, 6):
            client_id = 2176 * number
            fate = await stand.venue.order_fate("eth", client_id)
            if client_id in stand.resting():
                assert fate.kind == ACCEPTED
                assert REJECTED not in stand.heard(client_id)
            else:
                assert fate.kind == ABSENT
                assert {REJECTED, OUTCOME_UNKNOWN} & set(stand.heard(client_id))

    stand = trading(act, CONTIGUOUS_FAULTS[fault], manner=Manner(skips_nonces=False))
    admitted = [signed.nonce for signed in stand.there.truth.of(Signed) if signed.code == 200]
    assert admitted == sorted(admitted)
    least = len(admitted) - len(set(admitted))
    assert least <= (fault == "a nonce taken back")
