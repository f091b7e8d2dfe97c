from decimal import Decimal

import pytest

from runner.report.figures import amount, decimals_for, duration, ending, share, with_error


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("1234567.891"), 2, "1,234,567.89"),
        (-0.5, 1, "\u22120.5"),
        (Decimal("-0.001"), 2, "0.00"),
        (None, 2, "\u2013"),
        (float("nan"), 2, "\u2013"),
        (Decimal("12345678901234567890123456789.5"), 1, "12,345,678,901,234,567,890,123,456,789.5"),
    ],
)
def test_amount(value: Decimal | float | None, decimals: int, text: str) -> None:
    assert amount(value, decimals) == text


def test_a_sign_is_shown_where_asked_for() -> None:
    assert amount(0.25, 2, signed=True) == "+0.25"
    assert amount(0.0, 2, signed=True) == "0.00"
    assert with_error(-0.3, 0.05, 2) == "\u22120.30 \u00b1 0.05"
    assert with_error(0.3, None, 2) == "+0.30"


@pytest.mark.parametrize(
    ("values", "decimals"),
    [([1234.5], 2), ([None, -2.0], 3), ([0.5], 4), ([0.03], 5), ([0.004], 6), ([0, None], 2)],
)
def test_money_shows_about_four_digits_of_the_largest(
    values: list[float | None], decimals: int
) -> None:
    assert decimals_for(values) == decimals


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (850_000_000, "850 ms"),
        (59_900_000_000, "59.9 s"),
        (483_000_000_000, "8 min 03 s"),
        (7_500_000_000_000, "2 h 05 min"),
    ],
)
def test_duration(ns: int, text: str) -> None:
    assert duration(ns) == text


def test_shares_and_endings() -> None:
    assert share(0.1234) == "12.3 %"
    assert share(0.0001) == "< 0.1 %"
    assert ending(3) == "not confirmed clean: orders may rest"
    assert ending(9) == "exit 9"
