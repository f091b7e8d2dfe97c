"""When two legs are entered, held and left, and that no position is opened by accident."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.funding.rules import Act, Position, Rules, Seen, decide
from strategies.funding.why import Why

RULES = Rules(
    min_rate_bps_per_h=0.1,
    min_net_apr_frac=0.05,
    min_deviations=1.0,
    horizon_h=240.0,
    max_break_even_h=120.0,
    max_basis_bps=20.0,
    min_margin_frac=0.5,
    keep_rate_bps_per_h=0.05,
    flip_periods=2,
    max_hold_h=1_000.0,
    cooldown_h=24.0,
)
GOOD = 0.5e-4
"""Half a bp an hour: 120 bps over the horizon, 62 h to pay for 31 bps."""
SEEN = Seen(
    now_h=100.0, step_h=8.0, rates_per_h=(GOOD,) * 30, cost_bps=31.0, basis_bps=5.0, margin_frac=0.9
)
HELD = Position(1, 50.0)
NOISY = tuple(GOOD * (1.0 + (7.0 if k % 2 else -7.0)) for k in range(29))


def test_a_good_rate_is_entered_in_the_direction_that_it_pays() -> None:
    for sign in (1, -1):
        verdict = decide(
            RULES, Position(), replace(SEEN, rates_per_h=tuple(sign * r for r in SEEN.rates_per_h))
        )
        assert verdict.act is Act.ENTER
        assert verdict.position == Position(sign, 100.0)
        assert verdict.reasons == (Why.OPPORTUNITY,)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rates_per_h": ()}, Why.RATE_UNKNOWN),
        ({"is_rate_known": False}, Why.RATE_UNKNOWN),
        ({"rates_per_h": (GOOD,) * 5}, Why.HISTORY_SHORT),
        ({"rates_per_h": (GOOD,) * 29 + (0.9e-5,)}, Why.RATE_LOW),
        ({"rates_per_h": (*NOISY, GOOD)}, Why.GAIN_UNSURE),
        ({"cost_bps": 119.0}, Why.APR_LOW),
        ({"cost_bps": 61.0}, Why.BREAK_EVEN_LATE),
        ({"directions": (-1,)}, Why.WRONG_WAY),
        ({"basis_bps": None}, Why.BASIS_UNKNOWN),
        ({"basis_bps": -20.1}, Why.BASIS_WIDE),
        ({"margin_frac": None}, Why.MARGIN_UNKNOWN),
        ({"margin_frac": 0.49}, Why.MARGIN_THIN),
    ],
)
def test_what_keeps_a_position_from_being_entered(changes: dict[str, object], why: Why) -> None:
    verdict = decide(RULES, Position(), replace(SEEN, **changes))  # type: ignore[arg-type]
    assert verdict.act is Act.NOTHING
    assert why in verdict.reasons
    assert verdict.position.direction == 0


def test_limits_themselves_are_allowed() -> None:
    at_limits = replace(SEEN, basis_bps=(50_100 / 50_000 - 1) * 1e4, margin_frac=0.5, cost_bps=60.0)
    assert decide(RULES, Position(), at_limits).act is Act.ENTER


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"basis_bps": 21.0}, Why.BASIS_WIDE),
        ({"margin_frac": 0.3}, Why.MARGIN_THIN),
        ({"now_h": 1_050.0}, Why.HELD_LONG),
        ({"rates_per_h": (GOOD / 20,) * 30}, Why.DECAYED),
    ],
)
def test_what_ends_a_position(changes: dict[str, object], why: Why) -> None:
    verdict = decide(RULES, HELD, replace(SEEN, **changes))  # type: ignore[arg-type]
    assert verdict.act is Act.LEAVE
    assert verdict.reasons == (why,)
    assert verdict.position.direction == 0
    assert not verdict.position.is_armed


def test_a_flip_ends_a_position_once_it_has_lasted() -> None:
    rates = (*SEEN.rates_per_h, -1e-6)
    once = decide(RULES, HELD, replace(SEEN, rates_per_h=rates))
    assert (once.act, once.position.against) == (Act.NOTHING, 1)
    back = decide(RULES, once.position, SEEN)
    assert back.position.against == 0
    twice = decide(RULES, once.position, replace(SEEN, rates_per_h=(*rates, -1e-6)))
    assert twice.act is Act.LEAVE
    assert Why.FLIPPED in twice.reasons


def test_what_is_not_known_neither_opens_nor_closes() -> None:
    blind = replace(SEEN, is_rate_known=False, basis_bps=None, margin_frac=None)
    assert decide(RULES, Position(), blind).act is Act.NOTHING
    held = decide(RULES, HELD, blind)
    assert held.act is Act.NOTHING
    assert held.position == HELD
    assert held.reasons == (Why.RATE_UNKNOWN, Why.BASIS_UNKNOWN, Why.MARGIN_UNKNOWN)


def test_after_leaving_a_position_wants_time_and_a_fresh_signal() -> None:
    left = decide(RULES, HELD, replace(SEEN, margin_frac=0.1)).position
    soon = decide(RULES, left, replace(SEEN, now_h=110.0))
    assert soon.reasons == (Why.COOLING_DOWN, Why.NOT_FRESH)
    later = decide(RULES, soon.position, replace(SEEN, now_h=200.0))
    assert later.reasons == (Why.NOT_FRESH,)
    blind = decide(RULES, later.position, replace(SEEN, is_rate_known=False, now_h=208.0))
    assert not blind.position.is_armed
    gone = decide(RULES, later.position, replace(SEEN, rates_per_h=(0.0,) * 30, now_h=208.0))
    assert gone.position.is_armed
    assert decide(RULES, gone.position, replace(SEEN, now_h=216.0)).act is Act.ENTER


@given(
    st.lists(st.tuples(st.floats(-1e-4, 1e-4), st.booleans(), st.floats(0, 1)), max_size=80),
    st.sampled_from([(1, -1), (1,), (-1,)]),
)
def test_a_walk_never_breaks_its_own_rules(
    walk: list[tuple[float, bool, float]], directions: tuple[int, ...]
) -> None:
    """Whatever comes: two positions have a cool-down and an absence between them."""
    position, rates, left_h = Position(), [GOOD] * 20, None
    for k, (rate, is_known, margin) in enumerate(walk):
        if is_known:
            rates.append(rate)
        seen = replace(
            SEEN, now_h=8.0 * k, rates_per_h=tuple(rates[-30:]), is_rate_known=is_known,
            margin_frac=margin, directions=directions,
        )  # fmt: skip
        before, verdict = position, decide(RULES, position, seen)
        position = verdict.position
        assert verdict.reasons
        if verdict.act is Act.ENTER:
            assert not before.direction
            assert before.is_armed
            assert is_known
            assert margin >= 0.5
            assert position.direction in directions
            assert left_h is None or seen.now_h - left_h >= RULES.cooldown_h
        elif verdict.act is Act.LEAVE:
            assert before.direction
            assert position.direction == 0
            left_h = seen.now_h
        else:
            assert position.direction == before.direction
