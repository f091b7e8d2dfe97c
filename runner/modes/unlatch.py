"""Lift a deploy's kill latch: the only way to let it start again."""

import os

from runner.engine.clock import SystemClock
from runner.engine.lifting import lift
from runner.places import Places
from runner.settings import Settings


def run(settings: Settings, places: Places) -> int:
    """Move the latch away; raise ConfigError when there is none or a runner is still there."""
    who = f"mode=unlatch, user {os.getuid()}"
    for line in lift(places.ledgers, settings.deploy, who, SystemClock().now_ns()):
        print(line)
    return 0
