from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ccxt.units import Units
from connectors.model.instrument import Instrument
from connectors.socket import Malformed


def instrument(tick: str, lot: str) -> Instrument:
    return Instrument("X", "BTC", "USDT", Decimal(tick), Decimal(lot))


GRIDS = [
    ("0.1", "0.001", "1"),
    ("0.5", "0.01", "0.01"),
    ("0.05", "0.001", "0.001"),
    ("0.0025", "1000", "1"),
    ("5", "0.00000001", "1"),
    ("1e-7", "10", "10"),
]


@pytest.mark.parametrize(("tick", "lot", "contract"), GRIDS)
@given(ticks=st.integers(1, 10_000_000), lots=st.integers(0, 10_000_000))
def test_prices_and_sizes_come_back_exactly(
    tick: str, lot: str, contract: str, ticks: int, lots: int
) -> None:
    units = Units.of(instrument(tick, lot), Decimal(contract))
    assert units.ticks(units.price_text(ticks)) == ticks
    assert units.lots(units.amount_text(lots)) == lots
    assert Decimal(units.price_text(ticks)) == Decimal(tick) * ticks
    assert Decimal(units.amount_text(lots)) * Decimal(contract) == Decimal(lot) * lots


def test_sizes_cross_the_border_as_contracts() -> None:
    okx = Units.of(instrument("0.1", "0.01"), Decimal("0.01"))
    assert okx.amount_text(3) == "3"
    assert okx.lots("3") == 3
    assert okx.signed_lots("-3") == -3


def test_no_text_has_an_exponent() -> None:
    assert Units.of(instrument("1e-7", "10")).price_text(1) == "0.0000001"
    assert Units.of(instrument("1", "1000")).amount_text(2) == "2000"


@pytest.mark.parametrize(
    ("price", "why"),
    [("100.05", "off the grid"), ("-1", "no price"), ("nan", "no price"), ("0", "no price")],
)
def test_a_price_that_is_none_is_refused(price: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        Units.of(instrument("0.1", "0.001")).ticks(price)


def test_a_number_that_a_float_cannot_hold_is_refused() -> None:
    with pytest.raises(Malformed):
        Units.of(instrument("0.1", "0.001")).lots("99999999999999999")


def test_a_lot_that_is_no_decimal_number_of_contracts_is_refused() -> None:
    with pytest.raises(ValueError, match="decimal in contracts"):
        Units.of(instrument("0.1", "0.001"), Decimal("0.003"))
