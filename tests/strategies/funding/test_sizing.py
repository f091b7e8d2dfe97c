"""Two legs are as large as the weaker side bears."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.funding.sizing import Room, Shares, common_step, margin_buffer_frac, size_base

DEEP = Room(depth_base=100.0, price=50_000.0, free_margin_quote=1e9, leverage=3.0)
ALL = Shares(1.0, 1.0)


@pytest.mark.parametrize(
    ("room", "shares", "size"),
    [
        (DEEP, ALL, 2.0),
        (Room(1.5, 50_000.0, 1e9, 3.0), ALL, 1.5),
        (Room(1.5, 50_000.0, 1e9, 3.0), Shares(0.5, 1.0), 0.75),
        (Room(100.0, 50_000.0, 10_000.0, 3.0), ALL, 0.6),
        (Room(100.0, 50_000.0, 10_000.0, 3.0), Shares(1.0, 0.5), 0.3),
        (Room(100.0, 50_000.0, -5.0, 3.0), ALL, 0.0),
    ],
)
def test_depth_and_margin_of_either_side_bound_both(
    room: Room, shares: Shares, size: float
) -> None:
    assert size_base(2.0, room, DEEP, shares) == pytest.approx(size)
    assert size_base(2.0, DEEP, room, shares) == pytest.approx(size)


@pytest.mark.parametrize("bad", [Room(math.nan, 1.0, 1.0, 1.0), Room(1.0, 0.0, 1.0, 1.0)])
def test_room_that_is_not_known_is_not_there(bad: Room) -> None:
    with pytest.raises(ValueError, match="expected known sizes"):
        size_base(1.0, DEEP, bad, ALL)


@pytest.mark.parametrize(
    ("one", "other", "step"),
    [("0.001", "0.01", "0.01"), ("0.002", "0.003", "0.006"), ("1", "0.4", "2"), ("5", "5", "5")],
)
def test_a_size_of_both_is_whole_lots_of_each(one: str, other: str, step: str) -> None:
    assert common_step(Decimal(one), Decimal(other)) == Decimal(step)


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 8))
def test_a_common_step_is_the_least_one(one: int, other: int, places: int) -> None:
    lots = [Decimal(n).scaleb(-places) for n in (one, other)]
    step = common_step(*lots)
    assert all(step % lot == 0 for lot in lots)
    assert step == Decimal(math.lcm(one, other)).scaleb(-places)


def test_a_buffer_is_the_way_that_is_left_to_liquidation() -> None:
    assert margin_buffer_frac(100_000.0, 100_000.0, 98_500.0) == 1.0
    assert margin_buffer_frac(98_800.0, 100_000.0, 98_500.0) == pytest.approx(0.2)
    assert margin_buffer_frac(102_000.0, 100_000.0, 104_000.0) == pytest.approx(0.5)
