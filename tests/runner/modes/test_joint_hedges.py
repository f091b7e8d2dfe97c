"""Two markets hedge together: one net exposure, inside one band, and replays to the same bits."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors.model.orders import FREE
from connectors.tape.readers import read_tape
from runner.engine.history import History
from runner.engine.worker import Worker
from runner.modes.exact import replay_exact
from runner.modes.market_replay import MarketReplay, prepare
from runner.modes.parity import replay_parity
from runner.modes.recorded import open_recording, replay_recording
from runner.settings import Settings
from runner.wiring.tapes import tape_source
from tests.deploys import (
    KERNEL_CACHE,
    Silent,
    compiled_loop,
    instrument,
    replay_interpreted,
    settings_for,
)
from tests.runner.modes.test_merged import require_equal
from tests.sessions import Finished, run_session

NAMES = ("btc", "btc_hedge", "btc_hedge2")
LOT_GRAINS = 10
JOINT = (
    "experiment=hedged_twice",
    "hedger=prompt",
    "kappa=8",
    "strategy.volatility.warmup_s=2",
    "hedge.band_base=0.004",
    "markets.btc_hedge2.synthetic.lag_ms=50",
    "markets.btc_hedge2.venue.taker_fee_bps=5.5",
    "hedge.max_unhedged_quote=null",
)


class Nets:
    """Watch what is held together, and what everybody was told."""

    def __init__(self) -> None:
        self.nets: list[int] = []
        self.torn: list[tuple[int, int]] = []

    def __call__(self, workers: Sequence[Worker], now_ns: int) -> None:
        made, *hedges = (w.market.desk for w in workers)
        grains = made.orders.position_lots * LOT_GRAINS
        self.nets.append(grains + sum(desk.orders.position_lots for desk in hedges))
        told = sum(desk.exposure.grains for desk in hedges)
        is_quiet = all(status == FREE for desk in hedges for status in desk.orders.status)
        if is_quiet and all(desk.exposure.known for desk in hedges) and told != grains:
            self.torn.append((told, grains))


def ran(directory: Path, *words: str) -> tuple[Finished, Nets]:
    nets = Nets()
    settings = settings_for(*JOINT, "duration_s=40", "record.decisions=all", *words)
    return run_session(settings, directory, look=nets), nets


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished, Nets]:
    directory = tmp_path_factory.mktemp("joint")
    finished, nets = ran(directory, "hedge.route=split", "markets.btc.order_size_quote=3000")
    return directory, finished, nets


def from_tape(directory: Path, *more: str) -> Settings:
    words = (*JOINT, "hedge.route=split", "markets.btc.order_size_quote=3000")
    tape = ("mode=replay", "tape=mmrunner", f"tape.path={directory / 'tapes'}")
    return settings_for(*words, *tape, *more)


def test_the_net_of_all_is_hedged_and_the_shares_come_to_it(
    session: tuple[Path, Finished, Nets],
) -> None:
    _, finished, nets = session
    made, *hedges = finished.built.workers
    assert finished.code == 0
    assert len(made.history.fills["lots"]) > 10
    assert min(len(hedge.history.fills["lots"]) for hedge in hedges) > 1
    assert abs(nets.nets[-1]) <= 40
    assert nets.torn == []


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_each_journal_replays_its_own_share(
    session: tuple[Path, Finished, Nets], compiled: bool
) -> None:
    directory, finished, _ = session
    settings = from_tape(directory, "replay.fills=recorded")
    for worker in finished.built.workers:
        recording = open_recording(settings, worker.market.name)
        again = replay_recording(recording, History(), KERNEL_CACHE, compiled=compiled)
        assert again.agreement.first is None
        assert again.agreement.decisions == worker.market.desk.tally.decisions


def prepared(settings: Settings) -> list[MarketReplay]:
    source = tape_source(settings.tape, None)
    return [
        prepare(settings, name, k, read_tape(source, instrument(settings, name)))
        for k, name in enumerate(NAMES)
    ]


def test_three_ways_one_result(session: tuple[Path, Finished, Nets]) -> None:
    settings = from_tape(session[0])
    exact, parity, plain = (prepared(settings) for _ in range(3))
    replay_exact(exact, settings, compiled_loop(), Silent())
    assert min(len(run.history.fills["lots"]) for run in exact) > 0
    replay_parity(parity, settings, KERNEL_CACHE, Silent())
    require_equal(parity, exact)
    replay_interpreted(plain, settings)
    require_equal(plain, exact)
