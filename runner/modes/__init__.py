"""What a run can do. A mode is a file here that takes settings and places, and returns a code."""

from importlib import import_module

from runner.places import Places
from runner.settings import Settings
from runner.wiring.stand_in import simulated


def run(settings: Settings, places: Places) -> int:
    """Run the chosen mode. The run directory is made once nothing is left to refuse.

    Only the mode that is chosen is imported: some need what others must not load.
    """
    if settings.report.png:
        from runner.report.png import require_plots

        require_plots()
    name: str = settings.mode.name
    if name == "replay":
        settings, name = simulated(settings), _replay(settings)
    code: int = import_module(f"runner.modes.{name}").run(settings, places)
    return code


def _replay(settings: Settings) -> str:
    """Return which of the three ways to replay a tape is meant."""
    if settings.replay.fills == "recorded":
        return "recorded"
    return "screen" if settings.replay.tier == "screen" else "replay"
