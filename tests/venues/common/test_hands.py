"""A share of an order is cut into pieces that add up."""

from hypothesis import given
from hypothesis import strategies as st

from tests.venues.common.hands import pieces_of


@given(st.integers(1, 1_000), st.floats(0.001, 1.0), st.integers(1, 50))
def test_pieces_add_up_to_the_share_and_none_is_empty(
    open_lots: int, frac: float, pieces: int
) -> None:
    lots = list(pieces_of(open_lots, frac, pieces))
    assert sum(lots) == max(1, round(open_lots * frac))
    assert min(lots) >= 1
    assert len(lots) <= pieces
    assert max(lots) - min(lots) <= 1
