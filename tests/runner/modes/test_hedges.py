"""A market that hedges: it keeps the net inside its band, and replays to the same bits."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors.tape.readers import read_tape
from connectors.tape.tape import Tape
from runner.engine.history import History
from runner.engine.worker import Worker
from runner.modes.exact import replay_exact
from runner.modes.market_replay import MarketReplay, prepare
from runner.modes.parity import replay_parity
from runner.modes.recorded import open_recording, replay_recording
from runner.modes.replay import groups_of
from runner.settings import Settings
from runner.wiring.tapes import tape_source
from strategies import hedge_reasons as why
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

NAMES = ("btc", "btc_hedge")
LOT_GRAINS = 10
HEDGED = (
    "market=[btc,btc_hedge]",
    "markets.btc.hedge.market=btc_hedge",
    "markets.btc_hedge.synthetic.follows=btc",
    "hedger=prompt",
    "kappa=8",
    "strategy.volatility.warmup_s=2",
)
BANDED = (*HEDGED, "hedge.band_base=0.004", "hedge.patience_s=0.5", "hedge.max_unhedged_quote=1500")


class Nets:
    """Watch the net exposure, in grains of the hedge."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def __call__(self, workers: Sequence[Worker], now_ns: int) -> None:
        made, hedge = (w.market.desk.orders.position_lots for w in workers)
        self.seen.append(made * LOT_GRAINS + hedge)


def ran(directory: Path, words: Sequence[str]) -> tuple[Finished, Nets]:
    nets = Nets()
    settings = settings_for(*words, "duration_s=40", "record.decisions=all")
    return run_session(settings, directory, look=nets), nets


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished, Nets]:
    directory = tmp_path_factory.mktemp("hedged")
    finished, nets = ran(directory, BANDED)
    return directory, finished, nets


def from_tape(directory: Path, *more: str) -> Settings:
    return settings_for(
        *BANDED, "mode=replay", "tape=mmrunner", f"tape.path={directory / 'tapes'}", *more
    )


def test_the_position_is_taken_back_to_the_bands_edge_and_no_further(
    session: tuple[Path, Finished, Nets],
) -> None:
    _, finished, nets = session
    maker, hedge = finished.built.workers
    sizes = hedge.history.fills["lots"]
    assert finished.code == 0
    assert len(maker.history.fills["lots"]) > 10
    assert len(sizes) > 3
    assert max(map(abs, nets.seen)) > 40
    assert abs(nets.seen[-1]) <= 40
    assert max(sizes) <= 160
    assert hedge.market.desk.tally.takes > 0


def test_without_a_band_each_fill_is_hedged_at_once(tmp_path: Path) -> None:
    finished, nets = ran(tmp_path, HEDGED)
    maker, hedge = finished.built.workers
    assert min(len(w.history.fills["lots"]) for w in (maker, hedge)) > 5
    assert sum(net == 0 for net in nets.seen) > 0.9 * len(nets.seen)


def test_only_the_market_that_is_quoted_quotes(session: tuple[Path, Finished, Nets]) -> None:
    hedge = session[1].built.workers[1]
    resting = [(bid, ask) for _, _, _, _, bid, ask, *_ in hedge.history.series]
    assert not any(bid and ask for bid, ask in resting)


@pytest.mark.parametrize("compiled", [False, True])
def test_tape_and_journal_replay_to_the_same_decisions(
    session: tuple[Path, Finished, Nets], compiled: bool
) -> None:
    directory, finished, _ = session
    settings = from_tape(directory, "replay.fills=recorded")
    for worker in finished.built.workers:
        recording = open_recording(settings, worker.market.name)
        again = replay_recording(recording, History(), KERNEL_CACHE, compiled=compiled)
        assert again.agreement.first is None
        assert again.agreement.decisions == worker.market.desk.tally.decisions


def prepared(settings: Settings, directory: Path) -> list[MarketReplay]:
    source = tape_source(settings.tape, None)
    tapes: dict[str, Tape] = {n: read_tape(source, instrument(settings, n)) for n in NAMES}
    return [prepare(settings, name, k, tape) for k, (name, tape) in enumerate(tapes.items())]


def test_three_ways_one_result(session: tuple[Path, Finished, Nets]) -> None:
    settings = from_tape(session[0])
    exact, parity, plain = (prepared(settings, session[0]) for _ in range(3))
    assert len(groups_of(settings, exact)) == 1
    replay_exact(exact, settings, compiled_loop(), Silent())
    assert len(exact[1].history.fills["lots"]) > 1
    held = exact[1].market.desk.tally.hedge_reason_ns
    assert held[why.TAKING.bit_length() - 1] > 0
    replay_parity(parity, settings, KERNEL_CACHE, Silent())
    require_equal(parity, exact)
    replay_interpreted(plain, settings)
    require_equal(plain, exact)
