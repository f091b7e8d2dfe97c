"""Do what a job of a sweep does: what a run by itself does, with what all jobs share."""

from pathlib import Path
from typing import Protocol

from runner.modes import run
from runner.modes.shelf import Shelf
from runner.places import Places
from runner.report.steps import moments_of
from runner.screen.result import Screened
from runner.settings import Settings
from runner.sweep.score import Score, score_of
from runner.wiring.stand_in import simulated
from runner.wiring.strategies import OURS


class Modes(Protocol):
    """What runs the jobs of a sweep, and keeps each one's score by its directory."""

    scores: dict[Path, Score]

    def __call__(self, settings: Settings, places: Places, /) -> int:
        """Run a job and return its exit code."""

    def stop(self) -> None:
        """Let the jobs that run end soon."""


class SweptModes:
    """A mode for all jobs of one sweep. Any thread may call where `runs_side_by_side`."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf or Shelf()
        self.scores: dict[Path, Score] = {}
        self.screens: dict[Path, Screened] = {}

    def __call__(self, settings: Settings, places: Places) -> int:
        """Run one job."""
        if settings.mode.name == "calibrate":
            from runner.modes import calibrate

            return calibrate.run(settings, places, self._shelf)
        if settings.replay.fills == "recorded":
            return run(settings, places)
        settings = simulated(settings)
        if settings.replay.tier == "screen":
            return self._screen(settings, places)
        return self._replay(settings, places)

    def _screen(self, settings: Settings, places: Places) -> int:
        from runner.modes.screen import run_job

        screened = run_job(settings, places, self._shelf)
        self.screens[places.run.path] = screened
        return screened.exit

    def _replay(self, settings: Settings, places: Places) -> int:
        from runner.modes.replay import run_job

        result, reckoning = run_job(settings, places, self._shelf)
        tapes = self._shelf.tapes(settings, places)
        moments = moments_of(result.started_ns, result.ended_ns)
        kernels = places.cache / "kernels"
        mids = {name: self._shelf.mids(tape, moments, kernels) for name, tape in tapes.items()}
        self.scores[places.run.path] = score_of(result, reckoning, moments, mids)
        return result.exit

    def stop(self) -> None:
        """Let the jobs that run end soon, with what they have so far."""
        self._shelf.stop()


def runs_side_by_side(settings: Settings) -> bool:
    """Tell whether jobs like this one leave the interpreter to others while they work.

    Strategies of packages are bound to a name of a module, one job at a time.
    """
    return (
        settings.mode.name == "replay"
        and settings.replay.fills == "simulated"
        and settings.replay.tier in ("exact", "screen")
        and all(market.strategy.name in OURS for market in settings.markets.values())
    )
