from hypothesis import given
from hypothesis import strategies as st

from runner.report.drawdown import drawdown_of


def test_the_worst_fall_has_its_peak_its_trough_and_its_end() -> None:
    found = drawdown_of([0, 10, 20, 30, 40, 50], [0.0, 3.0, 1.0, -1.0, 3.5, 2.0])
    assert found is not None
    assert (found.depth, found.peak_ns, found.trough_ns) == (4.0, 10, 30)
    assert (found.recovered_ns, found.lasted_ns) == (40, 30)


def test_a_fall_that_never_came_back_lasts_until_the_end() -> None:
    found = drawdown_of([0, 10, 20], [0.0, -1.0, -0.5])
    assert found is not None
    assert (found.recovered_ns, found.lasted_ns) == (None, 20)


def test_a_curve_that_never_fell_has_none() -> None:
    assert drawdown_of([0, 1, 2], [0.0, 0.0, 2.0]) is None


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=30))
def test_no_later_value_is_further_below_an_earlier_one(values: list[int]) -> None:
    curve = [float(value) for value in values]
    found = drawdown_of(range(len(curve)), curve)
    worst = max(a - b for k, a in enumerate(curve) for b in curve[k:])
    assert (found.depth if found else 0.0) == worst
