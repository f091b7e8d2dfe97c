"""The deflated Sharpe ratio, held against the example of its paper."""

import math
import random

import pytest

from runner.report.sharpe import Sharpe, sharpe_of
from runner.sweep.sharpe import effective_trials, expected_best, probabilistic

A_YEAR = 250
FOUND = Sharpe(ratio=2.5 / math.sqrt(A_YEAR), skewness=-3.0, kurtosis=10.0, count=1250)


@pytest.mark.parametrize(("trials", "deflated"), [(100, 0.9004), (46, 0.9505)])
def test_the_papers_example(trials: int, deflated: float) -> None:
    best = expected_best(0.5 / A_YEAR, trials)
    assert probabilistic(FOUND, best) == pytest.approx(deflated, abs=5e-4)


def test_the_papers_threshold() -> None:
    assert expected_best(0.5 / A_YEAR, 100) == pytest.approx(0.1132, abs=5e-5)


def test_more_trials_deflate_more() -> None:
    values = [probabilistic(FOUND, expected_best(0.002, trials)) for trials in (1, 2, 10, 1000)]
    assert values == sorted(values, reverse=True)
    assert expected_best(0.002, 1.0) == 0.0


def test_trials_that_are_one_count_as_one() -> None:
    source = random.Random(1)
    one = [source.gauss(0.0, 1.0) for _ in range(50)]
    same = [[2.0 * value + 1.0 for value in one] for _ in range(8)]
    assert effective_trials([same]) == pytest.approx(1.0)


def test_trials_that_have_nothing_in_common_all_count() -> None:
    source = random.Random(1)
    many = [[source.gauss(0.0, 1.0) for _ in range(2000)] for _ in range(8)]
    assert effective_trials([many]) == pytest.approx(8.0, abs=0.3)
    assert effective_trials([[each] for each in many]) == 8.0


def test_no_ratio_of_what_does_not_vary() -> None:
    assert sharpe_of([0.0] * 50) is None
    assert sharpe_of([1.0, 2.0]) is None


def test_moments() -> None:
    found = sharpe_of([1.0, -1.0] * 10)
    assert found is not None
    assert (found.ratio, found.skewness, found.count) == (0.0, 0.0, 20)
    assert found.kurtosis == pytest.approx(1.0)
