"""Lift a deploy's kill latch: the only way to let it start again."""

from connectors.model.errors import ConfigError
from runner.engine.clock import SystemClock
from runner.engine.latch import Latch
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
    kept = latch.lift(SystemClock().now_ns())
    print(f"{settings.deploy}: may start again; it was killed {words} (kept as {kept.name})")
    return 0
