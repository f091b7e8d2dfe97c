"""Seeds of faults and restarts over Lighter's wire: a few in every run, all others by hand."""

import pytest

from tests.chaos.lighter import WORLD
from tests.chaos.seeds import judged

KEPT = (3, 6)
"""Drawn among those that kill the process, lose answers and let orders trade."""


@pytest.mark.parametrize("seed", KEPT)
def test_a_seed_over_lighters_wire_holds(seed: int) -> None:
    verdict = judged(seed, WORLD)
    assert verdict.findings == ()
    assert verdict.faults > 0
    assert verdict.fills > 0


def test_a_seed_draws_the_same_again() -> None:
    again = [[(s.name, s.at_s, s.when, s.nth, s.times) for s in WORLD.drawn(9)[1]] for _ in "12"]
    assert again[0] == again[1]
