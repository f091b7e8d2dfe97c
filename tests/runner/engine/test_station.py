"""What fails in a market stays in it; it quotes again only once everything is proven."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from connectors.model.account import Fate, Standing
from connectors.model.errors import MmrunnerError, Plan, VenueError
from connectors.model.events import OUTCOME_UNKNOWN
from connectors.sim.adapter import SimVenue
from runner.engine.history import History
from runner.engine.ledger.writer import DirectWriter
from runner.engine.session import HALTED, Session
from runner.engine.station import Station
from runner.engine.watchdog import PAUSED_NS
from runner.engine.worker import Worker
from runner.modes.recorded import open_recording, replay_recording
from strategies import reasons as why
from tests import judges
from tests.deploys import settings_for
from tests.sessions import Finished, run_session
from tests.support import SECOND_NS
from tests.virtual import START_NS

TWO = ("market=[btc,eth]", "kappa=6", "strategy.fill_lockout_ms=0", "duration_s=40")
BTC = (*TWO, "market=btc")


class Scene:
    """A session in which things happen at given seconds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.session: Session | None = None
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.seen: list[tuple[float, list[int]]] = []

    def at(self, second: float, act: Callable[[], None]) -> None:
        self._due.append((START_NS + second * SECOND_NS, act))

    @property
    def stations(self) -> list[Station]:
        assert self.session is not None
        return [s for group in self.session.stations.values() for s in group]

    @property
    def warnings(self) -> list[str]:
        return self.session.observer.warnings  # type: ignore[union-attr]

    def run(self, *words: str) -> Finished:
        def prepare(session: Session) -> None:
            self.session = session

        def look(workers: Sequence[Worker], now_ns: int) -> None:
            self.seen.append(((now_ns - START_NS) / SECOND_NS, [w.open_orders() for w in workers]))
            while self._due and now_ns >= self._due[0][0]:
                self._due.pop(0)[1]()

        return run_session(
            settings_for(*words),
            self.path,
            account=self.path / "account.sqlite",
            ledger=self.path / "ledger.sqlite",
            look=look,
            prepare=prepare,
        )

    def findings(self) -> list[str]:
        return judges.told(self.path / "ledger.sqlite", self.path / "account.sqlite")

    def open_between(self, first_s: float, last_s: float, market: int = 0) -> set[int]:
        return {orders[market] for second, orders in self.seen if first_s <= second <= last_s}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def break_turns(scene: Scene, monkeypatch: pytest.MonkeyPatch, turns: float) -> None:
    """Let so many turns of btc fail, each after its decision was made."""
    honest = Worker._send
    left = [turns]

    def send(self: Worker, now_ns: int) -> None:
        if self.market.name == "btc" and now_ns > START_NS + 10 * SECOND_NS and left[0] > 0:
            left[0] -= 1
            raise ZeroDivisionError("a bug")
        honest(self, now_ns)

    monkeypatch.setattr(Worker, "_send", send)


def differences(path: Path, segment: str) -> tuple[int, int]:
    """Return how many decisions of a segment replay, and how many of them differ."""
    tape = f"tape.path={path / 'tapes' / segment}"
    settings = settings_for("mode=replay", "tape=mmrunner", tape, "replay.fills=recorded")
    replayed = replay_recording(open_recording(settings, "btc"), History(), None, compiled=False)
    return replayed.agreement.decisions, replayed.agreement.differences


def test_a_market_whose_turn_fails_is_made_anew_and_the_other_does_not_notice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_turns(scene, monkeypatch, 1)
    finished = scene.run(*TWO)
    assert (finished.code, scene.findings()) == (0, [])
    assert scene.open_between(10.3, 10.5) == {0}
    assert 0 not in scene.open_between(15, 39)
    assert 0 not in scene.open_between(2, 39, market=1)
    failed = [text for text in scene.warnings if "a bug" in text]
    assert len(failed) == 1
    assert "test_station.py" in failed[0]
    assert [text for text in scene.warnings if "restarted" in text] == ["restarted; segment 2"]
    first = differences(scene.path, "BTCUSDT.btc.tape")
    second = differences(scene.path, "BTCUSDT.btc@02.tape")
    assert first[0] > 50
    assert second[0] > 100
    assert (first[1], second[1]) == (0, 0)


def test_a_market_that_is_made_anew_begins_with_small_orders_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[tuple[float, int]] = []
    place = SimVenue.place

    def seen(self: SimVenue, market: str, client_id: int, side: int, *rest: int) -> None:
        sizes.append(((self._clock.now_ns() - START_NS) / SECOND_NS, rest[1]))
        place(self, market, client_id, side, *rest)

    monkeypatch.setattr(SimVenue, "place", seen)
    break_turns(scene, monkeypatch, 1)
    finished = scene.run(*BTC, "risk.ramp.start_frac=0.2", "risk.ramp.full_after_s=8")
    (worker,) = finished.built.workers
    full = worker.market.desk.params.order_lots
    begins = max(second for second, lots in sizes if second < 11)
    restarts = min(second for second, lots in sizes if second > begins)
    largest = [
        max(lots for second, lots in sizes if first <= second < last)
        for first, last in ((0, 2), (9, 10), (restarts, restarts + 1), (restarts + 9, 40))
    ]
    assert largest[0] < full / 2
    assert largest[1] == full
    assert largest[2] < full / 2
    assert largest[3] == full
    assert [differences(scene.path, f"BTCUSDT.{s}.tape")[1] for s in ("btc", "btc@02")] == [0, 0]


def test_a_market_that_fails_again_and_again_is_halted_and_the_other_goes_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_turns(scene, monkeypatch, float("inf"))
    finished = scene.run(*TWO, "supervisor.max_restarts=2", "duration_s=60")
    assert (finished.code, scene.findings()) == (HALTED, [])
    assert 0 not in scene.open_between(40, 59, market=1)
    assert scene.open_between(30, 59) == {0}
    assert "the market failed too often: halted" in scene.warnings


def test_a_broken_link_holds_the_market_until_it_is_whole_and_the_ledger_level(
    scene: Scene,
) -> None:
    scene.at(10, lambda: scene.stations[0].on_link(False, START_NS + 10 * SECOND_NS))
    scene.at(20, lambda: scene.stations[0].on_link(True, START_NS + 20 * SECOND_NS))
    finished = scene.run(*BTC)
    assert (finished.code, scene.findings()) == (0, [])
    assert scene.open_between(10.5, 20) == {0}
    assert 0 not in scene.open_between(22, 39)


def test_a_process_that_has_slept_proves_everything_before_it_quotes(scene: Scene) -> None:
    def sleep() -> None:
        scene.stations[0].clock.block(2 * PAUSED_NS)  # type: ignore[attr-defined]

    scene.at(10, sleep)
    finished = scene.run(*BTC)
    (worker,) = finished.built.workers
    assert (finished.code, scene.findings()) == (0, [])
    assert worker.market.desk.tally.reason_ns[why.RECONCILING.bit_length() - 1] > 0
    assert any("this process slept for" in text for text in scene.warnings)


def failing_reads(
    monkeypatch: pytest.MonkeyPatch, first_s: float, last_s: float, plan: Plan
) -> None:
    """Let every read of btc fail between two moments."""
    honest = SimVenue.standing

    async def standing(self: SimVenue, market: str) -> Standing:
        second = (self._clock.now_ns() - START_NS) / SECOND_NS
        if market == "btc" and first_s <= second < last_s:
            raise VenueError("503 Service Unavailable", plan)
        return await honest(self, market)

    monkeypatch.setattr(SimVenue, "standing", standing)


def test_a_venue_that_does_not_answer_holds_its_market_and_is_asked_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_reads(monkeypatch, 5, 25, Plan.RETRY)
    finished = scene.run(*TWO, "duration_s=60")
    assert (finished.code, scene.findings()) == (0, [])
    assert 0 not in scene.open_between(6, 14)
    assert scene.open_between(20, 25) == {0}
    assert 0 not in scene.open_between(50, 59)
    assert 0 not in scene.open_between(6, 59, market=1)


def test_a_venue_that_will_not_answer_halts_its_market(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_reads(monkeypatch, 5, 7, Plan.HALT)
    finished = scene.run(*TWO)
    assert (finished.code, scene.findings()) == (HALTED, [])
    assert scene.open_between(8, 39) == {0}
    assert 0 not in scene.open_between(8, 39, market=1)


def test_an_order_that_stays_unknown_holds_its_market_until_it_is_resolved(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = SimVenue.order_fate

    async def order_fate(self: SimVenue, market: str, client_id: int) -> Fate:
        if self._clock.now_ns() < START_NS + 60 * SECOND_NS:
            return Fate(OUTCOME_UNKNOWN, 0)
        return await honest(self, market, client_id)

    monkeypatch.setattr(SimVenue, "order_fate", order_fate)
    finished = scene.run(*BTC, "venue.drop_frac=0.05", "duration_s=90")
    (worker,) = finished.built.workers
    assert (finished.code, scene.findings()) == (0, [])
    assert worker.market.desk.tally.reason_ns[why.UNRESOLVED.bit_length() - 1] > SECOND_NS
    assert any("orders without an answer" in text for text in scene.warnings)
    assert "every order has its answer again" in scene.warnings


def test_a_venue_that_breaks_down_is_run_again_and_proven_first(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = SimVenue._take_message
    left = [1]

    def take(self: SimVenue, market: object) -> None:
        if left[0] and self._clock.now_ns() > START_NS + 10 * SECOND_NS:
            left[0] = 0
            raise OSError("the socket is gone")
        honest(self, market)  # type: ignore[arg-type]

    monkeypatch.setattr(SimVenue, "_take_message", take)
    finished = scene.run(*TWO)
    assert (finished.code, scene.findings()) == (0, [])
    assert 0 not in scene.open_between(20, 39)
    assert 0 not in scene.open_between(20, 39, market=1)


def test_a_ledger_that_cannot_be_written_cancels_everything_and_then_fails(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(self: DirectWriter) -> None:
        if self._clock.now_ns() > START_NS + 10 * SECOND_NS:
            raise MmrunnerError("the ledger cannot be written: disk full")

    monkeypatch.setattr(DirectWriter, "check", check)
    with pytest.raises(MmrunnerError, match="disk full"):
        scene.run(*TWO)
    assert [station.open_orders() for station in scene.stations] == [0, 0]
    assert scene.open_between(0, 9) - {0}


@pytest.mark.parametrize("task", ["_updates", "_housekeeping", "_commands", "_jobs"])
def test_a_task_that_dies_is_told_of_and_stops_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    async def die(self: Session) -> None:
        raise KeyError("a bug of the task")

    monkeypatch.setattr(Session, task, die)
    finished = scene.run(*BTC, "duration_s=20", "supervisor.max_restarts=1")
    assert finished.code == 0
    assert finished.built.workers[0].market.desk.tally.places > 10
    name = task.strip("_").replace("jobs", "schedule")
    assert any(text.startswith(f"{name}: KeyError") for text in scene.warnings)
    assert f"{name}: failed too often, not started again" in scene.warnings


def test_a_task_that_is_let_go_of_from_within_runs_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, runs = Session._housekeeping, [0]

    async def let_go_of(self: Session) -> None:
        runs[0] += 1
        if runs[0] == 1:
            awaited = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_later(5, awaited.cancel)
            await awaited
        await honest(self)

    monkeypatch.setattr(Session, "_housekeeping", let_go_of)
    finished = scene.run(*BTC, "duration_s=20")
    assert (finished.code, runs) == (0, [2])
    assert "housekeeping: was cancelled from within" in scene.warnings


def test_a_task_that_somebody_ends_stops_the_session(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Session._commands

    async def ended(self: Session) -> None:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_later(5, task.cancel)
        await honest(self)

    monkeypatch.setattr(Session, "_commands", ended)
    with pytest.raises(MmrunnerError, match="commands: was cancelled while it was needed"):
        scene.run(*BTC, "duration_s=20")
    assert [station.open_orders() for station in scene.stations] == [0]
