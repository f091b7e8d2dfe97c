"""Quantiles are never under the truth and at most an eighth over it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.engine.latency import Latency, _bucket, _edge_ns
from tests.support import checked

durations = st.one_of(st.integers(0, 40), st.integers(0, 2**62))


@checked(300)
@given(durations)
def test_a_bucket_holds_its_durations_within_an_eighth(elapsed_ns: int) -> None:
    bucket = _bucket(elapsed_ns)
    assert elapsed_ns <= _edge_ns(bucket) <= elapsed_ns * 1.125
    assert bucket == 0 or _edge_ns(bucket - 1) < elapsed_ns


def test_buckets_rise_without_a_gap() -> None:
    assert [_bucket(_edge_ns(bucket)) for bucket in range(400)] == list(range(400))


@checked(100)
@given(st.lists(durations, min_size=1, max_size=60), st.floats(0.0, 1.0))
def test_a_quantile_is_at_most_an_eighth_over_the_true_one(found: list[int], frac: float) -> None:
    latency = Latency()
    for elapsed_ns in found:
        latency.add(elapsed_ns)
    true_ns = next(v for k, v in enumerate(sorted(found), 1) if k >= frac * len(found))
    assert true_ns / 1e3 <= latency.quantile_us(frac) <= true_ns * 1.125 / 1e3
    assert latency.quantile_us(1.0) == max(found) / 1e3


def test_a_summary_is_in_microseconds() -> None:
    latency = Latency()
    rng = random.Random(1)
    for elapsed_ns in rng.sample(range(1, 100_001), 100_000):
        latency.add(elapsed_ns)
    summary = latency.summary()
    assert summary["p50"] == pytest.approx(50.0, rel=0.125)
    assert summary["p99"] == pytest.approx(99.0, rel=0.125)
    assert summary["max"] == 100.0


def test_nothing_measured_is_zero_and_a_clock_that_steps_back_counts_as_none() -> None:
    latency = Latency()
    assert latency.summary() == {"p50": 0.0, "p99": 0.0, "max": 0.0}
    latency.add(-5)
    assert latency.summary() == {"p50": 0.0, "p99": 0.0, "max": 0.0}
