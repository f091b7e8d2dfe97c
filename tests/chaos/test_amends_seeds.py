"""Seeds of faults and restarts where orders are amended: a few in every run, others by hand."""

import pytest

from tests.chaos.amends import WORLD
from tests.chaos.seeds import judged

KEPT = (1, 2)


@pytest.mark.parametrize("seed", KEPT)
def test_a_seed_with_amends_holds(seed: int) -> None:
    verdict = judged(seed, WORLD)
    assert verdict.findings == ()
    assert verdict.faults > 0
    assert verdict.fills > 0
