"""A market's paper twin sees what the market sees, keeps to itself, and is told of at the end."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.model.events import MarketRows
from connectors.model.kernel import dump
from runner.engine.session import Session
from runner.engine.twin import Twin
from runner.modes.built import Built
from runner.modes.live_prices import build_on_prices
from runner.modes.outcome import DecisionFiles, market_result
from runner.modes.twins import tell_twins
from runner.settings import Settings
from runner.wiring.stand_in import simulated
from runner.wiring.twin import twins_of
from tests.connectors.ccxt.bybit_trader import Trader
from tests.connectors.ccxt.native.reading import reading
from tests.deploys import settings_for
from tests.sessions import Finished, run_session
from tests.virtual import START_NS, VirtualClock

WORDS = (
    *("experiment=paper_bybit", "twin=true", "duration_s=60", "watch=none"),
    *("kappa=10", "strategy.adverse_bps=0", "venue.maker_fee_bps=0"),
)


class Broken:
    """A simulated market that fails at once."""

    def take(self, rows: MarketRows, now_ns: int) -> None:
        """Fail."""
        raise ValueError("broken")

    def lose(self, now_ns: int) -> None:
        """Fail."""
        raise ValueError("broken")


class Beside:
    """A session whose markets are simulated themselves, so a twin has to come to the same."""

    def __init__(self, directory: Path, is_broken: bool = False, has_twin: bool = True) -> None:
        self.settings: Settings = settings_for(*WORDS)
        self.twins: dict[str, Twin] = {}
        self._is_broken = is_broken
        self._has_twin = has_twin
        self._keepers: set[asyncio.Task[None]] = set()
        self.finished: Finished = run_session(
            simulated(self.settings), directory, make=self._make, prepare=self._prepare
        )

    async def _make(self, clock: VirtualClock, tapes: Path, files: DecisionFiles) -> Built:
        stand = Trader(clock, has_crowd=True, has_keys=False)
        self._keepers.add(asyncio.create_task(stand.way.keep_time()))
        public = {"bybit": reading(stand, clock)}
        built = await build_on_prices(self.settings, clock, None, tapes, files, public=public)
        markets = {worker.market.name: worker.market for worker in built.workers}
        if self._has_twin:
            self.twins = twins_of(self.settings, markets, clock.now_ns())
        if self._is_broken:
            self.twins["btc"].market = Broken()
        return replace(built, twins=self.twins)

    def _prepare(self, session: Session) -> None:
        session.twins = self.twins
        self.session = session


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Beside:
    return Beside(tmp_path_factory.mktemp("twin"))


def test_beside_a_simulated_market_the_twin_comes_to_much_the_same(together: Beside) -> None:
    for worker in together.finished.built.workers:
        twin = together.twins[worker.market.name]
        live, paper = worker.market.desk.tally, twin.worker.market.desk.tally
        assert not twin.is_over
        assert paper.events == live.events
        assert paper.decisions == pytest.approx(live.decisions, rel=0.1)
        fills = len(worker.history.fills["ticks"])
        assert len(list(twin.worker.fills_after(0))) == pytest.approx(fills, rel=0.5, abs=3)
        assert twin.worker.market.desk is not worker.market.desk


def test_the_live_market_does_not_know_of_its_twin(together: Beside, tmp_path: Path) -> None:
    alone = Beside(tmp_path, has_twin=False)
    for one, other in zip(
        alone.finished.built.workers, together.finished.built.workers, strict=True
    ):
        assert one.history.fills == other.history.fills
        assert dump(one.market.desk.signals) == dump(other.market.desk.signals)
        assert one.market.desk.tally.decisions == other.market.desk.tally.decisions > 50


def test_a_twin_that_fails_is_dropped_with_one_line(tmp_path: Path, together: Beside) -> None:
    stood = Beside(tmp_path, is_broken=True)
    told = [text for text in stood.session.observer.warnings if "twin" in text]  # type: ignore[attr-defined]
    assert len(told) == 1
    assert "the paper twin failed and is dropped: ValueError: broken" in told[0]
    assert stood.twins["btc"].is_over
    assert not stood.twins["eth"].is_over
    fills = [worker.history.fills for worker in stood.finished.built.workers]
    assert fills == [worker.history.fills for worker in together.finished.built.workers]


def test_the_end_says_how_far_both_are_apart(
    together: Beside, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = []
    settings = together.settings.model_copy(
        update={"watch": together.settings.watch.model_copy(update={"name": "lines"})}
    )
    for worker in together.finished.built.workers:
        results.append(
            market_result(
                worker.market,
                simulated(settings),
                worker.history,
                opening_position_lots=0,
                opening_mark_half_ticks=worker.opening_mark_half_ticks,
                first_ns=START_NS,
                last_ns=worker.last_batch_ns,
            )
        )
    tell_twins(settings, together.twins, results, tmp_path)
    told = json.loads((tmp_path / "twin.json").read_text())
    assert set(told) == {"btc", "eth"}
    for market in told.values():
        assert market["live"].keys() == market["paper"].keys()
        assert market["paper"]["orders"] > 0
    printed = capsys.readouterr().out
    assert "live and on paper" in printed
    assert len([line for line in printed.splitlines() if line.startswith(("btc", "eth"))]) == 4


def test_no_twin_is_made_unasked() -> None:
    assert twins_of(settings_for("experiment=paper_bybit"), {}, START_NS) == {}
