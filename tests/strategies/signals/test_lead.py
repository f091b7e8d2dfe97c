"""The lead says what our mid lacks: basis, age, warm-up and what is not known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.signals import lead
from strategies.signals.lead import Lead, LeadKnobs
from tests.support import MID_TICKS, MS, NOW_NS, SECOND_NS, checked

TAU_S = 10.0
HALF_LIFE_NS = int(TAU_S * math.log(2.0) * 1e9)


def knobs_of(tick_ratio: float = 1.0, most_age_ns: int = SECOND_NS) -> LeadKnobs:
    knobs = LeadKnobs()
    knobs.on, knobs.tick_ratio, knobs.tau_s = True, tick_ratio, TAU_S
    knobs.most_age_ns = most_age_ns
    return knobs


def followed(
    moments: int, own: float, half_ticks: int, seen: Lead | None = None, first_ns: int = NOW_NS
) -> Lead:
    """Return a lead that has been heard so many times, every 100 ms, beside an own mid."""
    seen = seen or Lead()
    for k in range(moments):
        now_ns = first_ns + k * 100 * MS
        lead.hear(seen, knobs_of(), half_ticks, now_ns)
        lead.look(seen, knobs_of(), own, now_ns)
    return seen


def test_a_steady_distance_is_the_basis_and_nothing_is_lacking() -> None:
    seen = followed(100, 1.0005 * MID_TICKS, 2 * MID_TICKS)
    assert lead.is_ready(seen)
    assert lead.basis_bps(seen) == pytest.approx(1e4 * math.log(1.0005))
    assert lead.offset_bps(seen) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("move_bps", [5.0, -5.0])
def test_what_the_lead_moved_is_what_our_mid_lacks(move_bps: float) -> None:
    seen = followed(100, MID_TICKS, 2 * MID_TICKS)
    moved = round(2 * MID_TICKS * (1 + move_bps / 1e4))
    now_ns = NOW_NS + 10 * SECOND_NS
    lead.hear(seen, knobs_of(), moved, now_ns)
    lead.look(seen, knobs_of(), MID_TICKS, now_ns)
    assert lead.offset_bps(seen) == pytest.approx(1e4 * math.log(moved / (2 * MID_TICKS)))


def test_the_unit_of_the_lead_does_not_matter() -> None:
    offsets = []
    for ratio, half_ticks in ((1.0, 2 * MID_TICKS), (0.01, 200 * MID_TICKS)):
        seen = Lead()
        for k in range(100):
            at_ns, told = NOW_NS + k * 100 * MS, half_ticks + (k == 99) * half_ticks // 10_000
            lead.hear(seen, knobs_of(ratio), told, at_ns)
            lead.look(seen, knobs_of(ratio), MID_TICKS, at_ns)
        offsets.append(lead.offset_bps(seen))
    assert offsets[0] == pytest.approx(offsets[1])
    assert offsets[0] == pytest.approx(1.0, rel=1e-3)


def test_it_is_ready_after_a_half_life_and_not_before() -> None:
    moments = HALF_LIFE_NS // (100 * MS)
    assert not lead.is_ready(followed(moments, MID_TICKS, 2 * MID_TICKS))
    assert lead.is_ready(followed(moments + 2, MID_TICKS, 2 * MID_TICKS))


def test_a_lead_is_fresh_up_to_its_age_limit() -> None:
    seen = followed(1, MID_TICKS, 2 * MID_TICKS)
    assert lead.is_fresh(seen, knobs_of(), NOW_NS + SECOND_NS)
    assert not lead.is_fresh(seen, knobs_of(), NOW_NS + SECOND_NS + 1)


def test_an_unknown_mid_is_never_fresh() -> None:
    assert not lead.is_fresh(followed(1, MID_TICKS, 0), knobs_of(), NOW_NS)
    assert not lead.is_fresh(Lead(), knobs_of(), 0)


def test_a_gap_counts_no_longer_than_it_may_be_relied_on() -> None:
    """Nine silent seconds add one second to what has been seen, and let the rest fade."""
    seen = followed(1, MID_TICKS, 2 * MID_TICKS)
    later_ns = NOW_NS + 10 * SECOND_NS
    lead.look(seen, knobs_of(), MID_TICKS, later_ns)
    assert seen.den == pytest.approx((1 - math.exp(-0.1)) * math.exp(-0.9))


def test_a_lead_that_was_away_for_long_has_to_warm_up_again() -> None:
    seen = followed(200, MID_TICKS, 2 * MID_TICKS)
    assert lead.is_ready(seen)
    back_ns = NOW_NS + 60 * SECOND_NS
    assert not lead.is_ready(followed(1, MID_TICKS, 2 * MID_TICKS, seen, back_ns))
    assert seen.until_ns > back_ns


def test_without_our_own_mid_the_basis_only_fades() -> None:
    seen = followed(200, MID_TICKS, 2 * MID_TICKS)
    before, now_ns = lead.basis_bps(seen), NOW_NS + 20 * SECOND_NS
    lead.lose(seen, knobs_of(), now_ns)
    share = seen.den
    for k in range(1, 20):
        lead.hear(seen, knobs_of(), 3 * MID_TICKS, now_ns + k * 100 * MS)
        lead.look(seen, knobs_of(), 0.0, now_ns + k * 100 * MS)
    assert lead.basis_bps(seen) == pytest.approx(before)
    assert seen.den == pytest.approx(share * math.exp(-0.19))


@checked(100)
@given(
    st.lists(st.tuples(st.integers(1, 5000), st.integers(-50, 50)), min_size=1, max_size=60),
)
def test_the_basis_is_a_mean_of_gaps_and_what_was_seen_a_share(
    moves: list[tuple[int, int]],
) -> None:
    seen, now_ns, gaps = Lead(), NOW_NS, []
    for wait_ms, move in moves:
        now_ns += wait_ms * MS
        lead.hear(seen, knobs_of(), 2 * (MID_TICKS + move), now_ns)
        lead.look(seen, knobs_of(), MID_TICKS, now_ns)
        gaps.append(seen.gap_bps)
    assert 0.0 <= seen.den <= 1.0
    if seen.den > 0.0:
        assert min(gaps) - 1e-9 <= lead.basis_bps(seen) <= max(gaps) + 1e-9
