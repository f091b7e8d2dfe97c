"""What cannot be used becomes a gap, and no book is made of what follows it."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, TRADE_BUY, TRADE_SELL
from connectors.tape.gaps import BAD_ROWS, count_gaps, hold_until_snapshot, put_gaps

KINDS = (BID, ASK, TRADE_BUY, TRADE_SELL, CLEAR_BIDS, CLEAR_ASKS, GAP)


def kinds(*values: int) -> np.ndarray:
    return np.array(values, np.uint8)


def test_a_bad_row_costs_the_book_until_its_next_snapshot() -> None:
    notes: Counter[str] = Counter()
    given = kinds(CLEAR_BIDS, BID, BID, TRADE_BUY, ASK, CLEAR_BIDS, CLEAR_ASKS, BID)
    is_bad = np.array([0, 1, 0, 0, 0, 0, 0, 0], bool)
    repaired = put_gaps(given, is_bad, notes)
    assert repaired.tolist() == [CLEAR_BIDS, GAP, GAP, TRADE_BUY, GAP, CLEAR_BIDS, CLEAR_ASKS, BID]
    assert notes == {BAD_ROWS: 1}


def test_what_is_all_good_stays_the_same_object() -> None:
    given = kinds(CLEAR_BIDS, BID)
    assert put_gaps(given, np.zeros(2, bool), Counter()) is given


@given(st.lists(st.sampled_from(KINDS), max_size=40))
def test_no_level_changes_between_a_gap_and_a_snapshot(rows: list[int]) -> None:
    held = hold_until_snapshot(kinds(*rows)).tolist()
    is_lost = False
    for before, after in zip(rows, held, strict=True):
        is_lost = before == GAP or (is_lost and before not in (CLEAR_BIDS, CLEAR_ASKS))
        assert after == (GAP if is_lost and before in (BID, ASK) else before)


def test_gaps_side_by_side_count_once() -> None:
    assert count_gaps(kinds(GAP, GAP, BID, GAP, TRADE_BUY, GAP)) == 3
    assert count_gaps(kinds()) == 0
