"""Lift a deploy's kill latch: the only way to let it start again."""

import os

from connectors.model.errors import ConfigError
from runner.engine.clock import SystemClock
from runner.engine.latch import Latch
from runner.engine.ledger.entries import Lifted
from runner.engine.ledger.latched import note_latch
from runner.engine.lock import owner_of
from runner.places import Places
from runner.settings import Settings


def run(settings: Settings, places: Places) -> int:
    """Move the latch away; raise ConfigError when there is none or a runner is still there."""
    latch = Latch.of(places, settings.deploy)
    owner = owner_of(places.lock(settings.deploy))
    if owner is not None:
        raise ConfigError(
            f"deploy: expected no runner of '{settings.deploy}' while its latch is lifted, but"
            f" process {owner} runs it; end that one first"
        )
    words = latch.words()
    now_ns = SystemClock().now_ns()
    kept = latch.lift(now_ns)
    print(f"{settings.deploy}: may start again; it was killed {words} (kept as {kept.name})")
    lifted = Lifted("kill", now_ns, f"mode=unlatch, user {os.getuid()}")
    fault = note_latch(places.ledger(settings.deploy), places.lock(settings.deploy), lifted)
    if fault is not None:
        print(f"{settings.deploy}: not noted in the ledger: {fault}")
    return 0
