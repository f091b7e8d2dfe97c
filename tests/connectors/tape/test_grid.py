"""Prices and sizes become steps exactly, or are refused with their place."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.errors import DataError, OffGrid
from connectors.tape.grid import MAX_LOTS, MAX_TICKS, to_lots, to_ticks

STEPS = [Decimal(text) for text in ("0.1", "0.01", "0.05", "0.00000001", "1", "10", "2.5", "0.3")]


def place(k: int) -> str:
    return f"tape.gz:{k}"


@given(st.sampled_from(STEPS), st.lists(st.integers(1, MAX_TICKS), min_size=1))
def test_every_decimal_price_gives_its_tick(step: Decimal, ticks: list[int]) -> None:
    prices = np.array([float(str(step * tick)) for tick in ticks])
    assert to_ticks(prices, step, place).tolist() == ticks


@given(st.sampled_from(STEPS), st.lists(st.integers(0, MAX_LOTS), min_size=1))
def test_every_decimal_size_gives_its_lots(step: Decimal, lots: list[int]) -> None:
    sizes = np.array([float(str(step * lot)) for lot in lots])
    assert to_lots(sizes, step, place).tolist() == lots


def test_products_of_floats_are_on_the_grid() -> None:
    ticks = np.arange(600_000, 700_000)
    assert (to_ticks(ticks * 0.1, Decimal("0.1"), place) == ticks).all()


@given(st.integers(1, 10**8), st.sampled_from(["0.5", "0.01", "0.0001"]))
def test_between_two_ticks_is_refused(tick: int, beside: str) -> None:
    price = float(Decimal("0.1") * (tick + Decimal(beside)))
    with pytest.raises(OffGrid, match=r"tape\.gz:1: expected a price on the grid of 0\.1, was"):
        to_ticks(np.array([0.1, price]), Decimal("0.1"), place)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), "a finite price, was nan"),
        (float("inf"), "a finite price, was inf"),
        (0.0, "a positive price, was 0"),
        (-0.1, "a positive price, was -0.1"),
        (1e12, "a price of at most 214748364.7, was 1000000000000"),
    ],
)
def test_what_is_no_price_is_refused(value: float, expected: str) -> None:
    with pytest.raises(DataError, match=f"tape.gz:0: expected {expected}"):
        to_ticks(np.array([value]), Decimal("0.1"), place)


def test_a_missing_price_is_zero_where_it_may_be() -> None:
    prices = np.array([0.0, 0.2])
    assert to_ticks(prices, Decimal("0.1"), place, or_none=True).tolist() == [0, 2]
    with pytest.raises(DataError, match="positive"):
        to_ticks(prices, Decimal("0.1"), place, or_none=np.array([False, True]))


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(DataError, match="expected a size of zero or more, was -1"):
        to_lots(np.array([-1.0]), Decimal(1), place)
