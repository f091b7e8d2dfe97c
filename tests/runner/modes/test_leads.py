"""A market that follows a lead replays to the same bits in every world, and never sees ahead."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, LEAD
from connectors.model.kernel import dump
from connectors.tape.hear import with_lead
from connectors.tape.readers import read_tape
from connectors.tape.tape import Tape
from runner.engine.history import History
from runner.modes.leads import hear_leads
from runner.modes.recorded import open_recording, replay_recording
from runner.settings import Settings
from runner.wiring.tapes import tape_source
from tests.deploys import (
    KERNEL_CACHE,
    compiled_loop,
    instrument,
    replayed,
    settings_for,
    tape_from,
)
from tests.runner.modes.test_tiers import PARTS, interpreted, parity
from tests.sessions import Finished, run_session

LED = ("experiment=lead_lag", "kappa=6", "reference.lead_half_life_s=3", "record.decisions=all")
NAMES = ("btc_lead", "btc")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished]:
    directory = tmp_path_factory.mktemp("led")
    return directory, run_session(settings_for(*LED, "duration_s=40"), directory)


def from_tape(directory: Path, *more: str) -> Settings:
    return settings_for(
        *LED, "mode=replay", "tape=mmrunner", f"tape.path={directory / 'tapes'}", *more
    )


def tapes_of(settings: Settings) -> dict[str, Tape]:
    source = tape_source(settings.tape, None)
    return {name: read_tape(source, instrument(settings, name)) for name in NAMES}


@pytest.fixture(scope="module")
def led(session: tuple[Path, Finished]) -> Tape:
    settings = from_tape(session[0])
    return hear_leads(settings, tapes_of(settings), KERNEL_CACHE)["btc"]


def test_the_follower_leans_on_its_lead_and_the_lead_is_never_quoted(
    session: tuple[Path, Finished],
) -> None:
    finished = session[1]
    lead, follower = (worker.market.desk for worker in finished.built.workers)
    assert finished.code == 0
    assert (lead.tally.places, lead.orders.sequence) == (0, 0)
    assert lead.tally.events > 1000
    assert follower.tally.places > 10
    assert follower.senses.lead.den > 0.5
    assert follower.quotes.fair_lead_bps != 0.0


@pytest.mark.parametrize("compiled", [False, True])
def test_tape_and_journal_replay_to_the_same_decisions(
    session: tuple[Path, Finished], compiled: bool
) -> None:
    directory, finished = session
    settings = from_tape(directory, "replay.fills=recorded")
    for worker in finished.built.workers:
        recording = open_recording(settings, worker.market.name)
        again = replay_recording(recording, History(), KERNEL_CACHE, compiled=compiled)
        assert again.agreement.first is None
        assert again.agreement.decisions == worker.market.desk.tally.decisions
        for part in ("signals", "senses", "quotes"):
            one, two = getattr(again.desk, part), getattr(worker.market.desk, part)
            assert dump(one) == dump(two), part


def test_three_ways_one_result(led: Tape) -> None:
    settings = settings_for(*LED)
    exact = replayed(settings, "btc", led, compiled_loop())
    assert exact.market.desk.senses.lead.den > 0.5
    assert exact.market.desk.tally.places > 10
    for other in (interpreted(settings, led), parity(settings, led)):
        assert other.history.fills == exact.history.fills
        assert other.history.series == exact.history.series
        for part in PARTS:
            one, two = getattr(other.market.desk, part), getattr(exact.market.desk, part)
            assert dump(one) == dump(two), part


def test_a_replay_hears_what_the_session_heard(session: tuple[Path, Finished], led: Tape) -> None:
    """But for what the lead said before the follower's first book."""
    recorded = tapes_of(from_tape(session[0]))["btc"]
    before, again = (
        set(zip(t.local.recv_ns[m].tolist(), t.local.ticks[m].tolist(), strict=True))
        for t in (recorded, led)
        for m in [heard(t)]
    )
    assert len(before) > 200
    assert len(before ^ again) <= 2


def heard(tape: Tape) -> np.ndarray:
    return tape.local.kind == LEAD


def test_no_decision_changes_when_the_leads_future_is_altered(
    session: tuple[Path, Finished], led: Tape
) -> None:
    settings = settings_for(*LED)
    cut_ns = int(led.local.recv_ns[0]) + 25_000_000_000
    later = heard(led) & (led.local.recv_ns > cut_ns)
    ticks = led.local.ticks.copy()
    ticks[later] += 2000
    altered = replace(led, local=replace(led.local, ticks=ticks))
    before, after = (decisions(settings, tape, cut_ns) for tape in (led, altered))
    assert before[0] == after[0]
    assert len(before[0]) > 100
    assert before[1] != after[1]


def decisions(settings: Settings, tape: Tape, cut_ns: int) -> tuple[list[Any], list[Any]]:
    """Return what was wanted at each decision, up to a moment and after it."""
    rows = interpreted(settings, tape).history.series
    return [r for r in rows if r[0] <= cut_ns], [r for r in rows if r[0] > cut_ns]


def test_a_session_is_the_same_whether_a_follower_is_there_or_not(
    session: tuple[Path, Finished], tmp_path: Path
) -> None:
    alone = run_session(settings_for("market=btc_lead", "duration_s=10"), tmp_path)
    rows = read_tape(
        tape_source(from_tape(tmp_path).tape, None),
        instrument(settings_for(*LED), "btc_lead"),
    ).local
    beside = tapes_of(from_tape(session[0]))["btc_lead"].local
    assert alone.code == 0
    assert (rows.ticks == beside.ticks[: len(rows)]).all()


BOOK = [(CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0), (BID, 999_990, 5), (ASK, 1_000_010, 5)]


def made(moments: dict[int, list[tuple[int, int, int]]], settings: Settings, name: str) -> Tape:
    rows = [(*row, at) for at, batch in moments.items() for row in batch]
    return tape_from(rows, instrument(settings, name))


def test_of_one_moment_the_follower_comes_first_and_unchanged_mids_are_told_apart() -> None:
    settings = settings_for(*LED)
    ms = 1_000_000
    own = made(
        {ms: BOOK, 5 * ms: [(BID, 999_991, 5)], 300 * ms: [(BID, 999_992, 5)]}, settings, "btc"
    )
    lead = made(
        {
            ms: BOOK,
            5 * ms: [(ASK, 1_000_008, 1)],
            6 * ms: [(BID, 999_980, 1)],
            110 * ms: [(BID, 999_981, 1)],
            400 * ms: [(ASK, 1_000_006, 1)],
        },
        settings,
        "btc_lead",
    )
    led = hear_leads(settings, {"btc_lead": lead, "btc": own}, KERNEL_CACHE)["btc"]
    told = [
        (int(at) // ms, int(ticks), at_row)
        for at_row, (kind, ticks, at) in enumerate(
            zip(led.local.kind, led.local.ticks, led.local.recv_ns, strict=True)
        )
        if kind == LEAD
    ]
    assert told == [(1, 2_000_000, 4), (5, 1_999_998, 6), (110, 1_999_998, 7)]
    assert led.venue is own.venue


def test_a_lead_is_heard_on_the_followers_clock_and_message_ends_move_with_the_rows() -> None:
    settings = settings_for(*LED)
    own = made({10: BOOK, 20: BOOK[2:]}, settings, "btc")
    ends = replace(own.depth_end, row=np.array([4, 6]), update_id=np.array([1, 2]))
    own = replace(own, depth_end=ends, clock_shift_ns=5)
    lead = replace(made({12: BOOK}, settings, "btc_lead"), clock_shift_ns=2)
    led = with_lead(own, lead, np.array([3]), np.array([77]))
    assert led.local.recv_ns.tolist() == [10] * 4 + [15] + [20] * 2
    assert led.local.kind[4] == LEAD
    assert led.depth_end.row.tolist() == [4, 7]
