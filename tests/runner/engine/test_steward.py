"""Markets hear what the clock asks before they quote, after a hang, a failure and a restart."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.model.events import SCHEDULED, MarketRows
from connectors.tape.readers import read_tape
from runner.engine.history import History
from runner.engine.session import Session
from runner.engine.worker import Worker
from runner.modes.recorded import open_recording, replay_recording
from runner.settings import Settings
from runner.wiring.tapes import tape_source
from strategies import reasons as why
from strategies import scheduled as asks
from tests.deploys import instrument, settings_for
from tests.sessions import Finished, Spectator, run_session
from tests.virtual import START_NS

S = 1_000_000_000
BUSY = ("market=btc", "kappa=6", "record.decisions=none", "schedule=none")
FIRST = START_NS // S // 60 * 60 + 60
"""The first whole minute of a session, 40 s after its start."""


def minute(k: int = 0) -> str:
    """Return a cron line of a whole minute of the session, by its day."""
    moment = datetime.fromtimestamp(FIRST + 60 * k, UTC)
    return f"{moment.minute} {moment.hour} * * *"


def flattens(within_s: int = 60) -> str:
    return (
        f"+schedule.flattens.close={{markets: all, zone: UTC, cron: '{minute()}', step_s: 0.5,"
        f" max_slippage_bps: 20, within_s: {within_s}}}"
    )


def pauses(after_s: int) -> str:
    return (
        f"+schedule.pauses.event={{markets: all, zone: UTC, cron: '{minute()}', at: [],"
        f" before_s: 0, after_s: {after_s}}}"
    )


class Seen:
    """What a watch sees: by second of the session, open orders and the position."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, int, int]] = []

    def look(self, workers: Sequence[Worker], now_ns: int) -> None:
        (worker,) = workers
        position = worker.market.desk.orders.position_lots
        self.rows.append(((now_ns - START_NS) / S, worker.open_orders(), position))

    def orders(self, first_s: float, until_s: float) -> set[int]:
        return {orders for at_s, orders, _ in self.rows if first_s <= at_s < until_s}

    def positions(self, first_s: float, until_s: float) -> set[int]:
        return {lots for at_s, _, lots in self.rows if first_s <= at_s < until_s}


def played(
    directory: Path,
    *words: str,
    duration_s: int = 120,
    prepare: Callable[[Session], None] = lambda session: None,
    ledger: Path | None = None,
    start_ns: int = START_NS,
) -> tuple[Seen, Finished, Settings]:
    seen = Seen()
    settings = settings_for(*BUSY, *words, f"duration_s={duration_s}")
    finished = run_session(
        settings, directory, look=seen.look, prepare=prepare, ledger=ledger, start_ns=start_ns
    )
    return seen, finished, settings


def test_a_market_that_is_closed_at_the_start_never_quotes(tmp_path: Path) -> None:
    hours = "+schedule.hours.none={markets: all, zone: UTC, windows: ['mon 12:00 - mon 12:01']}"
    _, finished, _ = played(tmp_path, hours, duration_s=20)
    (worker,) = finished.built.workers
    assert worker.market.desk.tally.places == 0
    assert worker.market.desk.quotes.reasons[0] & why.HOURS


def test_a_pause_takes_the_orders_away_and_gives_them_back_and_replays(tmp_path: Path) -> None:
    seen, finished, settings = played(tmp_path, pauses(30), duration_s=90)
    assert max(seen.orders(20, 40)) > 0
    assert seen.orders(42, 70) == {0}
    assert max(seen.orders(75, 90)) > 0
    tape = ("tape=mmrunner", f"tape.path={tmp_path / 'tapes'}", "mode=replay")
    recorded = settings_for(*BUSY, pauses(30), *tape, "replay.fills=recorded")
    again = replay_recording(open_recording(recorded, "btc"), History(), None, compiled=False)
    assert again.agreement.first is None
    rows = read_tape(tape_source(recorded.tape, None), instrument(settings, "btc")).local
    asked = rows.kind == SCHEDULED
    assert list(zip(rows.ticks[asked], rows.lots[asked], strict=True)) == [
        (asks.PAUSED, 1),
        (asks.PAUSED, 0),
    ]
    assert finished.code == 0


def test_a_moment_at_which_the_loop_hung_still_counts(tmp_path: Path) -> None:
    def prepare(session: Session) -> None:
        ask, hung = session.ask, []

        def late(now_ns: int) -> None:
            if now_ns >= START_NS + 39 * S and not hung:
                hung.append(now_ns)
                session.clock.block(15 * S)  # type: ignore[attr-defined]
            ask(now_ns)

        session.ask = late

    seen, _, _ = played(tmp_path, pauses(30), duration_s=80, prepare=prepare)
    assert seen.orders(57, 70) == {0}
    assert max(seen.orders(74, 80)) > 0


def test_a_desk_that_is_made_anew_is_told_again(tmp_path: Path) -> None:
    def prepare(session: Session) -> None:
        (station,) = session.stations["sim"]
        ask, broken = session.ask, []

        def fail(now_ns: int) -> None:
            if now_ns >= START_NS + 45 * S and not broken:
                broken.append(now_ns)
                station._suspend(RuntimeError("made to fail"), MarketRows(), now_ns)
            ask(now_ns)

        session.ask = fail

    seen, finished, _ = played(tmp_path, pauses(60), duration_s=90, prepare=prepare)
    (worker,) = finished.built.workers
    assert worker.market.desk.scheduled.asked[asks.PAUSED] == 1
    assert seen.orders(47, 90) == {0}


def test_a_position_is_closed_at_its_moment_and_no_later_process_does_it_again(
    tmp_path: Path,
) -> None:
    ledger = tmp_path / "ledger.sqlite"
    seen, finished, _ = played(tmp_path, flattens(600), ledger=ledger)
    assert any(seen.positions(20, 40))
    assert 0 in seen.positions(40, 60)
    (worker,) = finished.built.workers
    assert worker.market.desk.tally.takes > 0
    with closing(sqlite3.connect(ledger)) as db:
        assert db.execute("SELECT job, slot_ns FROM slots").fetchall() == [
            ("flattens.close@btc", FIRST * S)
        ]
    _, again, _ = played(
        tmp_path / "again", flattens(600), ledger=ledger, start_ns=finished.ended_ns, duration_s=60
    )
    (worker,) = again.built.workers
    assert worker.market.desk.tally.takes == 0
    assert worker.market.desk.scheduled.asked[asks.MOVE_S] == 0


def test_a_process_that_starts_within_a_moves_time_does_what_is_left(tmp_path: Path) -> None:
    _, finished, _ = played(tmp_path, flattens(), start_ns=START_NS + 50 * S, duration_s=20)
    (worker,) = finished.built.workers
    assert worker.market.desk.scheduled.moved_s == FIRST


@pytest.mark.parametrize(("gap_s", "is_told"), [(3600, True), (0, False)])
def test_a_move_that_nobody_was_there_for_is_told_of(
    tmp_path: Path, gap_s: int, is_told: bool
) -> None:
    ledger = tmp_path / "ledger.sqlite"
    _, first, _ = played(tmp_path, flattens(), ledger=ledger, duration_s=60)
    watch: list[Spectator] = []
    day_ns = (86_400 if gap_s else 0) * S
    played(
        tmp_path / "later",
        flattens(),
        ledger=ledger,
        start_ns=first.ended_ns + gap_s * S + day_ns,
        duration_s=5,
        prepare=lambda session: watch.append(session.observer),  # type: ignore[arg-type]
    )
    assert any("missed" in text for text in watch[0].warnings) == is_told
