"""Paper on a real venue's prices: nothing is sent there, and its tape replays to the bits."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connectors.model.errors import ConfigError
from connectors.model.events import GAP
from runner.engine.history import History
from runner.modes.built import Built
from runner.modes.live_prices import build_on_prices
from runner.modes.outcome import DecisionFiles
from runner.modes.recorded import open_recording, replay_recording
from runner.settings import Sim
from runner.wiring.stand_in import real_markets, simulated
from tests.connectors.ccxt.bybit_trader import Trader
from tests.connectors.ccxt.loopback import served
from tests.connectors.ccxt.native.reading import reading
from tests.deploys import CHECKOUT, settings_for
from tests.sessions import Finished, run_session
from tests.venues.bybit.sandbox import addresses
from tests.venues.bybit.venue import Setup
from tests.virtual import VirtualClock

EAGER = ("kappa=10", "strategy.adverse_bps=0", "venue.maker_fee_bps=0")
WORDS = ("experiment=paper_bybit", "duration_s=60", *EAGER)


class Stood:
    """A paper session at a stand-in of Bybit, and what the stand-in saw of it."""

    def __init__(
        self, directory: Path, *steps: dict[str, Any], words: tuple[str, ...] = ()
    ) -> None:
        self.settings = settings_for(*WORDS)
        self.links: list[tuple[str, bool]] = []
        self._steps = steps
        self._keepers: set[asyncio.Task[None]] = set()
        self.finished: Finished = run_session(simulated(self.settings), directory, make=self._make)

    async def _make(self, clock: VirtualClock, tapes: Path, files: DecisionFiles) -> Built:
        self.stand = Trader(clock, *self._steps, has_crowd=True, has_keys=False)
        self._keepers.add(asyncio.create_task(self.stand.way.keep_time()))
        public = {"bybit": reading(self.stand, clock)}
        return await build_on_prices(self.settings, clock, None, tapes, files, public=public)


def test_paper_quotes_and_fills_on_real_prices_and_replays_to_the_same_bits(
    tmp_path: Path,
) -> None:
    stood = Stood(tmp_path)
    assert stood.finished.code == 0
    tape = f"tape.path={tmp_path / 'tapes'}"
    replay = settings_for(*WORDS, "mode=replay", "tape=mmrunner", tape, "replay.fills=recorded")
    filled = 0
    for worker in stood.finished.built.workers:
        tally = worker.market.desk.tally
        assert tally.places + tally.amends > 20, worker.market.name
        assert tally.events > 1_000
        assert worker.open_orders() == 0
        filled += len(worker.history.fills["ticks"])
        recording = open_recording(replay, worker.market.name)
        replayed = replay_recording(recording, History(), None, compiled=False)
        assert replayed.agreement.first is None
        assert replayed.agreement.decisions == tally.decisions
        assert replayed.history.fills == worker.history.fills
    assert filled > 3


def test_orders_are_answered_at_their_times_though_no_data_come_then(tmp_path: Path) -> None:
    stood = Stood(tmp_path)
    worker = stood.finished.built.workers[0]
    fills = worker.history.fills
    assert max(fills["recv_ns"][k] - fills["venue_ns"][k] for k in range(len(fills["ticks"]))) <= (
        11_000_000
    )


def test_a_hole_in_the_real_stream_pulls_the_quotes(tmp_path: Path) -> None:
    hole = {"do": "drop", "when": "orderbook.50", "nth": 100, "market": "BTCUSDT"}
    stood = Stood(tmp_path, hole)
    assert stood.finished.code == 0
    recording = open_recording(
        settings_for(
            *WORDS,
            "mode=replay",
            "tape=mmrunner",
            f"tape.path={tmp_path / 'tapes'}",
            "replay.fills=recorded",
        ),
        "btc",
    )
    assert list(recording.kind).count(GAP) == 1


def test_each_market_has_the_fees_of_its_venue_and_the_exchange_of_paper() -> None:
    settings = settings_for("experiment=paper_bybit", "paper.exchange.queue_model=power")
    assert real_markets(settings) == ["btc", "eth"]
    venue = simulated(settings).markets["btc"].venue
    assert isinstance(venue, Sim)
    assert (venue.maker_fee_bps, venue.queue_model, venue.amends) == (2, "power", True)
    plain = settings_for("market=btc")
    assert simulated(plain) is plain


def test_a_spot_market_needs_a_wallet_to_begin_with() -> None:
    words = ("market=btc_spot", "venue=binance", "markets.btc_spot.wallet_base=null")
    with pytest.raises(ConfigError, match="expected what the simulated wallet begins with"):
        simulated(settings_for(*words, "mode=paper"))


@pytest.mark.slow
def test_no_ccxt_and_nothing_heavy_is_loaded_for_it(tmp_path: Path) -> None:
    script = (
        "import json, sys; from runner.command import start;"
        "code = start(sys.argv[2:], {'MMRUNNER_HOME': sys.argv[1]});"
        "print(json.dumps([code, sorted({name.partition('.')[0] for name in sys.modules})]))"
    )
    with served(Setup()) as port:
        words = ["experiment=paper_bybit", *addresses(port), "duration_s=3", "watch=none"]
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path), *words, "record.page=false"],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    code, loaded = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert "picows" in loaded
    assert {"ccxt", "numba", "lighter"} & set(loaded) == set()
