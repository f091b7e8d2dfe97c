"""An error says how far a figure may be off, also when events come in bursts."""

import numpy as np
import pytest

from runner.calibrate.estimate import BLOCK_NS, Blocks, Estimate, Refused, ratio, shrunk
from tests.runner.calibrate.made import START_NS


def mean_of(values: np.ndarray, ns: np.ndarray, seconds: int) -> Estimate | Refused:
    blocks = Blocks.over(START_NS, START_NS + seconds * 10**9)
    return blocks.estimate(blocks.sums(ns, values, np.ones(len(values))), ratio, len(values))


def test_two_errors_hold_the_truth_nineteen_times_in_twenty_for_events_in_bursts() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        mood = np.repeat(rng.normal(size=60), 50)
        values = mood + rng.normal(size=3000)
        ns = START_NS + (np.repeat(np.arange(60), 50) * BLOCK_NS + 1)
        found = mean_of(values, ns, 60 * 20)
        assert isinstance(found, Estimate)
        held += abs(found.value) <= 2 * found.error
    assert 180 <= held <= 199


def test_a_short_tape_has_no_error_and_so_no_figure() -> None:
    found = mean_of(np.ones(100), START_NS + np.arange(100) * 10**9, 100)
    assert isinstance(found, Refused)
    assert "too short" in found.why


def test_what_events_do_not_determine_is_refused() -> None:
    blocks = Blocks.over(START_NS, START_NS + 400 * 10**9)
    found = blocks.estimate(np.zeros((blocks.count, 2)), ratio, 0)
    assert found == Refused("0 events do not determine it")


def test_equal_input_gives_equal_errors() -> None:
    ns = START_NS + np.arange(400) * 10**9
    values = np.sin(np.arange(400.0))
    assert mean_of(values, ns, 400) == mean_of(values, ns, 400)


@pytest.mark.parametrize(("error", "near"), [(1e-6, 4.0), (1e6, 1.0)])
def test_a_figure_is_drawn_to_its_prior_as_far_as_it_is_unsure(error: float, near: float) -> None:
    assert shrunk(Estimate(4.0, error, 9), 1.0, 0.7).value == pytest.approx(near, rel=1e-3)
    middle = shrunk(Estimate(4.0, 4.0 * 0.7, 9), 1.0, 0.7)
    assert middle.value == pytest.approx(2.0)
    assert middle.error < 4.0 * 0.7
