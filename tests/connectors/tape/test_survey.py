"""A survey says what is on a tape: what was put there comes out."""

from pathlib import Path

import numpy as np
import pytest

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, TRADE_SELL
from connectors.tape.ordering import assemble
from connectors.tape.survey import Gap, survey
from connectors.tape.tape import Columns, Tape
from tests.connectors.tape.made import BTC, source

S = 1_000_000_000
MS = 1_000_000
Row = tuple[int, int, int, int, int]
BOOK: list[Row] = [
    (CLEAR_BIDS, 0, 0, S, S + MS),
    (CLEAR_ASKS, 0, 0, S, S + MS),
    (BID, 100, 5, S, S + MS),
    (ASK, 101, 5, S, S + MS),
]


def tape_of(rows: list[Row], least_ns: int = MS) -> Tape:
    kind, ticks, lots, venue_ns, recv_ns = (np.array(c, np.int64) for c in zip(*rows, strict=True))
    columns = Columns(kind.astype(np.uint8), ticks.astype(np.int32), lots, venue_ns, recv_ns)
    options = source(Path("made"), min_feed_latency_ns=least_ns)
    return assemble(BTC, options, columns, lambda row: f"row {row}")


def test_rows_messages_trades_and_silence_are_counted() -> None:
    later = [(TRADE_SELL, 100, 1, 2 * S, 2 * S + MS), (BID, 100, 4, 5 * S, 5 * S + 3 * MS)]
    found = survey(tape_of([*BOOK, *later]))
    assert (found.rows, found.messages, found.trades) == (6, 3, 1)
    assert (found.silent_from_ns, found.silence_ns) == (2 * S + MS, 3 * S + 2 * MS)
    assert found.gaps == ()
    assert found.crossed == 0


def test_a_gap_lasts_until_the_next_row_that_is_none() -> None:
    gap = [(GAP, 0, 0, 2 * S, 2 * S), (GAP, 0, 0, 3 * S, 3 * S)]
    again = [(kind, ticks, lots, 7 * S, 7 * S) for kind, ticks, lots, _, _ in BOOK]
    assert survey(tape_of([*BOOK, *gap, *again], -S)).gaps == (Gap(2 * S, 7 * S),)
    assert survey(tape_of([*BOOK, *gap], -S)).gaps == (Gap(2 * S, 3 * S),)


def test_a_crossed_book_is_seen_at_the_end_of_its_message() -> None:
    crossing = [(BID, 101, 1, 2 * S, 2 * S), (BID, 101, 0, 3 * S, 3 * S)]
    found = survey(tape_of([*BOOK, *crossing], -S))
    assert (found.crossed, found.first_crossed_ns) == (1, 2 * S)


def test_latency_is_told_as_recorded_whatever_a_replay_adds() -> None:
    rows = [(*row[:3], S, S - 5 * MS) for row in BOOK]
    tape = tape_of(rows)
    assert tape.clock_shift_ns == 6 * MS
    latency = survey(tape).latency
    assert (latency.least_ns, latency.most_ns, latency.negative) == (-5 * MS, -5 * MS, 4)
    assert latency.drift_ppm is None


@pytest.mark.parametrize("ppm", [-40, 0, 25])
def test_the_drift_of_our_clock_is_found(ppm: int) -> None:
    noise = np.random.default_rng(3).exponential(2 * MS, 4_000).astype(int).tolist()
    stamps = [(S + k * 100 * MS, S + MS + k * 100 * MS) for k in range(4_000)]
    rows = [
        (BID, 100, 1 + k % 2, venue, ours + (venue * ppm) // 1_000_000 + noise[k])
        for k, (venue, ours) in enumerate(stamps)
    ]
    drift = survey(tape_of(rows)).latency.drift_ppm
    assert drift == pytest.approx(ppm, abs=1)
