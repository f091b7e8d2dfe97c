"""A price lands on its tick exactly, or is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.lighter.grid import MOST_LOTS, MOST_TICKS, Grid
from connectors.socket import Malformed
from tests.support import checked


@given(st.integers(0, 8), st.integers(1, MOST_TICKS), st.integers(0, MOST_LOTS))
@checked(500)
def test_every_price_and_size_of_a_market_lands_where_its_text_says(
    decimals: int, ticks: int, lots: int
) -> None:
    grid = Grid.of(decimals, decimals)
    step = Decimal(1).scaleb(-decimals)
    assert grid.ticks(float(str(ticks * step))) == ticks
    assert grid.lots(float(str(lots * step))) == lots


@given(st.integers(1, 10**9), st.integers(1, 99))
@checked(300)
def test_a_price_between_two_ticks_is_refused(ticks: int, hundredths: int) -> None:
    price = float(Decimal(ticks * 100 + hundredths).scaleb(-3))
    with pytest.raises(Malformed, match="off the grid"):
        Grid.of(1, 5).ticks(price)


@pytest.mark.parametrize("price", [0.0, -1.0, float("nan"), float("inf"), 3e8, -0.0])
def test_what_is_no_price_is_refused(price: float) -> None:
    with pytest.raises(Malformed, match="no price"):
        Grid.of(1, 5).ticks(price)


@pytest.mark.parametrize("size", [-0.5, float("nan"), float("inf"), 1e300])
def test_what_is_no_size_is_refused(size: float) -> None:
    with pytest.raises(Malformed, match="no size"):
        Grid.of(1, 5).lots(size)


def test_decimals_that_no_market_has_are_refused() -> None:
    with pytest.raises(ValueError, match="0 to 12 decimals"):
        Grid.of(-1, 5)
