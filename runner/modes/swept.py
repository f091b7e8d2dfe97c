"""Do what a job of a sweep does: what a run by itself does, with what all jobs share."""

from runner.modes import run
from runner.modes.shelf import Shelf
from runner.places import Places
from runner.settings import Settings
from runner.wiring.strategies import OURS


class SweptModes:
    """A mode for all jobs of one sweep. Any thread may call where `runs_side_by_side`."""

    def __init__(self) -> None:
        self._shelf = Shelf()

    def __call__(self, settings: Settings, places: Places) -> int:
        """Run one job."""
        if settings.mode.name == "calibrate":
            from runner.modes import calibrate

            return calibrate.run(settings, places, self._shelf)
        if settings.replay.fills == "recorded":
            return run(settings, places)
        from runner.modes import replay

        return replay.run_job(settings, places, self._shelf).exit

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
        and settings.replay.tier == "exact"
        and all(market.strategy.name in OURS for market in settings.markets.values())
    )
