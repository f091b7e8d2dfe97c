"""What is read all the time leaves room for what a clean end has to prove."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.lighter.budgets import LOOK, MINUTE_NS, READ, Budgets, Caps
from connectors.pacing import Kind
from tests.support import NOW_NS

STANDARD = Caps(60, 200, 50, 60, False, 100)
PREMIUM = Caps(60, 200, 50, 24_000, True, 100)
PROOFS_OF_END, PROOFS_OF_COUNTDOWN = 2, 4
"""Reads that each takes where nothing is in its way."""


def spend(budgets: Budgets, kind: Kind) -> int:
    """Read until nothing of a kind fits any more; return how much that was."""
    count = 0
    while not budgets.reads.try_take(READ, kind, NOW_NS):
        count += 1
    return count


@given(st.sampled_from([STANDARD, PREMIUM]), st.integers(0, 100))
def test_the_end_and_the_countdown_have_reads_of_their_own(caps: Caps, other: int) -> None:
    budgets = Budgets(caps)
    for _ in range(other):
        budgets.reads.try_take(READ, Kind.READ, NOW_NS)
    spend(budgets, Kind.READ)
    assert spend(budgets, Kind.REDUCE) >= PROOFS_OF_END
    assert spend(budgets, Kind.CANCEL) >= PROOFS_OF_COUNTDOWN
    assert budgets.reads.try_take(READ, Kind.CANCEL, NOW_NS) == MINUTE_NS


@given(st.sampled_from([STANDARD, PREMIUM]), st.integers(1, 40))
def test_looks_fit_into_what_other_reads_leave(caps: Caps, markets: int) -> None:
    budgets = Budgets(caps)
    now_ns = NOW_NS
    for k in range(3 * markets):
        # Each market looks once in `markets + 1` of these.
        due_ns = NOW_NS + k * (markets + 1) * budgets.look_ns // markets
        for weight in LOOK:
            now_ns = max(now_ns, due_ns)
            while wait_ns := budgets.reads.try_take(weight, Kind.READ, now_ns):
                now_ns += wait_ns
        assert now_ns - due_ns <= budgets.look_ns
