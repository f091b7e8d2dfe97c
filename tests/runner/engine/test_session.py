"""A killed session stops at once, proves that nothing rests, and its exit code is true."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors.sim.adapter import SimVenue
from runner.engine.ending import KILL_NS, STOP_NS
from runner.engine.history import History
from runner.engine.latch import Latch
from runner.engine.session import HALTED, INTERRUPTED, NOT_CONFIRMED, Session
from runner.engine.worker import Worker
from runner.modes.recorded import open_recording, replay_recording
from strategies import reasons as why
from tests.deploys import settings_for
from tests.sessions import START_NS, Finished, run_session
from tests.support import MS, SECOND_NS

BTC = ("market=btc", "kappa=6", "duration_s=20")


class Scene:
    """A session on btc to which something happens three seconds after its start."""

    def __init__(self, tmp_path: Path) -> None:
        self.path = tmp_path
        self.latch = Latch(tmp_path / "default.kill", "default")
        self.sessions: list[Session] = []
        self.places_at_event = -1
        self.event_ns = 0

    def run(self, event: str = "", *overrides: str, most_lag_ns: int = 0) -> Finished:
        def prepare(session: Session) -> None:
            session.latch = self.latch
            session.most_lag_ns = most_lag_ns
            self.sessions.append(session)

        def look(workers: Sequence[Worker], now_ns: int) -> None:
            if event and not self.event_ns and now_ns >= START_NS + 3 * SECOND_NS:
                assert any(worker.open_orders() for worker in workers)
                self.event_ns = now_ns
                getattr(self, event)()
                self.places_at_event = sum(w.market.desk.tally.places for w in workers)

        return run_session(settings_for(*BTC, *overrides), self.path, look=look, prepare=prepare)

    def touch(self) -> None:
        self.latch.path.touch()

    def kill(self) -> None:
        self.sessions[0].kill("a test", "to see")

    def interrupt(self) -> None:
        self.sessions[0].interrupt()

    def kill_and_interrupt(self) -> None:
        self.interrupt()
        self.kill()

    def block(self) -> None:
        """Let the loop stand still for three seconds."""
        self.sessions[0].clock.block(3 * SECOND_NS)  # type: ignore[attr-defined]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_kill_sets_the_latch_places_nothing_more_and_proves_that_nothing_rests(
    scene: Scene,
) -> None:
    finished = scene.run("kill")
    (worker,) = finished.built.workers
    assert finished.code == HALTED
    assert worker.open_orders() == 0
    assert worker.market.desk.tally.places == scene.places_at_event
    assert finished.ended_ns < scene.event_ns + SECOND_NS
    assert json.loads(scene.latch.path.read_text())["who"] == "a test"


def test_a_latch_that_somebody_touches_stops_a_running_deploy_within_half_a_second(
    scene: Scene,
) -> None:
    finished = scene.run("touch")
    assert finished.code == HALTED
    assert finished.built.workers[0].open_orders() == 0
    assert finished.ended_ns <= scene.event_ns + SECOND_NS
    assert scene.latch.path.read_text() == ""


def test_a_latch_that_is_there_lets_no_order_out(scene: Scene) -> None:
    scene.touch()
    finished = scene.run()
    assert finished.code == HALTED
    assert finished.built.workers[0].market.desk.tally.places == 0


def test_a_kill_goes_on_where_its_latch_cannot_be_written(scene: Scene) -> None:
    scene.latch.path = scene.path / "none" / "default.kill"
    finished = scene.run("kill")
    assert finished.code == HALTED
    assert finished.built.workers[0].open_orders() == 0
    warnings = scene.sessions[0].observer.warnings  # type: ignore[attr-defined]
    assert "cannot be written" in warnings[0]


@pytest.mark.parametrize(
    ("event", "wait_ns"),
    [("interrupt", STOP_NS), ("kill", KILL_NS), ("kill_and_interrupt", KILL_NS)],
)
def test_orders_whose_cancel_is_never_proven_are_told_by_the_exit_code(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, event: str, wait_ns: int
) -> None:
    monkeypatch.setattr(SimVenue, "cancel", lambda self, market, client_id: None)
    finished = scene.run(event, "market=btc", "venue.queue_model=risk_averse", "kappa=0.5")
    assert finished.built.workers[0].open_orders() > 0
    assert finished.code == NOT_CONFIRMED
    waited_ns = finished.ended_ns - scene.event_ns
    assert wait_ns <= waited_ns < wait_ns + SECOND_NS


@pytest.mark.parametrize(
    ("event", "code"), [("interrupt", INTERRUPTED), ("kill_and_interrupt", HALTED)]
)
def test_a_halt_comes_before_an_interrupt(scene: Scene, event: str, code: int) -> None:
    assert scene.run(event).code == code


def test_when_every_market_is_halted_the_deploy_is_killed(scene: Scene) -> None:
    finished = scene.run("", "duration_s=120", "risk.max_drawdown_quote=0.0001")
    assert finished.code == HALTED
    assert finished.ended_ns < START_NS + 100 * SECOND_NS
    assert finished.built.workers[0].market.limits.brakes.halted == why.DRAWDOWN
    assert "every market is halted" in scene.latch.words()


def test_a_blocked_loop_pulls_the_quotes_until_it_is_in_time_and_replays_so(scene: Scene) -> None:
    finished = scene.run("block", most_lag_ns=2 * SECOND_NS)
    (worker,) = finished.built.workers
    tally = worker.market.desk.tally
    bit = why.LAGGING.bit_length() - 1
    assert 100 * MS < tally.reason_ns[bit] < SECOND_NS
    assert tally.places > scene.places_at_event
    warnings = scene.sessions[0].observer.warnings  # type: ignore[attr-defined]
    assert [w.endswith("quotes pulled") for w in warnings] == [True, False]
    assert finished.code == 0
    tape = f"tape.path={scene.path / 'tapes'}"
    settings = settings_for("mode=replay", "tape=mmrunner", tape, "replay.fills=recorded")
    replayed = replay_recording(open_recording(settings, "btc"), History(), None, compiled=False)
    assert replayed.agreement.differences == 0
    assert replayed.agreement.decisions == tally.decisions


def test_lag_is_not_looked_at_where_it_is_off(scene: Scene) -> None:
    finished = scene.run("block")
    assert finished.built.workers[0].market.desk.tally.reason_ns[why.LAGGING.bit_length() - 1] == 0


def test_each_cause_is_held_for_until_it_is_gone(scene: Scene) -> None:
    def look(workers: Sequence[Worker], now_ns: int) -> None:
        second = (now_ns - START_NS) // SECOND_NS
        workers[0].hold(why.LAGGING, 3 <= second < 6, now_ns)
        workers[0].hold(why.RECONCILING, 5 <= second < 8, now_ns)

    finished = run_session(settings_for(*BTC), scene.path, look=look)
    (worker,) = finished.built.workers
    bits = [mask.bit_length() - 1 for mask in (why.LAGGING, why.RECONCILING)]
    held_s = [round(worker.market.desk.tally.reason_ns[bit] / SECOND_NS) for bit in bits]
    assert held_s == [3, 3]
    assert worker.market.desk.held == 0


class Stand:
    """A guard that holds when the test says so."""

    name = "a guard"

    def __init__(self) -> None:
        self.is_up = True
        self.done: list[str] = []

    def beat(self) -> None:
        """Count nothing."""

    def holds(self, now_ns: int) -> bool:
        return self.is_up

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def release(self) -> None:
        self.done.append("released")

    def lose(self) -> None:
        self.done.append("lost")


def test_no_market_quotes_while_a_guard_does_not_hold_and_a_clean_end_lets_it_go(
    tmp_path: Path,
) -> None:
    guard = Stand()
    open_orders: list[tuple[float, int]] = []

    def prepare(session: Session) -> None:
        session.guards = (guard,)

    def look(workers: Sequence[Worker], now_ns: int) -> None:
        second = (now_ns - START_NS) / SECOND_NS
        guard.is_up = not (0 <= second < 2 or 6 <= second < 10)
        open_orders.append((second, sum(worker.open_orders() for worker in workers)))

    guard.is_up = False
    finished = run_session(settings_for(*BTC), tmp_path, look=look, prepare=prepare)
    assert finished.code == 0
    assert all(number == 0 for second, number in open_orders if second < 2 or 7 < second < 10)
    assert any(number for second, number in open_orders if 3 < second < 6)
    assert any(number for second, number in open_orders if 12 < second < 19)
    assert guard.done == ["released"]


def test_an_end_that_is_not_clean_leaves_a_guard_to_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = Stand()
    monkeypatch.setattr(SimVenue, "cancel", lambda self, market, client_id: None)

    def prepare(session: Session) -> None:
        session.guards = (guard,)

    finished = run_session(settings_for(*BTC, "duration_s=5"), tmp_path, prepare=prepare)
    assert finished.code == NOT_CONFIRMED
    assert guard.done == []
