"""I15: each task is killed and hung once, and the loop is blocked; the verdict knows, in time."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from connectors.model.account import Fate
from connectors.model.errors import MmrunnerError
from connectors.model.events import OUTCOME_UNKNOWN
from connectors.sim.adapter import SimVenue
from runner.engine.health import Health
from runner.engine.health_file import HealthFile
from runner.engine.session import Session
from runner.engine.station import Station
from runner.engine.worker import Worker
from tests.deploys import settings_for
from tests.sessions import run_session
from tests.support import SECOND_NS
from tests.virtual import START_NS

AT_S = 8.0
DEPLOY = ("market=btc", "kappa=6", "duration_s=60", "risk.max_quiet_s=5")
TASKS = {
    "watch": (Session, "_watch"),
    "housekeeping": (Session, "_housekeeping"),
    "updates": (Session, "_updates"),
    "commands": (Session, "_commands"),
    "schedule": (Session, "_jobs"),
    "btc": (Station, "run"),
    "venue sim": (SimVenue, "run"),
}
KNOWN_IN_S = {"btc": 13.0, "venue sim": 7.0}
"""Within which time a hung task is known; others: their period, a second, and a look."""


class Story:
    """The verdicts of a session, by second."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.verdicts: list[tuple[float, Health]] = []
        self.session: Session | None = None
        self.act: Callable[[Session], None] | None = None

    def run(self, *words: str, act: Callable[[Session], None] | None = None) -> "Story":
        self.act = act

        def prepare(session: Session) -> None:
            self.session = session
            session.most_lag_ns = session.vitals.most_late_ns = 2 * SECOND_NS
            session.vitals.most_quiet_ns = 5 * SECOND_NS

        def look(workers: Sequence[Worker], now_ns: int) -> None:
            if self.act is not None and now_ns >= START_NS + AT_S * SECOND_NS:
                acting, self.act = self.act, None
                assert self.session is not None
                acting(self.session)

        try:
            run_session(settings_for(*DEPLOY, *words), self.path, look=look, prepare=prepare)
        finally:
            assert self.session is not None
            told: Any = self.session.observer
            self.verdicts = [((ns - START_NS) / SECOND_NS, h) for ns, h in told.verdicts]
        return self

    def red(self, first_s: float, last_s: float) -> list[tuple[float, str]]:
        return [
            (second, line)
            for second, health in self.verdicts
            for line in health.findings
            if first_s <= second <= last_s
        ]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def spoil(monkeypatch: pytest.MonkeyPatch, task: str, *, hangs: bool) -> None:
    """Let a task work for `AT_S`, then hang or raise, once."""
    owner, name = TASKS[task]
    honest = getattr(owner, name)
    runs = [0]

    async def spoilt(self: Any, *words: Any) -> None:
        runs[0] += 1
        if runs[0] > 1:
            await honest(self, *words)
            return
        try:
            async with asyncio.timeout(AT_S):
                await honest(self, *words)
        except TimeoutError:
            if hangs:
                await asyncio.Event().wait()
            raise RuntimeError(f"{task} was killed") from None

    monkeypatch.setattr(owner, name, spoilt)


def test_a_deploy_that_is_well_stays_green(story: Story) -> None:
    story.run()
    assert len(story.verdicts) >= 58
    assert story.red(0, 60) == []


@pytest.mark.parametrize("task", TASKS)
def test_a_task_that_is_killed_shows_until_it_runs_again(
    story: Story, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    spoil(monkeypatch, task, hangs=False)
    story.run("supervisor.first_backoff_s=3")
    red = story.red(AT_S - 0.1, AT_S + 1.6)
    assert any(line.startswith(f"{task}: failed") for _, line in red), red
    assert story.red(20, 60) == []


@pytest.mark.parametrize("task", TASKS)
def test_a_task_that_hangs_shows_in_time_and_as_long_as_it_does(
    story: Story, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    spoil(monkeypatch, task, hangs=True)
    story.run()
    within_s = KNOWN_IN_S.get(task, 4.0)
    assert story.red(0, AT_S - 0.1) == []
    known = [second for second, health in story.verdicts if not health.ok]
    assert known[0] <= AT_S + within_s
    assert known == [second for second, _ in story.verdicts if second >= known[0]]


def test_a_blocked_loop_shows_once_it_runs_again_and_then_no_more(story: Story) -> None:
    story.run(act=lambda session: session.clock.block(5 * SECOND_NS))  # type: ignore[attr-defined]
    red = story.red(AT_S, AT_S + 7)
    assert any("late to our own work" in line or "has not run" in line for _, line in red)
    assert story.red(20, 60) == []


def test_a_job_that_is_overdue_shows(story: Story) -> None:
    class Late:
        def overdue(self, now_ns: int) -> list[str]:
            return ["metrics"] if now_ns > START_NS + AT_S * SECOND_NS else []

    def schedule(session: Session) -> None:
        session.schedule = lambda enqueue: nullcontext(Late())

    honest = Session._jobs

    async def jobs(self: Session) -> None:
        schedule(self)
        await honest(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "_jobs", jobs)
        story.run()
    assert any(line == "job metrics: overdue" for _, line in story.red(AT_S, AT_S + 3))


def test_a_ledger_that_cannot_be_written_shows(story: Story) -> None:
    def fail(session: Session) -> None:
        def check() -> None:
            raise MmrunnerError("the ledger cannot be written: full")

        session.check = check
        patch.setattr(SimVenue, "cancel", lambda self, market, client_id: None)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(MmrunnerError, match="full"):
        story.run(act=fail)
    assert any("the ledger cannot be written" in line for _, line in story.red(AT_S, 60))


def test_an_order_without_an_answer_shows_after_its_time(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(self: SimVenue, market: str, client_id: int) -> Fate:
        return Fate(OUTCOME_UNKNOWN, 0)

    monkeypatch.setattr(SimVenue, "order_fate", unknown)
    story.run("venue.drop_frac=0.3")
    assert any("without an answer" in line for _, line in story.red(30, 60))


def test_the_file_holds_the_last_verdict_and_is_whole_at_any_time(tmp_path: Path) -> None:
    kept = HealthFile(tmp_path / "one.health.json")
    seen = []

    def prepare(session: Session) -> None:
        def show(health: Health, markets: Any, now_ns: int) -> None:
            kept.write(health, markets, now_ns)
            seen.append(kept.read())

        session.show_health = show

    run_session(settings_for(*DEPLOY, "duration_s=5"), tmp_path, prepare=prepare)
    told = seen[-1]
    assert told is not None
    assert told.health.ok
    assert not told.is_stale(told.stamp_ns + 2 * SECOND_NS)
    assert told.is_stale(told.stamp_ns + 4 * SECOND_NS)
    assert told.is_stale(told.stamp_ns - 4 * SECOND_NS)
    kept.remove()
    assert kept.read() is None
