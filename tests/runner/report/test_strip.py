import random

import numpy as np
import pytest

from runner.report.strip import lanes_of

REASONS = {"kept": 1, "skew": 4}


def test_a_reason_holds_until_the_next_row() -> None:
    lanes = lanes_of([0, 10, 30, 40], [1, 5, 0, 0], REASONS, stretches=4)
    assert {lane.reason: lane.shares for lane in lanes} == {
        "kept": [1.0, 1.0, 1.0, 0.0],
        "skew": [0.0, 1.0, 1.0, 0.0],
    }
    assert [(lane.reason, lane.share) for lane in lanes] == [("kept", 0.75), ("skew", 0.5)]


def test_a_stretch_may_hold_a_reason_in_part() -> None:
    (lane,) = lanes_of([0, 5, 20], [1, 0, 0], REASONS, stretches=2)
    assert lane.shares == [0.5, 0.0]


def test_an_unnamed_bit_is_shown_all_the_same() -> None:
    (lane,) = lanes_of([0, 10], [8, 8], REASONS, stretches=1)
    assert lane.reason == "bit 3"


@pytest.mark.parametrize("stamps", [[], [7], [7, 7]])
def test_no_time_gives_no_lanes(stamps: list[int]) -> None:
    assert lanes_of(stamps, [1] * len(stamps), REASONS) == []


def test_time_is_neither_lost_nor_invented() -> None:
    chance = random.Random(3)
    stamps = sorted(chance.sample(range(10**9), 2_000))
    masks = [chance.choice((0, 1, 4, 5)) for _ in stamps]
    lanes = {lane.reason: lane for lane in lanes_of(stamps, masks, REASONS, stretches=97)}
    span = stamps[-1] - stamps[0]
    for name, bit in REASONS.items():
        held = sum(b - a for a, b, m in zip(stamps, stamps[1:], masks, strict=False) if m & bit)
        assert lanes[name].share == held / span
        assert sum(lanes[name].shares) / 97 == pytest.approx(held / span, rel=1e-6)
    arrays = lanes_of(np.array(stamps), np.array(masks), REASONS, stretches=97)
    assert {lane.reason: lane for lane in arrays} == lanes
