"""What a run can do. Each mode takes settings and places and returns an exit code."""

from connectors.model.errors import ConfigError
from runner.places import Places
from runner.settings import Settings


def run(settings: Settings, places: Places) -> int:
    """Run the chosen mode. The run directory is made once nothing is left to refuse."""
    if settings.mode.name == "paper":
        from runner.modes import paper

        return paper.run(settings, places)
    if settings.mode.name == "replay":
        if settings.replay.fills == "recorded":
            from runner.modes import recorded

            return recorded.run(settings, places)
        from runner.modes import replay

        return replay.run(settings, places)
    if settings.mode.name == "kill":
        from runner.modes import kill

        return kill.run(settings, places)
    if settings.mode.name == "unlatch":
        from runner.modes import unlatch

        return unlatch.run(settings, places)
    raise ConfigError(f"mode: expected kill, paper, replay or unlatch, was {settings.mode.name}")
