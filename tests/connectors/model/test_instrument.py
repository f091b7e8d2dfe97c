"""Decimals become integers exactly or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.errors import OffGrid
from connectors.model.instrument import Instrument
from tests.support import checked


def instrument(tick: str = "0.1", lot: str = "0.001") -> Instrument:
    return Instrument("BTCUSDT", "BTC", "USDT", Decimal(tick), Decimal(lot))


steps = st.sampled_from(("0.1", "0.01", "0.00001", "0.5", "0.25", "0.003", "1", "10", "1E-8"))
counts = st.integers(0, 10**12)


@checked(200)
@given(steps, steps, counts)
def test_ticks_and_lots_come_back_exactly(tick: str, lot: str, count: int) -> None:
    of = instrument(tick, lot)
    assert of.exact_ticks(of.price(count)) == count
    assert of.exact_lots(of.size_base(count)) == count
    assert of.ticks_down(of.price(count)) == of.ticks_up(of.price(count)) == count
    assert of.lots_down(of.size_base(count)) == count


@checked(200)
@given(steps, st.decimals("0.00001", "1000000", places=7))
def test_bids_round_down_and_asks_up_by_less_than_a_tick(tick: str, price: Decimal) -> None:
    of = instrument(tick)
    down, up = of.price(of.ticks_down(price)), of.price(of.ticks_up(price))
    assert price - of.tick_size < down <= price <= up < price + of.tick_size


@checked(200)
@given(steps, st.decimals("0.00001", "1000000", places=7))
def test_a_size_holds_all_its_whole_lots_and_no_more(lot: str, size: Decimal) -> None:
    of = instrument(lot=lot)
    held = of.size_base(of.lots_down(size))
    assert held <= size < held + of.lot_size_base


def test_money_is_exact() -> None:
    of = instrument("0.1", "0.001")
    assert of.notional_quote(1_000_001, 3) == Decimal("300.0003")
    assert str(of.price(3) + of.price(0)) == "0.3"


@pytest.mark.parametrize("value", ["0.15", "100.05", "0.1000000000000000000000000001"])
def test_a_price_off_the_grid_is_refused_in_one_line(value: str) -> None:
    with pytest.raises(
        OffGrid, match=rf"^BTCUSDT: expected a price on the grid of 0.1, was {value}$"
    ):
        instrument().exact_ticks(Decimal(value))


def test_a_size_off_the_grid_is_refused() -> None:
    with pytest.raises(OffGrid, match=r"expected a size on the grid of 0\.001, was 0\.0015"):
        instrument().exact_lots(Decimal("0.0015"))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(OffGrid, match="expected a finite price, was"):
        instrument().exact_ticks(Decimal(value))
    with pytest.raises(OffGrid, match="expected a finite size, was"):
        instrument().exact_lots(Decimal(value))


@pytest.mark.parametrize("step", ["0", "-0.1", "NaN", "Infinity"])
def test_a_step_that_is_no_step_is_refused(step: str) -> None:
    with pytest.raises(ValueError, match="BTCUSDT: expected a positive tick_size, was"):
        instrument(tick=step)
    with pytest.raises(ValueError, match="BTCUSDT: expected a positive lot_size_base, was"):
        instrument(lot=step)
