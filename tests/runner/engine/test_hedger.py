"""What is not hedged is inside its band, or said to be unhedged: also when the venue fails."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.venue import Venue
from runner.engine.clock import SystemClock
from runner.engine.hedger import OVER, Hedger
from runner.engine.history import History
from runner.engine.logs import NONE
from runner.engine.session import HALTED, Session
from runner.engine.station import Station
from runner.engine.worker import Worker
from runner.settings import Settings
from runner.wiring.markets import market_of
from strategies import hedge_reasons as why
from strategies import reasons
from tests import judges
from tests.deploys import settings_for
from tests.runner.modes.test_hedges import BANDED, LOT_GRAINS
from tests.sessions import Finished, run_session
from tests.support import SECOND_NS, checked
from tests.virtual import START_NS

CLIP_GRAINS = 100
BUDGET_GRAINS = 150


class Watch:
    """A session in which things happen at given seconds, and whose every look is judged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.due: list[tuple[float, str, bool]] = []
        self.stations: list[Station] = []
        self.nets: list[tuple[float, int]] = []
        self.unsaid: list[tuple[float, int, int]] = []
        self.held_s: list[float] = []

    def run(self, *words: str, start_ns: int = START_NS) -> Finished:
        return run_session(
            settings_for(*BANDED, *words),
            self.path / str(start_ns),
            account=self.path / "account.sqlite",
            ledger=self.path / "ledger.sqlite",
            start_ns=start_ns,
            look=lambda workers, now_ns: self.look(workers, now_ns, (now_ns - start_ns) * 1e-9),
            prepare=self.prepare,
        )

    def prepare(self, session: Session) -> None:
        self.stations = [s for group in session.stations.values() for s in group]

    def look(self, workers: Sequence[Worker], now_ns: int, second: float) -> None:
        while self.due and second >= self.due[0][0]:
            _, name, is_up = self.due.pop(0)
            station = next(s for s in self.stations if s.name == name)
            station.on_link(is_up, now_ns)
        maker, hedge = (w.market.desk for w in workers)
        net = maker.orders.position_lots * LOT_GRAINS + hedge.orders.position_lots
        self.nets.append((second, net))
        said = hedge.quotes.hedge_reasons
        if abs(net) > hedge.params.hedge.band_grains and not said & UNSAFE:
            self.unsaid.append((second, net, said))
        if maker.quotes.hedge_reasons & why.UNHEDGED:
            self.held_s.append(second)


UNSAFE = why.BEYOND_BAND | why.UNKNOWN_EXPOSURE


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


def test_makers_stand_still_while_the_hedge_is_away_and_go_on_after(watch: Watch) -> None:
    watch.due = [(5.0, "btc_hedge", False), (45.0, "btc_hedge", True)]
    finished = watch.run("duration_s=60")
    most = max(abs(net) for _, net in watch.nets)
    assert finished.code == 0
    assert BUDGET_GRAINS < most <= BUDGET_GRAINS + 2 * CLIP_GRAINS
    assert watch.held_s
    assert watch.held_s[0] > 5.0
    assert watch.held_s[-1] < 50.0
    assert abs(watch.nets[-1][1]) <= 40
    assert watch.unsaid == []
    assert judges.told(watch.path / "ledger.sqlite", watch.path / "account.sqlite") == []


def test_a_maker_whose_position_is_not_proven_is_not_hedged_on_a_guess(watch: Watch) -> None:
    watch.due = [(5.0, "btc", False), (25.0, "btc", True)]
    finished = watch.run("duration_s=30")
    hedge = finished.built.workers[1].market.desk
    unknown_ns = hedge.tally.hedge_reason_ns[why.UNKNOWN_EXPOSURE.bit_length() - 1]
    assert unknown_ns > 19 * SECOND_NS
    assert hedge.quotes.reasons[0] & reasons.STOPPING


def test_a_restart_hedges_what_it_finds(watch: Watch) -> None:
    watch.run("duration_s=20")
    watch.due = [(1.0, "btc_hedge", True)]
    before = watch.nets[-1][1]
    watch.run("duration_s=20", "paper.account=resume", start_ns=START_NS + 60 * SECOND_NS)
    assert abs(before) <= BUDGET_GRAINS + 2 * CLIP_GRAINS
    assert abs(watch.nets[-1][1]) <= 40
    assert watch.unsaid == []


def test_a_deploy_whose_makers_are_all_halted_is_killed_though_its_hedge_is_well(
    watch: Watch,
) -> None:
    finished = watch.run("duration_s=20", "risk.max_losing_trades=1", "risk.max_fills_per_min=null")
    brakes = [w.market.limits.brakes for w in finished.built.workers]
    if brakes[0].halted:
        assert finished.code == HALTED
    assert brakes[1].losing_trips == 0


class Deaf:
    """The station of a market that hedges and has not seen its own book yet."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    def hear_exposure(self, known: bool, grains: int, now_ns: int) -> None:
        """Ignore it, as a station does until then."""


def test_makers_wait_for_a_hedge_that_has_no_book_yet_once_they_hold_more_than_its_band() -> None:
    settings = settings_for(*BANDED)
    maker, hedge = (new_worker(settings, name, k) for k, name in enumerate(("btc", "btc_hedge")))
    said: list[str] = []
    hedger = Hedger(
        Deaf(hedge), [(Deaf(maker), LOT_GRAINS)], lambda now_ns, name, text: said.append(text)
    )
    maker.market.desk.orders.position_lots = 4
    hedger.look(START_NS)
    assert not maker.market.desk.exposure.is_unhedged
    maker.market.desk.orders.position_lots = 5
    hedger.look(START_NS)
    assert maker.market.desk.exposure.is_unhedged
    assert said == [OVER]


def new_worker(settings: Settings, name: str, number: int) -> Worker:
    market = market_of(name, number, settings, Decimal(100_000), START_NS)
    venue = cast(Venue, None)
    return Worker(market, venue, SystemClock(), None, None, History(), NONE)


@given(
    seed=st.integers(1, 1_000), reject=st.sampled_from((0.0, 0.2)), drop=st.sampled_from((0.0, 0.1))
)
@checked(4)
def test_every_fill_is_hedged_or_inside_the_band_or_said_to_be_unhedged(
    tmp_path_factory: pytest.TempPathFactory, seed: int, reject: float, drop: float
) -> None:
    judge(Watch(tmp_path_factory.mktemp("judged")), seed, reject, drop, 30)


@pytest.mark.slow
@given(
    seed=st.integers(1, 100_000),
    reject=st.sampled_from((0.0, 0.1, 0.4)),
    drop=st.sampled_from((0.0, 0.05, 0.2)),
    away=st.booleans(),
)
@checked(60)
def test_it_holds_for_many_seeds_and_faults(
    tmp_path_factory: pytest.TempPathFactory, seed: int, reject: float, drop: float, away: bool
) -> None:
    watch = Watch(tmp_path_factory.mktemp("judged"))
    watch.due = [(20.0, "btc_hedge", False), (80.0, "btc_hedge", True)] if away else []
    judge(watch, seed, reject, drop, 120)


def judge(watch: Watch, seed: int, reject: float, drop: float, length_s: int) -> None:
    finished = watch.run(
        f"seed={seed}",
        f"duration_s={length_s}",
        f"markets.btc_hedge.venue.reject_frac={reject}",
        f"markets.btc_hedge.venue.drop_frac={drop}",
    )
    assert finished.code == 0
    assert watch.unsaid == []
    assert max(abs(net) for _, net in watch.nets) <= BUDGET_GRAINS + 2 * CLIP_GRAINS
    assert judges.told(watch.path / "ledger.sqlite", watch.path / "account.sqlite") == []
