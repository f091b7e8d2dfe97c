"""A search that replays nothing: its trials climb a hill whose top is at gamma=0.3."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from connectors.model.errors import DataError
from runner.command import CHECKOUT
from runner.config.compose import new_loader
from runner.interrupts import Interrupt
from runner.places import Places
from runner.report.pnl import Pnl
from runner.search.run import run_search
from runner.settings import Settings
from runner.sweep.score import Score

TOP = 0.3
WORDS = (
    *("hydra/sweeper=optuna", "mode=replay", "market=btc", "watch=none", "sweep.min_fills=100"),
    *("search.threads=1", "search.study=hill"),
)
FAR = "gamma=interval(0.01,1)"


def score_at(gamma: float, kappa: float) -> Score:
    """Return what a place on the hill is worth; near kappa=10 hardly anything is filled."""
    source = random.Random(repr((gamma, kappa)))
    net = Decimal(str(round(100 - 1000 * (gamma - TOP) ** 2 - kappa, 4)))
    returns = tuple(float(net) / 60 + source.gauss(0, 1) for _ in range(60))
    money = Pnl(net, Decimal(0), Decimal(0), net, Decimal(0))
    return Score("USDT", money, 1000 if kappa < 9 else 3, 0.1, 0.5, 2.0, 60.0, 0, returns)


@dataclass
class Hill:
    """Score jobs by where they are. `before` may raise in place of the n-th job, from 0."""

    before: Callable[[int], None] = lambda n: None
    scores: dict[Path, Score] = field(default_factory=dict)
    seen: list[Settings] = field(default_factory=list)
    stopped: bool = False

    def __call__(self, settings: Settings, places: Places) -> int:
        """Run a job."""
        places.run.open()
        self.seen.append(settings)
        self.before(len(self.seen) - 1)
        self.scores[places.run.path] = score_at(settings.gamma, settings.kappa)
        return 0

    def stop(self) -> None:
        """Remember that it was told to."""
        self.stopped = True


def search(home: Path, run: str, *words: str, hill: Hill | None = None) -> int:
    """Run a search in `home`, with its run directory `run`; return the exit code."""
    from runner.command import _name_places

    _name_places(home)
    modes = hill or Hill()
    place = f"hydra.sweep.dir={home / run}"
    return run_search(new_loader(CHECKOUT), (*WORDS, *words, place), home, CHECKOUT, modes)


def failing(kinds: dict[int, type[BaseException]]) -> Callable[[int], None]:
    """Return what raises at some jobs."""

    def before(n: int) -> None:
        if n in kinds:
            raise kinds[n]("it was meant to" if kinds[n] is not Interrupt else "")

    return before


def torn(numbers: Sequence[int]) -> Callable[[int], None]:
    """Return what raises DataError at some jobs."""
    return failing(dict.fromkeys(numbers, DataError))
