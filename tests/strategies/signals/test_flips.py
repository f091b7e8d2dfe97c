"""A flip needs an amplitude on both sides, and is forgotten after the window."""

import random

from hypothesis import given
from hypothesis import strategies as st

from strategies.signals import flips
from strategies.signals.flips import REMEMBERED, Flips
from tests.support import MS, NOW_NS, checked


def new_flips(least_ticks: float = 0.1) -> Flips:
    state = Flips()
    state.least_ticks, state.window_ns = least_ticks, 200 * MS
    return state


def test_small_crossings_are_none_and_the_first_side_is_none() -> None:
    state = new_flips()
    counts = []
    for offset in (0.3, 0.05, -0.05, 0.2, -0.1, -0.4, 0.05, 0.1):
        flips.observe(state, offset, NOW_NS)
        counts.append(state.count)
    assert counts == [0, 0, 0, 0, 1, 1, 1, 2]


def test_no_offset_is_no_side_whatever_the_amplitude() -> None:
    state = new_flips(least_ticks=0.0)
    for offset in (0.0, 0.5, 0.0, 0.5):
        flips.observe(state, offset, NOW_NS)
    assert (state.lean, state.count) == (1, 0)


def test_a_window_forgets() -> None:
    state = new_flips()
    for k in range(5):
        flips.observe(state, 0.5 - k % 2, NOW_NS + 50 * MS * k)
    assert flips.recent(state) == 4
    flips.expire(state, NOW_NS + 250 * MS + 1)
    assert flips.recent(state) == 3
    flips.expire(state, NOW_NS + 10**12)
    assert flips.recent(state) == 0


@given(st.integers(0, 2**32), st.integers(1, 40))
@checked(25)
def test_the_count_is_that_of_all_times_in_the_window(seed: int, pace_ms: int) -> None:
    rng = random.Random(seed)
    state, now_ns, seen = new_flips(), NOW_NS, []
    for _ in range(300):
        now_ns += rng.randrange(0, pace_ms * MS)
        before = state.count
        flips.observe(state, rng.uniform(-0.5, 0.5), now_ns)
        if state.count > before:
            seen.append(now_ns)
        inside = sum(now_ns - stamp <= state.window_ns for stamp in seen)
        assert flips.recent(state) == min(inside, REMEMBERED)
