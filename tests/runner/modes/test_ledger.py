"""After a session the ledger and the venue's books say the same; the judges notice when not."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.model.account import Trade
from connectors.model.orders import ID_STRIDE
from runner.engine.history import History
from runner.engine.ledger.entries import Fill, Intent
from runner.engine.ledger.fills import move
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter
from runner.engine.outbox import LedgerOutbox
from runner.engine.worker import Worker
from runner.modes.recorded import open_recording, replay_recording
from tests import judges
from tests.deploys import KERNEL_CACHE, settings_for
from tests.sessions import START_NS, Finished, run_session

BUSY = ("duration_s=60", "kappa=6", "strategy.fill_lockout_ms=0", "market=btc")


def ran(directory: Path, *words: str, start_ns: int = START_NS) -> tuple[Finished, list[str]]:
    ledger, account = directory / "ledger.sqlite", directory / "account.sqlite"
    finished = run_session(
        settings_for(*BUSY, *words),
        directory / str(start_ns),
        account=account,
        ledger=ledger,
        start_ns=start_ns,
    )
    return finished, judges.told(ledger, account)


def test_the_books_agree_after_each_of_two_sessions(tmp_path: Path) -> None:
    for start_ns in (START_NS, START_NS + 10**15):
        finished, findings = ran(tmp_path, start_ns=start_ns)
        assert finished.code == 0
        assert findings == []
        assert len(finished.built.workers[0].history.fills["ticks"]) > 3


def test_lost_and_refused_requests_are_cleared_up(tmp_path: Path) -> None:
    faults = ("venue.drop_frac=0.1", "venue.reject_frac=0.1")
    finished, findings = ran(tmp_path, *faults)
    assert (finished.code, findings) == (0, [])
    assert finished.built.workers[0].unknown_orders() == 0
    books = judges.opened(tmp_path / "ledger.sqlite", tmp_path / "account.sqlite")
    with closing(books) as db:
        (silent,) = db.execute("SELECT COUNT(*) FROM audit WHERE what LIKE '%silent%'").fetchone()
    assert silent > 3


@pytest.mark.parametrize("halted", [False, True])
def test_what_the_outbox_tells_replays_to_the_same_decisions(tmp_path: Path, halted: bool) -> None:
    def halt(workers: Sequence[Worker], now_ns: int) -> None:
        outbox = workers[0].outbox
        if halted and now_ns > START_NS + 45 * 10**9 and isinstance(outbox, LedgerOutbox):
            outbox.is_halted = True

    words = ("venue.drop_frac=0.1", "strategy.volatility.warmup_s=5")
    finished = run_session(settings_for(*BUSY, *words), tmp_path, look=halt)
    (worker,) = finished.built.workers
    assert worker.market.desk.tally.places > 20
    tape = f"tape.path={tmp_path / 'tapes'}"
    settings = settings_for("mode=replay", "tape=mmrunner", tape, "replay.fills=recorded")
    recording = open_recording(settings, "btc")
    replayed = replay_recording(recording, History(), KERNEL_CACHE, compiled=False)
    assert replayed.agreement.differences == 0
    assert replayed.agreement.decisions == worker.market.desk.tally.decisions


def test_an_intent_that_is_committed_after_the_send_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def place(
        self: LedgerOutbox, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> None:
        self.venue.place(self.market, client_id, side, ticks, lots, flags)

    monkeypatch.setattr(LedgerOutbox, "place", place)
    _, findings = ran(tmp_path)
    assert any(line.startswith("I1 unwritten") for line in findings)


def test_a_trade_known_by_its_time_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Store._fill
    seen: set[int] = set()

    def by_time(self: Store, fill: Fill) -> None:
        second = fill.trade.venue_ns // 10**10
        if second not in seen:
            honest(self, fill)
        seen.add(second)

    monkeypatch.setattr(Store, "_fill", by_time)
    _, findings = ran(tmp_path)
    assert any(line.startswith("I4 lost") for line in findings)
    assert any(line.startswith("I5 positions") for line in findings)


def test_a_position_that_is_not_the_sum_of_its_fills_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def off_by_one(db: sqlite3.Connection, account: str, market: str, lots: int) -> None:
        move(db, account, market, lots + 1)

    monkeypatch.setattr("runner.engine.ledger.fills.move", off_by_one)
    _, findings = ran(tmp_path)
    assert any(line.startswith("I18 positions") for line in findings)


def test_a_trade_that_is_made_up_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Store._fill

    def twice(self: Store, fill: Fill) -> None:
        honest(self, fill)
        again: Trade = replace(fill.trade, trade_id=fill.trade.trade_id + 10**6)
        honest(self, replace(fill, trade=again))

    monkeypatch.setattr(Store, "_fill", twice)
    _, findings = ran(tmp_path)
    assert {line[:2] for line in findings} >= {"I4", "I6"}


def test_a_retry_under_a_new_id_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = LedgerOutbox.place

    def retry(
        self: LedgerOutbox, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> None:
        honest(self, client_id, side, ticks, lots, flags)
        honest(self, client_id + 1000 * ID_STRIDE, side, ticks, lots, flags)

    monkeypatch.setattr(LedgerOutbox, "place", retry)
    _, findings = ran(tmp_path, "duration_s=10", "strategy.volatility.warmup_s=0")
    assert any(line.startswith("I8") for line in findings)


def test_an_intent_that_never_lasts_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = DirectWriter.put

    def forget(self: DirectWriter, entry: object, safe: object = None) -> None:
        if isinstance(entry, Intent) and callable(safe):
            safe(0)
        else:
            honest(self, entry, safe)  # type: ignore[arg-type]

    monkeypatch.setattr(DirectWriter, "put", forget)
    _, findings = ran(tmp_path)
    assert any(line.startswith("I1 unwritten") for line in findings)
