"""A walk forward searches before it tests, and never sees what comes after."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.interrupts import Interrupt
from runner.search.folds import folds_of
from tests.runner.search.hill import FAR, Hill, failing, search


@given(
    first=st.integers(0, 10**18),
    span=st.integers(10**6, 10**15),
    count=st.integers(1, 20),
    window=st.sampled_from(["anchored", "rolling"]),
)
def test_a_test_begins_where_its_search_ended_and_tests_follow_one_another(
    first: int, span: int, count: int, window: str
) -> None:
    folds = folds_of((first, first + span), count, window, (None, None))
    assert len(folds) == count
    for fold in folds:
        assert fold.train[1] == fold.test[0]
        assert fold.train[1] is not None
        assert fold.train[1] > (fold.train[0] or first)
    for one, two in pairwise(folds):
        assert one.test[1] == two.test[0]
        assert two.train[0] == (None if window == "anchored" else one.test[0])
    assert (folds[0].train[0], folds[-1].test[1]) == (None, None)


@pytest.mark.parametrize("window", ["anchored", "rolling"])
def test_each_fold_tests_its_best_in_the_time_after(tmp_path: Path, window: str) -> None:
    hill = Hill()
    words = (FAR, "search.folds=3", "search.trials=6", f"search.window={window}")
    assert search(tmp_path, "run", *words, hill=hill) == 0
    with (tmp_path / "run" / "walk_forward.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(hill.seen) == 3 * (6 + 1)
    for k, row in enumerate(rows):
        searched, tested = hill.seen[7 * k : 7 * k + 6], hill.seen[7 * k + 6]
        spans = {(s.replay.begin, s.replay.end) for s in searched}
        assert spans == {(_ns(row["train_from_ns"]), _ns(row["train_to_ns"]))}
        assert tested.replay.begin == _ns(row["train_to_ns"])
        best = min(searched, key=lambda s: abs(s.gamma - 0.3))
        assert tested.gamma == best.gamma
        assert row["settings"] == f"gamma={best.gamma}"
    for number in (1, 2, 3):
        assert (tmp_path / "run" / f"fold{number}" / "search" / "leaderboard.html").exists()
        assert (tmp_path / "run" / f"fold{number}" / "test" / "0").is_dir()
    assert "survives" in (tmp_path / "run" / "walk_forward.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_walk_that_was_interrupted_goes_on(tmp_path: Path) -> None:
    words = (FAR, "search.folds=2", "search.trials=4")
    assert search(tmp_path, "one", *words, hill=Hill(failing({6: Interrupt}))) == 130
    hill = Hill()
    assert search(tmp_path, "two", *words, hill=hill) == 0
    # The first fold's test is run again: only searches are kept.
    assert len(hill.seen) == 1 + 3 + 1


def _ns(text: str) -> int | None:
    return int(text) if text else None
