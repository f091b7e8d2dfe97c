import random

import numpy as np
import pytest

from runner.report.downsample import edges_ns, pick_rows


def series(n: int, seed: int = 1) -> tuple[list[int], list[int], list[int]]:
    """Return stamps, prices with unknowns, and signed positions."""
    chance = random.Random(seed)
    stamps, stamp = [], 0
    for _ in range(n):
        stamp += chance.choice((1, 5, 900))
        stamps.append(stamp)
    prices = [0 if chance.random() < 0.1 else chance.randrange(1, 10**6) for _ in range(n)]
    return stamps, prices, [chance.randrange(-500, 500) for _ in range(n)]


def test_a_short_series_is_kept_whole() -> None:
    stamps, prices, positions = series(50)
    assert pick_rows(stamps, (prices,), (positions,), 50) == list(range(50))
    assert pick_rows([], ([],), (), 50) == []


@pytest.mark.parametrize("most", [40, 400, 4_000])
def test_few_rows_keep_every_extreme(most: int) -> None:
    stamps, prices, positions = series(20_000)
    rows = pick_rows(stamps, (prices,), (positions,), most)
    assert len(rows) <= most
    assert rows == sorted(set(rows))
    assert (rows[0], rows[-1]) == (0, len(stamps) - 1)
    known = [p for p in prices if p > 0]
    picked = [prices[r] for r in rows if prices[r] > 0]
    assert (min(picked), max(picked)) == (min(known), max(known))
    held = [positions[r] for r in rows]
    assert (min(held), max(held)) == (min(positions), max(positions))


def test_arrays_pick_the_same_rows_as_lists() -> None:
    stamps, prices, positions = series(5_000)
    plain = pick_rows(stamps, (prices,), (positions,), 300)
    arrays = [np.array(column, np.int64) for column in (stamps, prices, positions)]
    assert pick_rows(arrays[0], (arrays[1],), (arrays[2],), 300) == plain


def test_a_series_of_unknowns_still_has_its_ends() -> None:
    rows = pick_rows(list(range(1_000)), ([0] * 1_000,), (), 30)
    assert (rows[0], rows[-1]) == (0, 999)
    assert len(rows) <= 30


def test_edges_end_exactly_at_the_last_stamp() -> None:
    assert edges_ns(10, 20, 3) == [13, 16, 20]
