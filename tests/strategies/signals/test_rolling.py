"""Windows say what a plain computation over their last values says."""

import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.signals import rolling
from strategies.signals.rolling import LENGTH, MOST_T, SERIES, Rolling
from tests.support import NOW_NS, SECOND_NS, checked

Stamped = list[tuple[int, float]]


def filled(stamped: Stamped, s: int = 0, cluster_ns: int = SECOND_NS) -> Rolling:
    windows = Rolling()
    windows.cluster_ns = cluster_ns
    for stamp_ns, value in stamped:
        rolling.add(windows, s, value, stamp_ns)
    return windows


def clustered(stamped: Stamped, cluster_ns: int) -> list[list[tuple[int, float]]]:
    """Return all values by cluster, each with its number in the whole."""
    found: list[list[tuple[int, float]]] = []
    start_ns = 0
    for number, (stamp_ns, value) in enumerate(stamped):
        if not found or stamp_ns - start_ns >= cluster_ns:
            found.append([])
            start_ns = stamp_ns
        found[-1].append((number, value))
    return found


def expected_error(stamped: Stamped, cluster_ns: int) -> float:
    """Compute the cluster-robust error from its definition, over the last values alone."""
    first = max(0, len(stamped) - LENGTH)
    kept = [value for _, value in stamped[first:]]
    mean = math.fsum(kept) / len(kept)
    sums = [
        math.fsum(value - mean for number, value in cluster if number >= first)
        for cluster in clustered(stamped, cluster_ns)
        if cluster[-1][0] >= first
    ]
    if len(sums) < 2:
        return math.inf
    squares = math.fsum(x * x for x in sums)
    return math.sqrt(squares * len(sums) / (len(sums) - 1)) / len(kept)


def sweeps(count: int, seed: int) -> Stamped:
    rng = random.Random(seed)
    now_ns, found = NOW_NS, []
    for _ in range(count):
        now_ns += int(rng.choice((0.01, 0.2, 4.0)) * SECOND_NS)
        found.append((now_ns, rng.gauss(-0.3, 1.0)))
    return found


@pytest.mark.parametrize("count", [1, 2, 7, LENGTH - 1, LENGTH, LENGTH + 1, 1000])
def test_every_reading_is_that_of_the_last_values(count: int) -> None:
    stamped = sweeps(count, count)
    windows = filled(stamped, s=3)
    kept = [value for _, value in stamped[-LENGTH:]]
    assert rolling.size(windows, 3) == len(kept)
    assert rolling.median(windows, 3) == statistics.median(kept)
    assert rolling.mean(windows, 3) == pytest.approx(statistics.fmean(kept), abs=1e-12)
    assert rolling.error(windows, 3) == pytest.approx(expected_error(stamped, SECOND_NS), rel=1e-9)
    if count > 7:
        t = statistics.fmean(kept) / expected_error(stamped, SECOND_NS)
        assert rolling.t_statistic(windows, 3) == pytest.approx(t, rel=1e-9)


def test_values_that_come_alone_have_the_plain_error() -> None:
    stamped = [(NOW_NS + k * SECOND_NS, float(k % 7)) for k in range(100)]
    values = [value for _, value in stamped]
    plain = statistics.stdev(values) / 10
    assert rolling.error(filled(stamped), 0) == pytest.approx(plain, rel=1e-12)


def test_a_sweep_counts_once() -> None:
    alone = filled([(NOW_NS + k * SECOND_NS, float(k % 3)) for k in range(30)])
    swept = filled([(NOW_NS + k // 10 * SECOND_NS, float(k // 10)) for k in range(30)])
    assert rolling.clusters(swept, 0) == 3
    assert rolling.error(swept, 0) > 2.5 * rolling.error(alone, 0)


@given(
    st.lists(st.sampled_from((-2.5, -1.0, 0.0, 0.0, 1.0, 3.5)), min_size=1, max_size=3 * LENGTH),
    st.integers(0, SERIES - 1),
)
@checked(60)
def test_the_median_is_exact_with_ties(values: list[float], s: int) -> None:
    windows = filled([(NOW_NS + k, value) for k, value in enumerate(values)], s)
    assert rolling.median(windows, s) == statistics.median(values[-LENGTH:])
    others = [o for o in range(SERIES) if o != s]
    assert [rolling.size(windows, o) for o in others] == [0] * (SERIES - 1)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_left_out(value: float) -> None:
    windows = filled([(NOW_NS, 1.0), (NOW_NS, value)])
    assert (rolling.size(windows, 0), rolling.mean(windows, 0)) == (1, 1.0)


def test_an_empty_series_says_that_it_is_empty() -> None:
    windows = Rolling()
    assert rolling.size(windows, 0) == rolling.clusters(windows, 0) == 0
    assert rolling.median(windows, 0) == rolling.mean(windows, 0) == 0.0
    assert rolling.error(windows, 0) == math.inf
    assert rolling.t_statistic(windows, 0) == 0.0


def test_clusters_that_all_say_the_same_are_sure_but_finite() -> None:
    windows = filled([(NOW_NS + k * SECOND_NS, -1.0) for k in range(20)])
    assert rolling.t_statistic(windows, 0) == -MOST_T


def test_a_long_run_does_not_drift() -> None:
    stamped = sweeps(20_000, 5)
    windows = filled([(stamp_ns, value * 1e6) for stamp_ns, value in stamped])
    for stamp_ns, value in sweeps(LENGTH, 6):
        rolling.add(windows, 0, value, stamped[-1][0] + stamp_ns - NOW_NS)
    kept = [value for _, value in sweeps(LENGTH, 6)]
    assert rolling.mean(windows, 0) == pytest.approx(statistics.fmean(kept), abs=1e-8)
