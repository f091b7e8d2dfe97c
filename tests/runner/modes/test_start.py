"""A start that keeps crashing, is killed, or comes second sends nothing."""

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError, MmrunnerError
from runner.engine.clock import SystemClock
from runner.engine.latch import Latch, Latched
from runner.engine.ledger.entries import SessionStart
from runner.engine.ledger.store import Store
from runner.engine.lock import DeployLock
from runner.modes import built, deploy, paper, unlatch
from runner.places import Places, RunDirectory
from runner.settings import Settings
from tests.deploys import CHECKOUT, settings_for

QUICK = ("deploy=one", "market=btc", "duration_s=0.05", "watch=none", "record.tape=false")
EAGER = ("duration_s=100", "strategy.volatility.warmup_s=0")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path, CHECKOUT, RunDirectory(tmp_path / "run"))


def settings(*words: str) -> Settings:
    return settings_for(*QUICK, "record.decisions=none", *words)


def crashed(places: Places, times: int) -> None:
    """Let a ledger tell of sessions that have begun and not ended."""
    places.made(places.ledgers)
    for _ in range(times):
        store = Store(places.ledger("one"), {})
        store.apply(SessionStart(SystemClock().now_ns(), "", ""))
        store.close()


def orders_of_the_venue(places: Places) -> int:
    with closing(sqlite3.connect(places.ledgers / "one.paper.sqlite")) as db:
        return int(db.execute("SELECT COUNT(*) FROM orders").fetchone()[0])


def test_a_deploy_that_crashes_again_and_again_stays_killed_until_it_is_unlatched(
    places: Places,
) -> None:
    crashed(places, 3)
    looping = settings("start.max_crashes=3", *EAGER)
    with pytest.raises(Latched, match=r"3 starts within 600 s ended in a crash.*mode=unlatch"):
        paper.run(looping, places)
    assert orders_of_the_venue(places) == 0
    with pytest.raises(Latched, match="3 starts within 600 s"):
        paper.run(looping, places)
    unlatch.run(settings("mode=unlatch"), places)
    assert paper.run(settings("start.max_crashes=3"), places) == 0


def test_fewer_crashes_or_no_limit_start_as_ever(places: Places) -> None:
    crashed(places, 2)
    assert paper.run(settings("start.max_crashes=3"), places) == 0
    crashed(places, 30)
    assert paper.run(settings("start.max_crashes=null"), places) == 0


def test_a_start_that_fails_before_its_session_counts_as_a_crash(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise MmrunnerError("the venue does not answer")

    with monkeypatch.context() as venue:
        venue.setattr(deploy, "level", fail)
        for _ in range(2):
            with pytest.raises(MmrunnerError, match="does not answer"):
                paper.run(settings(), places)
    with pytest.raises(Latched, match="2 starts"):
        paper.run(settings("start.max_crashes=2"), places)


def test_a_kill_by_signal_before_the_session_listens_is_kept(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = deploy.level

    async def level_under_fire(*words: object) -> object:
        for _ in range(2):
            signal.raise_signal(signal.SIGUSR1)
        return await honest(*words)  # type: ignore[arg-type]

    former = signal.getsignal(signal.SIGUSR1)
    monkeypatch.setattr(deploy, "level", level_under_fire)
    assert paper.run(settings(*EAGER), places) == 4
    assert "SIGUSR1" in Latch.of(places, "one").words()
    assert orders_of_the_venue(places) == 0
    assert signal.getsignal(signal.SIGUSR1) is former


def test_stops_while_the_books_are_closed_leave_them_whole(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = built.Built.close

    def close_under_fire(self: built.Built, ended_ns: int, code: int) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.raise_signal(number)
        honest(self, ended_ns, code)

    monkeypatch.setattr(built.Built, "close", close_under_fire)
    assert paper.run(settings(), places) == 0
    with closing(sqlite3.connect(places.ledger("one"))) as db:
        assert db.execute("SELECT exit FROM sessions").fetchall() == [(0,)]


def test_a_second_one_is_refused_by_whatever_way_it_comes(places: Places, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    other.symlink_to(places.home, target_is_directory=True)
    by_link = Places(other, CHECKOUT, RunDirectory(tmp_path / "second"))
    places.made(places.ledgers)
    refused = pytest.raises(ConfigError, match=f"process {os.getpid()} runs it")
    with DeployLock(places.lock("one")), refused:
        paper.run(settings(), by_link)
    assert [p.name for p in places.ledgers.iterdir()] == ["one.lock"]
    assert not by_link.run.opened
