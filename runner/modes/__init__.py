"""What a run can do. Each mode takes settings and places and returns an exit code."""

from runner.places import Places
from runner.settings import Settings


def run(settings: Settings, places: Places) -> int:
    """Run the chosen mode. The run directory is made once nothing is left to refuse."""
    if settings.report.png:
        from runner.report.png import require_plots

        require_plots()
    if settings.mode.name == "paper":
        from runner.modes import paper

        return paper.run(settings, places)
    if settings.mode.name == "replay":
        return _replay(settings, places)
    if settings.mode.name == "calibrate":
        from runner.modes import calibrate

        return calibrate.run(settings, places)
    if settings.mode.name == "record":
        from runner.modes import record

        return record.run(settings, places)
    if settings.mode.name == "download":
        from runner.modes import download

        return download.run(settings, places)
    if settings.mode.name == "doctor":
        from runner.modes import doctor

        return doctor.run(settings, places)
    if settings.mode.name == "kill":
        from runner.modes import kill

        return kill.run(settings, places)
    if settings.mode.name == "health":
        from runner.modes import health

        return health.run(settings, places)
    if settings.mode.name == "report":
        from runner.modes import report

        return report.run(settings, places)
    from runner.modes import unlatch

    return unlatch.run(settings, places)


def _replay(settings: Settings, places: Places) -> int:
    if settings.replay.fills == "recorded":
        from runner.modes import recorded

        return recorded.run(settings, places)
    if settings.replay.tier == "screen":
        from runner.modes import screen

        return screen.run(settings, places)
    from runner.modes import replay

    return replay.run(settings, places)
