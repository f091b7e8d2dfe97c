"""The front holds what nothing beats."""

from hypothesis import given
from hypothesis import strategies as st

from runner.search.objectives import front_of

POINTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


@given(POINTS)
def test_what_is_not_on_the_front_is_beaten_by_what_is(points: list[tuple[int, int]]) -> None:
    front = front_of(points, ["maximize", "minimize"])
    for k, (gain, cost) in enumerate(points):
        beaten = [j for j in front if points[j] != (gain, cost)]
        beaten = [j for j in beaten if points[j][0] >= gain and points[j][1] <= cost]
        assert bool(beaten) is (k not in front)


def test_one_objective_has_the_best_and_its_equals() -> None:
    assert front_of([(1.0,), (3.0,), (3.0,)], ["maximize"]) == [1, 2]
    assert front_of([(1.0,), (3.0,), (3.0,)], ["minimize"]) == [0]
    assert front_of([], ["maximize"]) == []
