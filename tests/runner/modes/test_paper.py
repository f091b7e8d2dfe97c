"""A paper deploy quotes, fills, stops clean, resumes its account, and replays to the same bits."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors.model.errors import DataError
from connectors.model.events import BUY, SELL
from connectors.model.kernel import dump
from connectors.model.orders import FREE, SLOTS
from runner.engine.history import History
from runner.engine.worker import Worker
from runner.modes.recorded import open_recording, replay_recording
from runner.settings import Settings
from tests.deploys import KERNEL_CACHE, settings_for
from tests.sessions import START_NS, Finished, run_session

BUSY = ("duration_s=120", "kappa=6", "strategy.fill_lockout_ms=0")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path, Finished]:
    settings = settings_for(*BUSY)
    directory = tmp_path_factory.mktemp("busy")
    return settings, directory, run_session(settings, directory)


def test_both_markets_quote_fill_and_stop_clean(busy: tuple[Settings, Path, Finished]) -> None:
    _, _, finished = busy
    assert finished.code == 0
    for worker in finished.built.workers:
        assert worker.open_orders() == 0
        assert worker.market.desk.tally.places > 50
        assert len(worker.history.fills["ticks"]) > 5
        assert worker.market.desk.tally.events > 10_000


@pytest.mark.parametrize("compiled", [False, True])
def test_tape_and_journal_replay_to_the_same_decisions(
    busy: tuple[Settings, Path, Finished], compiled: bool
) -> None:
    _, directory, finished = busy
    tape = f"tape.path={directory / 'tapes'}"
    settings = settings_for("mode=replay", "tape=mmrunner", tape, "replay.fills=recorded")
    for worker in finished.built.workers:
        recording = open_recording(settings, worker.market.name)
        replayed = replay_recording(recording, History(), KERNEL_CACHE, compiled=compiled)
        assert replayed.agreement.first is None
        assert replayed.agreement.differences == 0
        assert replayed.agreement.decisions == worker.market.desk.tally.decisions
        assert replayed.desk.orders.position_lots == worker.market.desk.orders.position_lots
        assert replayed.history.fills == worker.history.fills


AMENDING = ("venue.amends=true",)
GATED = (*AMENDING, "gates=hybrid", "reference=signals", "gates.bad_fills.min_fills=3")
LEAVING = (
    "gates.stop_loss.enabled=true",
    "gates.stop_loss.loss_bps=0.3",
    "gates.stop_loss.pause_s=0.5",
    "gates.timeout.enabled=true",
    "gates.timeout.after_s=5",
)


@pytest.mark.parametrize("words", [GATED, LEAVING], ids=["gated", "leaving"])
def test_every_gate_and_signal_replays_from_tape_and_journal(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    finished = run_session(settings_for(*BUSY, "market=btc", *words), tmp_path)
    worker = finished.built.workers[0]
    tape = f"tape.path={tmp_path / 'tapes'}"
    settings = settings_for(
        "market=btc", "mode=replay", "tape=mmrunner", tape, "replay.fills=recorded"
    )
    replayed = replay_recording(open_recording(settings, "btc"), History(), None, compiled=False)
    assert replayed.agreement.first is None
    assert replayed.agreement.decisions == worker.market.desk.tally.decisions > 500
    assert (worker.market.desk.tally.takes > 3) is (words == LEAVING)
    assert (worker.market.desk.tally.amends > 3) is (words == GATED)
    for part in ("signals", "senses", "gates", "quotes", "holding", "trades"):
        one, two = getattr(replayed.desk, part), getattr(worker.market.desk, part)
        assert dump(one) == dump(two), part


def test_an_altered_journal_is_noticed(busy: tuple[Settings, Path, Finished]) -> None:
    _, directory, _ = busy
    tape = f"tape.path={directory / 'tapes'}"
    settings = settings_for("mode=replay", "tape=mmrunner", tape, "replay.fills=recorded")
    recording = open_recording(settings, "btc")
    recording.header["params"]["gamma"] = 0.21
    replayed = replay_recording(recording, History(), KERNEL_CACHE, compiled=False)
    assert replayed.agreement.differences > 0
    assert replayed.agreement.first is not None


def test_a_journal_whose_ids_have_another_stride_is_refused(
    busy: tuple[Settings, Path, Finished],
) -> None:
    _, directory, _ = busy
    tape = f"tape.path={directory / 'tapes'}"
    settings = settings_for("mode=replay", "tape=mmrunner", tape, "replay.fills=recorded")
    recording = open_recording(settings, "btc")
    recording.header["id_stride"] = 2_176
    with pytest.raises(DataError, match=r"this version wrote: id_stride: expected \d+, was 2176"):
        replay_recording(recording, History(), KERNEL_CACHE, compiled=False)


def test_two_sessions_are_equal_and_a_market_does_not_depend_on_the_other(tmp_path: Path) -> None:
    both = run_session(settings_for("duration_s=30", "kappa=6"), tmp_path / "a")
    again = run_session(settings_for("duration_s=30", "kappa=6"), tmp_path / "b")
    alone = run_session(settings_for("duration_s=30", "kappa=6", "market=btc"), tmp_path / "c")
    fills = [w.built.workers[0].history.fills for w in (both, again, alone)]
    assert fills[0] == fills[1] == fills[2]
    assert len(fills[0]["ticks"]) > 0


def test_exposure_stays_inside_the_limit_at_every_look(tmp_path: Path) -> None:
    seen = []

    def look(workers: Sequence[Worker], now_ns: int) -> None:
        for worker in workers:
            orders = worker.market.desk.orders
            limit = worker.market.limits.max_position_lots
            worst = max(
                orders.position_lots + orders.exposed_lots[BUY],
                orders.exposed_lots[SELL] - orders.position_lots,
            )
            assert worst <= limit
            seen.append(SLOTS - orders.status.count(FREE))

    small = [f"markets.{m}.max_position_quote=2100" for m in ("btc", "eth")]
    settings = settings_for(*BUSY, *small, "strategy.slots_per_level=2", "strategy.levels=2")
    assert run_session(settings, tmp_path, look=look).code == 0
    assert max(seen) > 2


def test_an_account_is_resumed_with_position_and_ids(tmp_path: Path) -> None:
    account = tmp_path / "account.sqlite"
    settings = settings_for(*BUSY, "market=btc")
    first = run_session(settings, tmp_path / "one", account=account)
    before = first.built.workers[0].market.desk.orders
    second = run_session(settings, tmp_path / "two", account=account, start_ns=START_NS + 10**15)
    standing = second.built.standings["btc"]
    assert standing.position_lots == before.position_lots
    assert standing.cash_tick_lots == before.cash_tick_lots
    ids = [list(f.built.workers[0].history.fills["client_id"]) for f in (first, second)]
    trades = [list(f.built.workers[0].history.fills["trade_id"]) for f in (first, second)]
    assert max(ids[0]) < min(ids[1])
    assert max(trades[0]) < min(trades[1])


@pytest.mark.parametrize("words", [AMENDING, LEAVING], ids=["amending", "leaving"])
def test_the_venues_books_agree_with_the_worker(tmp_path: Path, words: tuple[str, ...]) -> None:
    account = tmp_path / "account.sqlite"
    finished = run_session(settings_for(*BUSY, *words), tmp_path, account=account)
    books = sqlite3.connect(account)
    for worker in finished.built.workers:
        rows = books.execute(
            "SELECT trade_id, client_id, side, ticks, lots FROM trades WHERE market = ?"
            " ORDER BY trade_id",
            (worker.market.name,),
        ).fetchall()
        fills = worker.history.fills
        ours = zip(
            *(fills[c] for c in ("trade_id", "client_id", "side", "ticks", "lots")), strict=True
        )
        assert rows == sorted(ours)
        resting = books.execute(
            "SELECT COUNT(*) FROM orders WHERE market = ? AND state = 16", (worker.market.name,)
        ).fetchone()
        assert resting == (0,)
