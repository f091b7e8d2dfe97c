from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.report.exact import HALF, PER_BPS, Step, exact_product, exact_sum, plain

steps = st.builds(
    lambda units, scale: Decimal(units).scaleb(-scale),
    st.integers(-(10**9), 10**9),
    st.integers(-3, 12),
)
counts = st.integers(-(10**15), 10**15)


@given(steps, counts)
def test_text_and_amount_are_the_exact_multiple(step: Decimal, count: int) -> None:
    with localcontext() as context:
        context.prec = 100
        expected = step * count
    assert Decimal(Step.of(step).text(count)) == expected
    assert Step.of(step).amount(count) == expected


@given(steps, steps)
def test_product_of_steps_is_exact(a: Decimal, b: Decimal) -> None:
    assert Step.of(a).times(Step.of(b)).amount(1) == exact_product(a, b)


@pytest.mark.parametrize(
    ("step", "count", "text"),
    [
        ("0.1", 1_000_001, "100000.1"),
        ("0.10", 3, "0.3"),
        ("0.1", -3, "-0.3"),
        ("0.001", 5, "0.005"),
        ("0.001", 0, "0.000"),
        ("100", 7, "700"),
        ("1E+2", 7, "700"),
        ("0", 7, "0"),
    ],
)
def test_text_keeps_the_decimals_of_the_step(step: str, count: int, text: str) -> None:
    assert Step.of(Decimal(step)).text(count) == text


def test_constants() -> None:
    assert HALF.amount(1) == Decimal("0.5")
    assert PER_BPS.amount(1) == Decimal("0.0001")


def test_a_step_must_be_finite() -> None:
    with pytest.raises(ValueError, match="expected a finite decimal, was NaN"):
        Step.of(Decimal("nan"))


def test_a_sum_does_not_round_at_the_callers_precision() -> None:
    large, small = Decimal("123456789012345678901234567890"), Decimal("0.000000000001")
    with localcontext() as context:
        context.prec = 5
        assert exact_sum(large, small, large.copy_negate()) == small


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E-7", "0.0000001"), ("1.500", "1.5"), ("-0.00", "0"), ("1E+3", "1000"), ("-2.0", "-2")],
)
def test_plain_is_digits_only(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text
