import pytest

from runner.report.held import MOST_BUCKETS, held_of
from runner.report.inventory import inventory_of
from tests.runner.report.fake_run import CLIP, market


def test_shares_of_time_make_a_whole_and_agree_with_the_walk_over_fills() -> None:
    given = market(steps=2000, fill_frac=0.05)
    held = held_of(given)
    assert held is not None
    assert sum(held.share) == pytest.approx(1.0)
    assert len(held.at) <= MOST_BUCKETS
    mean = sum(at * share for at, share in zip(held.at, held.share, strict=True))
    assert mean == pytest.approx(inventory_of(given).mean / CLIP, abs=held.width / 2)


def test_a_run_without_fills_was_flat() -> None:
    held = held_of(market(fill_frac=0))
    assert held is not None
    assert (held.at, held.share, held.flat_frac, held.mean_abs) == ((0.0,), (1.0,), 1.0, 0.0)


def test_a_run_without_time_has_none() -> None:
    assert held_of(market(steps=0)) is None
