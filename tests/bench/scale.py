"""Measure how the cost of a replay grows with its events, its markets and the size of a grid.

A cost that grows in proportion has the same nanoseconds an event at every size: each figure is that
of the largest size, beside that of the smallest. The plot is written to outputs/bench/scale.png.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.tape.tape import Tape
from runner.modes.compiled import compile_loop
from runner.modes.exact import replay_exact
from runner.modes.market_replay import prepare
from runner.modes.replay_loop import replay
from runner.settings import Settings
from runner.watch.progress import Silent
from runner.wiring.markets import instrument_of
from tests.bench.deploy import settings_of
from tests.bench.figures import Figure, Peer
from tests.bench.flow_tape import beginning, flow_tape
from tests.bench.places import kernels, results
from tests.bench.timing import in_turns

PARTS = (8, 4, 2, 1)
"""Sizes of a tape: so much of it is replayed."""
COUNTS = (1, 2, 4, 8)
"""Sizes of a grid, and of a deploy in markets."""
CORES = 2
ROUNDS = 3

Job = tuple[Settings, Tape]


@dataclass(frozen=True, slots=True)
class Curve:
    """Nanoseconds an event by size."""

    name: str
    what: str
    sizes: Sequence[float]
    costs_ns: Sequence[float]

    def figure(self) -> Figure:
        """Return the cost at the largest size beside that at the smallest."""
        smallest = Peer(f"{self.sizes[0]:,.3g} {self.what}", self.costs_ns[0])
        note = f"{self.sizes[-1]:,.3g} {self.what}"
        return Figure(self.name, self.costs_ns[-1], "ns", smallest, note=note)


def measure() -> list[Figure]:
    """Return the three curves' figures, and draw them."""
    settings = [
        settings_of("mode=replay", "market=btc", f"gamma=0.{k}", "record.decisions=none")
        for k in range(1, max(COUNTS) + 1)
    ]
    whole = flow_tape("btc", instrument_of(settings[0].markets["btc"].instrument))
    parts = [beginning(whole, len(whole) // part) for part in PARTS]
    eighth = parts[0]
    curves = [
        _curve("by_events", "million events", [[(settings[0], part)] for part in parts], 1),
        _curve("by_markets", "markets", [[(settings[0], eighth)] * n for n in COUNTS], CORES),
        _curve("by_grid", "settings", [[(s, eighth) for s in settings[:n]] for n in COUNTS], CORES),
    ]
    _draw(curves, results() / "scale.png")
    return [curve.figure() for curve in curves]


def _curve(name: str, what: str, sizes: list[list[Job]], threads: int) -> Curve:
    """Measure the same work at growing sizes, in turns."""
    loop = compile_loop(replay, kernels())
    taken_s = in_turns(ROUNDS, *(_work(jobs, threads, loop) for jobs in sizes))
    rows = [sum(len(tape) for _, tape in jobs) for jobs in sizes]
    told = [n / 1e6 for n in rows] if name == "by_events" else [len(jobs) for jobs in sizes]
    return Curve(name, what, told, [s / n * 1e9 for s, n in zip(taken_s, rows, strict=True)])


def _work(jobs: list[Job], threads: int, loop: Callable[..., Any]) -> Callable[[], object]:
    """Return work that replays every job, so many at once."""

    def one(job: Job) -> None:
        settings, tape = job
        replay_exact([prepare(settings, "btc", 0, tape)], settings, loop, Silent())

    def work() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, jobs))

    return work


def _draw(curves: Sequence[Curve], path: Path) -> None:
    from matplotlib.figure import Figure as Picture

    picture = Picture(figsize=(10, 3.2), layout="constrained")
    for axes, curve in zip(picture.subplots(1, len(curves)), curves, strict=True):
        axes.plot(curve.sizes, curve.costs_ns, "o-", color="#1f6feb")
        axes.set_xscale("log", base=2)
        axes.set_xticks(curve.sizes, [f"{size:.3g}" for size in curve.sizes])
        axes.set_ylim(0, 1.4 * max(curve.costs_ns))
        axes.set_xlabel(curve.what)
        axes.set_ylabel("ns an event")
        axes.grid(alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.savefig(path, dpi=120)
