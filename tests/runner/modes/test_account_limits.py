"""A paper deploy stays inside its account's limits, is killed by its losses, and replays."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from connectors.model.errors import Refusal
from runner.engine.history import History
from runner.engine.latch import Latch
from runner.engine.portfolio import worst_gross
from runner.engine.room import Room
from runner.engine.session import HALTED, Session
from runner.engine.worker import Worker
from runner.modes.recorded import open_recording, replay_recording
from tests.deploys import settings_for
from tests.sessions import START_NS, run_session
from tests.support import KERNEL_CACHE

LIMIT = Decimal(2500)
TIGHT = ("risk.account.max_gross_notional_quote=2500", "risk.account.max_market_share_frac=null")


def test_all_markets_together_stay_inside_the_gross_limit(tmp_path: Path) -> None:
    settings = settings_for("duration_s=20", "record.decisions=all", *TIGHT)
    seen: list[Decimal] = []
    sessions: list[Session] = []

    def look(workers: Sequence[Worker], now_ns: int) -> None:
        portfolio = sessions[0].portfolio
        assert portfolio is not None
        seen.append(worst_gross(portfolio.holdings))

    run_session(
        settings, tmp_path, ledger=tmp_path / "x.sqlite", look=look, prepare=sessions.append
    )
    # A mark may move a little between the check and the look.
    assert LIMIT / 2 < max(seen) < LIMIT * Decimal("1.002")
    with closing(sqlite3.connect(tmp_path / "x.sqlite")) as db:
        query = "SELECT COUNT(*), SUM(sent_ns IS NOT NULL) FROM orders WHERE refused_code = ?"
        refused, sent = db.execute(query, (Refusal.ACCOUNT_LIMIT,)).fetchone()
    assert refused > 0
    assert sent == 0

    taped = settings_for(
        *("mode=replay", "replay.fills=recorded", "tape=mmrunner", "profile=demo"),
        f"tape.path={tmp_path / 'tapes'}",
    )
    recording = open_recording(taped, "btc")
    replayed = replay_recording(recording, History(), KERNEL_CACHE, compiled=False)
    assert replayed.agreement.decisions > 0
    assert replayed.agreement.differences == 0


def test_a_loss_of_all_markets_together_kills_the_deploy(tmp_path: Path) -> None:
    settings = settings_for("duration_s=30", "risk.account.max_daily_loss_quote=40")
    latch = Latch(tmp_path / "x.kill", "x")

    def lose(workers: Sequence[Worker], now_ns: int) -> None:
        for worker in workers:
            brakes = worker.market.limits.brakes
            if brakes.is_marked:
                step = worker.market.instrument.tick_size * worker.market.instrument.lot_size_base
                brakes.opening_half_tick_lots += int(Decimal("0.2") * 2 / step)

    def prepare(session: Session) -> None:
        session.latch = latch

    finished = run_session(settings, tmp_path, look=lose, prepare=prepare)
    assert finished.code == HALTED
    assert "risk.account.max_daily_loss_quote" in latch.words()
    assert not any(worker.open_orders() for worker in finished.built.workers)


def test_a_disk_that_fills_up_kills_the_deploy_within_a_minute(tmp_path: Path) -> None:
    settings = settings_for("market=btc", "duration_s=90")

    def prepare(session: Session) -> None:
        session.room = Room(tmp_path, 999_999_999)

    finished = run_session(settings, tmp_path, prepare=prepare)
    assert finished.code == HALTED
    assert finished.ended_ns - START_NS < 65_000_000_000
