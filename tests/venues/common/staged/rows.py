"""Read the stage's scenarios for a stand-in, and its own: rows of the fault matrix by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from runner.settings import Settings
from tests.deploys import settings_for
from tests.stage.process import Played
from tests.stage.scenario import SCENARIOS as STAGED
from tests.stage.scenario import Scenario
from tests.stage.script import Step
from tests.venues.common.scenario import Faults, step_of
from tests.venues.common.staged.process import PROCESS

Words = dict[str, Any]
Play = Callable[[Settings, Path, Sequence[Step], float, int], Played]
QUICK = (
    "venue.max_silence_s=1.5",
    "venue.reads_per_s=1000",
    "venue.requests_per_5s=10000",
    "record.tape=false",
    "record.decisions=none",
    "kappa=6",
    "strategy.amend=never",
    "strategy.fill_lockout_ms=0",
    "strategy.tolerance_bps=1",
    "strategy.refresh_ms=250",
    "strategy.volatility.warmup_s=0",
)
"""A deploy that trades at once and reads without end."""
BY_WIRE = (
    "FA-01",
    "FA-02",
    "FA-04",
    "FA-07",
    "FA-12",
    "FA-13",
    "FA-14",
    "FA-18",
    "MD-01",
    "MD-05",
    "MD-06",
    "OR-01",
    "OR-02",
    "OR-03",
    "OR-07",
    "OR-13",
    "OR-21",
    "OR-22",
    "PC-01",
    "PC-02",
    "PC-03",
    "PC-08",
    "PC-09",
    "PC-15",
    "PO-01",
    "PO-04",
    "VA-01",
    "VA-05",
)
"""Rows of the stage that go another way through this venue's wire than through another's: orders
without an answer, streams that are lost or silent, deaths on the way, what others do."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one stand-in: `own` is the folder of those that are its own, or that it has
    otherwise; `said_here` spells a step of the stage in its words."""

    own: Path
    faults: Faults
    experiment: str
    said_here: Callable[[Mapping[str, Any]], Words]
    play: Play

    def names(self, staged: Sequence[str]) -> list[str]:
        """Return rows of the stage with those of its own."""
        return sorted({*staged, *(path.stem for path in self.own.glob("*.yaml"))})

    def read(self, row: str) -> Scenario:
        """Return a row's scenario at this venue."""
        words: Words = {}
        staged, own = STAGED / f"{row}.yaml", self.own / f"{row}.yaml"
        if staged.exists():
            words = yaml.safe_load(staged.read_text())
            words["script"] = [self.said_here(step) for step in words["script"]]
        if own.exists():
            words |= yaml.safe_load(own.read_text())
        known = {**self.faults, **PROCESS}
        script = tuple(step_of(known, step) for step in words.pop("script"))
        lists = {k: tuple(v) if isinstance(v, list) else v for k, v in words.items()}
        return Scenario(row=row, script=script, **lists)

    def perform(self, scenario: Scenario, directory: Path, seed: int = 1) -> Played:
        """Play a scenario; its steps count anew each time, and end with its duration."""
        settings = settings_for(self.experiment, *QUICK, *scenario.deploy)
        steps = [
            replace(step, seen=0, until_s=min(step.until_s, scenario.duration_s))
            for step in scenario.script
        ]
        return self.play(settings, directory, steps, scenario.duration_s, seed)


def staged_rows() -> list[str]:
    """Return every row of the stage."""
    return [path.stem for path in STAGED.glob("*.yaml")]
