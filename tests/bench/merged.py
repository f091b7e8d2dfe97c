"""Measure several markets in one loop: beside hftbacktest, and beside one after another.

The oracle's cases have as many rows together, whatever the count of assets, and equal results on
both sides. The product's own replay of two markets is held against two replays of one each, in one
thread.
"""

from collections.abc import Callable, Mapping

from connectors.tape.tape import Tape
from runner.modes.compiled import compile_loop
from runner.modes.exact import replay_exact
from runner.modes.market_replay import MarketReplay, prepare
from runner.modes.replay_loop import replay
from runner.watch.progress import Silent
from runner.wiring.markets import instrument_of
from tests.bench.deploy import settings_of
from tests.bench.figures import Figure, Peer
from tests.bench.flow_tape import beginning, flow_tape
from tests.bench.oracle import figure_of
from tests.bench.places import kernels
from tests.bench.timing import in_turns
from tests.oracle.cases import Case
from tests.oracle.work import work_on

ASSETS = (1, 2, 4)
STREAMS = ("btc", "eth", "btc", "eth")
ROUNDS = 5


def measure() -> list[Figure]:
    """Return the figures of the product, then beside hftbacktest."""
    chosen = settings_of("mode=replay").markets
    tapes = {name: flow_tape(name, instrument_of(chosen[name].instrument)) for name in STREAMS[:2]}
    return [_together(tapes), *(_assets(count, tapes) for count in ASSETS)]


def _assets(count: int, tapes: Mapping[str, Tape]) -> Figure:
    """Measure the oracle's rule on so many assets, each with its part of the rows."""
    streams = STREAMS[:count]
    parts = [beginning(tapes[name], len(tapes[name]) // count) for name in streams]
    case = Case(streams[0], others=streams[1:], queue="power_3")
    return figure_of(f"oracle_{count}_assets", work_on(case, *parts), 2.0)


def _together(tapes: Mapping[str, Tape]) -> Figure:
    """Measure two markets in one loop and one after another."""
    settings = settings_of("mode=replay", "record.decisions=none")
    loop = compile_loop(replay, kernels())

    def runs() -> list[MarketReplay]:
        return [prepare(settings, name, k, tape) for k, (name, tape) in enumerate(tapes.items())]

    def alone() -> None:
        for r in runs():
            replay_exact([r], settings, loop, Silent())

    def together() -> None:
        replay_exact(runs(), settings, loop, Silent())

    works: tuple[Callable[[], None], ...] = (together, alone)
    together_s, alone_s = in_turns(ROUNDS, *works)
    rows = sum(len(tape) for tape in tapes.values())
    peer = Peer("one after another", rows / alone_s)
    return Figure("replay_two_markets", rows / together_s, "events/s", peer, note=f"{rows:,} rows")
