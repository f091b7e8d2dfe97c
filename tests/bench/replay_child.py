"""Replay generated tapes in this process and print what was measured, as JSON in one line."""

import importlib
import json
import resource
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from runner.modes.compiled import compile_loop
from runner.modes.exact import replay_exact
from runner.modes.market_replay import MarketReplay as Run
from runner.modes.market_replay import prepare
from runner.modes.outcome import DecisionFiles
from runner.modes.replay_loop import replay
from runner.settings import Settings
from runner.watch.progress import Silent
from runner.wiring.markets import instrument_of
from tests.bench.deploy import settings_of
from tests.bench.flow_tape import flow_tape, tape_bytes
from tests.bench.places import cache, kernels
from tests.bench.process import MB
from tests.bench.timing import in_turns
from tests.bench.walk import compiled_walk, python_walk

WALK_STEPS = 20_000_000
PYTHON_STEPS = 2_000_000
EXACT_ROUNDS = 7
PARITY_ROUNDS = 3

Work = Callable[[], object]


class Replays:
    """The same replay again and again, each time from its beginning."""

    def __init__(self, settings: Settings, markets: Sequence[str]) -> None:
        self._settings = settings
        self._tapes = {
            name: flow_tape(name, instrument_of(settings.markets[name].instrument))
            for name in markets
        }
        self.rows = sum(len(tape) for tape in self._tapes.values())
        self.bytes = sum(tape_bytes(tape) for tape in self._tapes.values())
        self.runs: list[Run] = []
        self._loop = compile_loop(replay, kernels())

    def exact(self) -> None:
        """Replay every market in a thread of its own, as the product does."""
        self._each(lambda r: replay_exact([r], self._settings, self._loop, Silent()))

    def parity(self) -> None:
        """Replay every market with the interpreted decision."""
        from runner.modes.parity import replay_parity

        self._each(lambda r: replay_parity([r], self._settings, kernels(), Silent()))

    def _each(self, work: Callable[[Run], None]) -> None:
        with TemporaryDirectory(dir=cache(), prefix="replay-") as directory:
            files = DecisionFiles(Path(directory), self._settings.record.decisions)
            self.runs = [
                prepare(self._settings, name, number, tape)
                for number, (name, tape) in enumerate(self._tapes.items())
            ]
            for r in self.runs:
                r.history = files.history(r.market.name)
            with ThreadPoolExecutor(len(self.runs)) as pool:
                list(pool.map(work, self.runs))
            files.rows()

    def counts(self) -> dict[str, float]:
        """Return what the last replay did."""
        return {
            "rows": self.rows,
            "decisions": sum(int(r.market.desk.tally.decisions) for r in self.runs),
            "orders": sum(int(r.market.desk.tally.places) for r in self.runs),
            "fills": sum(len(r.history.fills["ticks"]) for r in self.runs),
        }


def tapes() -> dict[str, float]:
    """Make the tapes, so that no measured process has to."""
    return Replays(settings_of("mode=replay"), ("btc", "eth")).counts()


def one() -> dict[str, float]:
    """Measure one market in the exact tier."""
    replays = Replays(settings_of("mode=replay", "market=btc"), ("btc",))
    ours_s, walk_s = in_turns(EXACT_ROUNDS, replays.exact, compiled_walk(WALK_STEPS))
    return _rates(replays, ours_s, WALK_STEPS / walk_s)


def two() -> dict[str, float]:
    """Measure two markets in two threads."""
    replays = Replays(settings_of("mode=replay"), ("btc", "eth"))
    walks = [compiled_walk(WALK_STEPS) for _ in range(2)]
    ours_s, walk_s = in_turns(EXACT_ROUNDS, replays.exact, lambda: _together(walks))
    return _rates(replays, ours_s, 2 * WALK_STEPS / walk_s)


def parity() -> dict[str, float]:
    """Measure one market in the parity tier."""
    replays = Replays(settings_of("mode=replay", "market=btc", "replay.tier=parity"), ("btc",))
    ours_s, walk_s = in_turns(PARITY_ROUNDS, replays.parity, python_walk(PYTHON_STEPS))
    return _rates(replays, ours_s, PYTHON_STEPS / walk_s)


def memory() -> dict[str, float]:
    """Measure how much a replay needs besides its tape."""
    importlib.import_module("numba")
    imported = _peak_bytes()
    replays = Replays(settings_of("mode=replay", "market=btc"), ("btc",))
    replays.exact()
    return {
        "numba_mb": imported / MB,
        "tape_mb": replays.bytes / MB,
        "besides_tape_mb": (_peak_bytes() - replays.bytes) / MB,
    }


def _together(works: Sequence[Work]) -> None:
    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(work) for work in works]:
            future.result()


def _rates(replays: Replays, ours_s: float, walk_per_s: float) -> dict[str, float]:
    return {"rows_per_s": replays.rows / ours_s, "walk_per_s": walk_per_s, **replays.counts()}


def _peak_bytes() -> int:
    """Return the largest resident size so far; the tape's pages count once they are touched."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


MEASURES: dict[str, Callable[[], dict[str, Any]]] = {
    "tapes": tapes,
    "one": one,
    "two": two,
    "parity": parity,
    "memory": memory,
}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]]()))
