"""What a pair remembers comes back as it was, and legs are not changed under a position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.errors import ConfigError
from runner.pairs.state import Entered, PairState, dumped, loaded, taken_up
from strategies.funding.book import Book, Phase
from strategies.funding.rules import Position

FRESH = PairState(("one", "other"), "0.0001", (0, 0))


@given(
    st.builds(
        PairState,
        legs=st.tuples(st.text(), st.text()),
        grain=st.text(),
        wallets=st.tuples(st.integers(), st.integers()),
        position=st.builds(
            Position,
            direction=st.sampled_from((-1, 0, 1)),
            entered_h=st.floats(0, 1e6),
            left_h=st.none() | st.floats(0, 1e6),
            against=st.integers(0, 9),
            is_armed=st.booleans(),
        ),
        book=st.builds(
            Book,
            goal_lots=st.integers(),
            phase=st.sampled_from(Phase),
            apart_ns=st.none() | st.integers(),
        ),
        entered=st.none()
        | st.builds(
            Entered,
            at_ns=st.integers(),
            size_base=st.text(),
            first_price=st.floats(0, 1e6),
            second_price=st.floats(0, 1e6),
        ),
    )
)
def test_a_state_comes_back_as_it_was(state: PairState) -> None:
    assert loaded(dumped(state)) == state


def test_nothing_kept_begins_afresh() -> None:
    assert taken_up("btc", None, FRESH) is FRESH


def test_other_legs_are_refused_while_a_position_is_held() -> None:
    held = PairState(("one", "third"), "0.0001", (0, 0), Position(1, 5.0))
    with pytest.raises(ConfigError, match=r"pairs\.btc: expected the legs one and third .* leave"):
        taken_up("btc", dumped(held), FRESH)


def test_other_legs_remember_when_the_last_position_was_left() -> None:
    left = Position(0, 0.0, 7.0, 0, is_armed=False)
    flat = PairState(("one", "third"), "0.1", (3, 0), left)
    found = taken_up("btc", dumped(flat), FRESH)
    assert (found.legs, found.wallets, found.position) == (FRESH.legs, (0, 0), left)
