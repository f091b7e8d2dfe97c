"""No window is ever exceeded, cancels always find room, silence is kept and outlives a restart."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.errors import ConfigError
from connectors.pacing import Kind, Pacer, Rule, Scope
from tests import virtual
from tests.support import checked
from tests.virtual import VirtualClock

S = 1_000_000_000
SECOND = Rule(limit=20, window_ns=S, reserve=5, step=2)
MINUTE = Rule(limit=100, window_ns=60 * S, reserve=20, step=10)
ASKS = st.lists(
    st.tuples(
        st.integers(0, 3 * S), st.sampled_from(Kind), st.integers(1, 4), st.sampled_from("ab")
    ),
    max_size=200,
)


def pacer_of(*rules: Rule, name: str = "ip") -> Pacer:
    return Pacer(Scope(name, rules))


@checked(100)
@given(ASKS)
def test_no_sliding_window_is_exceeded_and_the_reserve_is_for_cancels(
    asks: list[tuple[int, Kind, int, str]],
) -> None:
    pacer, now_ns = pacer_of(SECOND, MINUTE), 0
    taken: list[tuple[int, int, Kind]] = []
    for pause_ns, kind, weight, market in asks:
        now_ns += pause_ns
        if pacer.try_take(weight, kind, now_ns, market) == 0:
            taken.append((now_ns, weight, kind))
    for rule in (SECOND, MINUTE):
        for end_ns, _, _ in taken:
            window = [use for use in taken if end_ns - rule.window_ns < use[0] <= end_ns]
            assert sum(weight for _, weight, _ in window) <= rule.limit
            others = [weight for _, weight, k in window if k != Kind.CANCEL]
            assert sum(others) <= rule.limit - rule.reserve


@checked(100)
@given(ASKS)
def test_a_cancel_goes_while_cancels_alone_have_not_used_the_reserve(
    asks: list[tuple[int, Kind, int, str]],
) -> None:
    pacer, now_ns = pacer_of(SECOND), 0
    cancels: list[int] = []
    for pause_ns, kind, weight, market in asks:
        now_ns += pause_ns
        recent = sum(at_ns > now_ns - S for at_ns in cancels)
        if kind != Kind.CANCEL:
            pacer.try_take(weight, kind, now_ns, market)
        elif pacer.try_take(1, kind, now_ns, market) == 0:
            cancels.append(now_ns)
        else:
            assert recent >= SECOND.reserve


@checked(100)
@given(ASKS)
def test_the_wait_that_is_told_is_enough_when_nobody_else_asks(
    asks: list[tuple[int, Kind, int, str]],
) -> None:
    pacer, now_ns = pacer_of(SECOND, MINUTE), 0
    for pause_ns, kind, weight, _ in asks:
        now_ns += pause_ns
        for _ in range(3):
            wait_ns = pacer.try_take(weight, kind, now_ns)
            if wait_ns == 0:
                break
            now_ns += wait_ns
        else:
            pytest.fail("asked three times in vain")


@checked(100)
@given(ASKS, st.integers(0, 60 * S))
def test_a_state_that_was_written_and_read_answers_as_before(
    asks: list[tuple[int, Kind, int, str]], until_ns: int
) -> None:
    pacer, now_ns = pacer_of(SECOND, MINUTE), 0
    for pause_ns, kind, weight, _ in asks:
        now_ns += pause_ns
        pacer.try_take(weight, kind, now_ns)
    pacer.silence(until_ns)
    again = pacer_of(SECOND, MINUTE)
    again.scopes[0].restore(json.loads(json.dumps(pacer.scopes[0].export())), now_ns)
    assert again.scopes[0].export() == pacer.scopes[0].export()
    for kind in Kind:
        assert again.try_take(2, kind, now_ns) == pacer.try_take(2, kind, now_ns)


def test_the_more_urgent_goes_where_the_less_urgent_must_wait() -> None:
    for kind, fits in ((Kind.READ, 9), (Kind.PLACE, 11), (Kind.REDUCE, 13), (Kind.CANCEL, 20)):
        pacer = pacer_of(SECOND)
        assert [pacer.try_take(1, kind, 0) for _ in range(25)].count(0) == fits


def test_silence_holds_back_everything_until_its_end_and_is_never_shortened() -> None:
    pacer = pacer_of(SECOND)
    pacer.silence(10 * S)
    pacer.silence(4 * S)
    assert [pacer.try_take(1, kind, 3 * S) for kind in Kind] == [7 * S] * 4
    assert pacer.try_take(1, Kind.READ, 10 * S) == 0


def test_a_busy_market_leaves_the_others_their_share() -> None:
    pacer = pacer_of(SECOND)
    assert pacer.try_take(1, Kind.PLACE, 0, "quiet") == 0
    busy = [pacer.try_take(1, Kind.PLACE, 1, "busy") for _ in range(30)]
    assert busy.count(0) == 6
    assert [pacer.try_take(1, Kind.PLACE, 2, "quiet") for _ in range(6)].count(0) == 4


def test_a_market_alone_has_it_all() -> None:
    pacer = pacer_of(SECOND)
    assert [pacer.try_take(1, Kind.PLACE, 1, "busy") for _ in range(30)].count(0) == 11


def test_more_markets_than_room_are_served_one_after_another() -> None:
    pacer, served = pacer_of(SECOND), set()
    for second in range(10):
        for market in range(50):
            if pacer.try_take(3, Kind.PLACE, second * S, str(market)) == 0:
                served.add(market)
    assert len(served) >= 3


def test_all_scopes_are_taken_or_none() -> None:
    wide, narrow = Scope("ip", [SECOND]), Scope("account", [replace(SECOND, limit=10, reserve=1)])
    both = Pacer(wide, narrow)
    assert [both.try_take(1, Kind.READ, 0) for _ in range(9)].count(0) == 3
    assert [Pacer(wide).try_take(1, Kind.READ, 0) for _ in range(9)].count(0) == 6


def test_requests_in_flight_are_bounded_with_a_reserve_for_cancels() -> None:
    pacer = Pacer(Scope("stream", [], most_in_flight=3, in_flight_reserve=1))
    assert [pacer.try_take(1, Kind.READ, 0) == 0 for _ in range(3)] == [True, True, False]
    assert [pacer.try_take(1, Kind.CANCEL, 0) == 0 for _ in range(2)] == [True, False]
    pacer.release()
    pacer.release()
    assert pacer.try_take(1, Kind.READ, 0) == 0


def test_weights_count_in_one_window_and_requests_in_another() -> None:
    pacer = pacer_of(replace(SECOND, limit=5, reserve=1, step=0, by_request=True))
    assert [pacer.try_take(300, Kind.PLACE, 0) for _ in range(9)].count(0) == 4


def test_what_never_fits_is_refused_in_words() -> None:
    with pytest.raises(ConfigError, match="a READ of weight 600 never fits into 9"):
        pacer_of(SECOND).try_take(600, Kind.READ, 0)
    with pytest.raises(ConfigError, match="leaves nothing for reads"):
        Rule(limit=5, window_ns=S, reserve=5)


def test_uses_of_a_clock_that_was_set_back_since_are_held_no_longer_than_a_window() -> None:
    before, after = pacer_of(SECOND), pacer_of(SECOND)
    assert [before.try_take(1, Kind.READ, 900 * S) for _ in range(20)].count(0) == 9
    after.scopes[0].restore(before.scopes[0].export(), 10 * S)
    assert after.try_take(1, Kind.READ, 10 * S) == S
    assert after.try_take(1, Kind.READ, 11 * S) == 0


def test_old_uses_that_are_restored_after_new_ones_are_let_go_in_their_own_time() -> None:
    before, after = pacer_of(SECOND), pacer_of(SECOND)
    assert [before.try_take(1, Kind.READ, 0) for _ in range(20)].count(0) == 9
    assert after.try_take(1, Kind.READ, S // 2) == 0
    after.scopes[0].restore(before.scopes[0].export(), S // 2)
    assert after.try_take(1, Kind.READ, S // 2) == S // 2
    assert [after.try_take(1, Kind.READ, S) for _ in range(20)].count(0) == 8


def test_waiting_for_a_turn_takes_as_long_as_it_must() -> None:
    async def main(clock: VirtualClock) -> int:
        pacer = pacer_of(SECOND)
        for _ in range(28):
            await pacer.turn(1, Kind.READ, clock)
        return clock.now_ns()

    assert virtual.run(main, 0) == 3 * S
