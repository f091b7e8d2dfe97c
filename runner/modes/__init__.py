"""What a run can do. A mode is a file here that takes settings and places, and returns a code."""

from importlib import import_module

from runner.places import Places
from runner.settings import Settings


def run(settings: Settings, places: Places) -> int:
    """Run the chosen mode. The run directory is made once nothing is left to refuse.

    Only the mode that is chosen is imported: some need what others must not load.
    """
    name: str = settings.mode.name
    if name == "replay" and settings.replay.fills == "recorded":
        name = "recorded"
    code: int = import_module(f"runner.modes.{name}").run(settings, places)
    return code
