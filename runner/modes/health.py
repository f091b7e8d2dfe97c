"""Say how a running deploy is, from the verdict that it writes once a second."""

from runner.engine.clock import Clock, SystemClock
from runner.engine.health_file import HealthFile
from runner.engine.lock import owner_of
from runner.places import Places
from runner.settings import Settings

GREEN = 0
UNKNOWN = 3
RED = 4
"""Exit codes."""


def run(settings: Settings, places: Places, clock: Clock | None = None) -> int:
    """Print one line; return 0 for green, 4 for red, 3 where nothing is known of now."""
    deploy = settings.deploy
    told = HealthFile.of(places, deploy).read()
    owner = owner_of(places.lock(deploy))
    now_ns = (clock or SystemClock()).now_ns()
    if told is None:
        runs = f"process {owner} holds it" if owner else "no runner holds it"
        print(f"{deploy}: unknown: no verdict, {runs}")
        return UNKNOWN
    age_s = (now_ns - told.stamp_ns) / 1e9
    if owner is None or told.is_stale(now_ns):
        runs = f"process {owner} holds it" if owner else "no runner holds it"
        print(f"{deploy}: unknown: the last verdict is {age_s:.1f} s old, {runs}")
        return UNKNOWN
    if told.health.ok:
        print(f"{deploy}: green, {age_s:.1f} s ago")
        return GREEN
    print(f"{deploy}: red, {age_s:.1f} s ago: {'; '.join(told.health.findings)}")
    return RED
