"""Two orders of one recording, and a clock that cannot see the future."""

from pathlib import Path

import numpy as np
import pytest

from connectors.model.errors import DataError
from connectors.model.events import ASK, BID, TRADE_BUY
from connectors.tape.ordering import assemble, with_venue_stamps
from connectors.tape.source import AS_RECORDED
from connectors.tape.tape import Columns, Tape
from tests.connectors.tape.made import BTC, source

S = 1_000_000_000


def columns(stamps: list[tuple[int, int]]) -> Columns:
    """Return rows with (venue, receive) stamps, ticks 1, 2, 3 ..."""
    n = len(stamps)
    venue_ns, recv_ns = np.array(stamps, np.int64).reshape(-1, 2).T
    kind = np.array([BID, ASK, TRADE_BUY, BID, ASK][:n], np.uint8)
    ticks = np.arange(1, n + 1, dtype=np.int32)
    return Columns(kind, ticks, np.ones(n, np.int64), venue_ns.copy(), recv_ns.copy())


def tape(stamps: list[tuple[int, int]], min_feed_latency_ns: int = AS_RECORDED) -> Tape:
    options = source(Path("made"), min_feed_latency_ns=min_feed_latency_ns)
    return assemble(BTC, options, columns(stamps), lambda row: f"row {row}")


def test_orders_that_agree_share_their_arrays() -> None:
    both = tape([(1, 11), (2, 12), (2, 12), (3, 13)])
    assert both.venue is both.local


def test_a_row_that_another_overtook_comes_first_at_the_venue() -> None:
    both = tape([(1, 11), (3, 12), (2, 13), (3, 14)])
    assert both.local.ticks.tolist() == [1, 2, 3, 4]
    assert both.venue.ticks.tolist() == [1, 3, 2, 4]
    assert both.venue.recv_ns.tolist() == [11, 13, 12, 14]
    assert both.venue.kind.tolist() == [BID, TRADE_BUY, ASK, BID]


def test_a_clock_behind_the_venue_is_shifted_by_a_constant() -> None:
    both = tape([(1_000, 400), (2_000, 1_300), (3_000, 2_500)], min_feed_latency_ns=100)
    assert both.clock_shift_ns == 800
    assert both.local.recv_ns.tolist() == [1_200, 2_100, 3_300]
    assert both.local.venue_ns.tolist() == [1_000, 2_000, 3_000]


@pytest.mark.parametrize("least_ns", [50, AS_RECORDED])
def test_a_clock_that_is_late_enough_stays(least_ns: int) -> None:
    both = tape([(1_000, 1_050), (2_000, 2_500)], min_feed_latency_ns=least_ns)
    assert both.clock_shift_ns == 0
    assert both.local.recv_ns.tolist() == [1_050, 2_500]


def test_a_small_step_back_holds_our_clock() -> None:
    both = tape([(1, 5 * S), (2, 4 * S + 1), (3, 5 * S + 7)])
    assert both.local.recv_ns.tolist() == [5 * S, 5 * S, 5 * S + 7]


def test_a_step_back_of_a_second_is_refused() -> None:
    with pytest.raises(DataError, match=r"row 1: expected our own clock to go on, .* 1\.000 s"):
        tape([(1, 5 * S), (2, 4 * S), (3, 6 * S)])


def test_no_rows_are_refused() -> None:
    with pytest.raises(DataError, match="made: expected market rows of BTCUSDT, found none"):
        tape([])


def test_columns_refuse_to_be_written() -> None:
    both = tape([(1, 11), (3, 12), (2, 13)])
    for side in (both.local, both.venue):
        with pytest.raises(ValueError, match="read-only"):
            side.ticks[0] = 9


def test_a_row_without_a_venue_stamp_gets_the_next_one() -> None:
    stamped = with_venue_stamps(columns([(0, 11), (0, 12), (5, 13), (0, 14)]))
    assert stamped.venue_ns.tolist() == [5, 5, 5, 14]
