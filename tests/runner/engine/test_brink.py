"""PO-09: the mark leaps towards liquidation; the adding side goes, the position is taken down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from connectors.margined import Liquidation
from connectors.model.events import BUY, IOC, REDUCE_ONLY, SELL
from connectors.sim.adapter import SimVenue
from runner.engine.history import History
from runner.engine.outbox import LedgerOutbox
from runner.engine.session import Session
from runner.engine.worker import Worker
from runner.modes.recorded import open_recording, replay_recording
from strategies import liquidation_guard
from strategies.desk import Desk
from strategies.liquidation_state import FAR, URGENT
from tests import judges
from tests.deploys import settings_for
from tests.sessions import Finished, run_session
from tests.virtual import START_NS

SECOND_NS = 1_000_000_000
LEAP_S, LASTS_S, END_S = 12.0, 20.0, 45.0
"""The first position held after so many seconds is the one that the mark leaps away from."""
WORDS = (
    "market=btc",
    "kappa=6",
    "strategy.fill_lockout_ms=0",
    "venue.margin.mode=cross",
    "venue.margin.collateral_quote=100000",
    "risk.liquidation.step_s=2",
    "risk.liquidation.pause_s=14",
    f"duration_s={END_S}",
)
Placed = tuple[float, int, int, int]
"""When, which side, how many lots, which flags."""


@dataclass
class Scene:
    """A session whose venue tells that the mark has leapt, for a while."""

    path: Path
    patch: pytest.MonkeyPatch
    session: Session | None = None
    placed: list[Placed] = field(default_factory=list)
    held: list[tuple[float, int, int]] = field(default_factory=list)
    """When, the position, and the stage."""
    second: float = 0.0
    leapt_s: float = END_S

    def liquidation(self, venue: SimVenue, market: str) -> Liquidation:
        """Tell a mark that has lost four fifths of the way, between the leap and its end."""
        exchange = venue.exchange(market)
        mid, lots = exchange.margin.mark_half_ticks, exchange.position_lots
        if not lots:
            return Liquidation(0, None, 0, None)
        sign = 1 if lots > 0 else -1
        is_leapt = self.leapt_s <= self.second < self.leapt_s + LASTS_S
        mark = mid - sign * round(mid * 0.2 * 0.8) if is_leapt else mid
        return Liquidation(lots, mid - sign * mid // 5, mid, mark)

    def look(self, workers: Sequence[Worker], now_ns: int) -> None:
        self.second = (now_ns - START_NS) / SECOND_NS
        desk = workers[0].market.desk
        if self.second >= LEAP_S and desk.orders.position_lots:
            self.leapt_s = min(self.leapt_s, self.second)
        self.held.append((self.second, desk.orders.position_lots, desk.guard.stage))

    def run(self) -> Finished:
        def liquidation(venue: SimVenue, market: str) -> Liquidation:
            return self.liquidation(venue, market)

        def prepare(session: Session) -> None:
            self.session = session

        place = LedgerOutbox.place

        def seen(
            box: LedgerOutbox, client_id: int, side: int, ticks: int, lots: int, flags: int
        ) -> None:
            self.placed.append((self.second, side, lots, flags))
            place(box, client_id, side, ticks, lots, flags)

        self.patch.setattr(SimVenue, "liquidation", liquidation)
        self.patch.setattr(LedgerOutbox, "place", seen)
        return run_session(
            settings_for(*WORDS),
            self.path,
            account=self.path / "account.sqlite",
            ledger=self.path / "ledger.sqlite",
            look=self.look,
            prepare=prepare,
        )

    def found(self) -> list[str]:
        """Return what is wrong with what was done after the leap."""
        back_s = self.leapt_s + LASTS_S
        at = next(lots for second, lots, _ in self.held if second >= self.leapt_s)
        grace_s = self.leapt_s + 1.0
        near = [(s, side, lots, flags) for s, side, lots, flags in self.placed if s > grace_s]
        steps = [each for each in near if each[3] & REDUCE_ONLY and each[0] < back_s]
        wrong = judges.told(self.path / "ledger.sqlite", self.path / "account.sqlite")
        if not any(lots == 0 for second, lots, _ in self.held if grace_s < second < back_s):
            wrong.append("I7 the position was not taken down")
        adds = BUY if at > 0 else SELL
        wrong += [f"I7 added at {s}" for s, side, *_ in near if s < back_s and side == adds]
        wrong += [f"I7 more than a step at {s}" for s, _, lots, _ in steps if lots > abs(at)]
        for one, two in pairwise(steps):
            if two[0] - one[0] < 1.9:
                wrong.append(f"I13 steps at {one[0]} and {two[0]}")
        return wrong


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(tmp_path, monkeypatch)


def test_a_mark_that_leaps_towards_liquidation_takes_the_position_down_in_steps(
    scene: Scene,
) -> None:
    scene.run()
    assert scene.found() == []
    back_s = scene.leapt_s + LASTS_S
    steps = [lots for s, _, lots, flags in scene.placed if flags == IOC | REDUCE_ONLY]
    assert len(steps) >= 4
    assert max(stage for *_, stage in scene.held) == URGENT
    assert scene.held[-1][2] == FAR
    assert any(s > back_s for s, *_ in scene.placed)
    assert scene.session is not None
    warnings = scene.session.observer.warnings  # type: ignore[attr-defined]
    assert any("taken down step by step" in text for text in warnings)
    verdicts = scene.session.observer.verdicts  # type: ignore[attr-defined]
    assert any("liquidation" in line for _, health in verdicts for line in health.findings)


def test_its_journal_replays_to_the_same_decisions(scene: Scene) -> None:
    scene.run()
    tape = f"tape.path={scene.path / 'tapes' / 'BTCUSDT.btc.tape'}"
    settings = settings_for(
        *WORDS[:-1], "mode=replay", "tape=mmrunner", tape, "replay.fills=recorded"
    )
    replayed = replay_recording(open_recording(settings, "btc"), History(), None, compiled=False)
    assert replayed.agreement.decisions > 100
    assert replayed.agreement.differences == 0


def looks_at_its_own_mid_alone(patch: pytest.MonkeyPatch) -> None:
    """Leave the venue's mark out."""
    hear = liquidation_guard.hear_liquidation

    def deaf(desk: Desk, *told: int) -> None:
        hear(desk, *told[:4], 0, told[5])

    patch.setattr("runner.engine.worker.hear_liquidation", deaf)


def takes_a_step_with_every_decision(patch: pytest.MonkeyPatch) -> None:
    """Do not wait for what the last step has changed."""
    take = liquidation_guard._take_down

    def at_once(desk: Desk, may_take: bool, now_ns: int) -> None:
        desk.params.liquidation.step_ns = 0
        take(desk, may_take, now_ns)

    patch.setattr(liquidation_guard, "_take_down", at_once)


@pytest.mark.parametrize(
    ("bug", "law"),
    [(looks_at_its_own_mid_alone, "I7"), (takes_a_step_with_every_decision, "I13")],
)
def test_a_planted_bug_is_found(
    bug: Callable[[pytest.MonkeyPatch], None], law: str, scene: Scene
) -> None:
    bug(scene.patch)
    scene.run()
    assert any(line.startswith(law) for line in scene.found()), scene.found()
