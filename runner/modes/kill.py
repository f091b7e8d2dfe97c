"""Kill a deploy: set its latch, then tell whether a runner was there and whether it ended.

Nothing here needs the runner's help: the latch holds also where the runner hangs, and no new one
starts while it is there.
"""

import asyncio
import os
from pathlib import Path

from connectors.model.errors import ConfigError
from runner.engine.clock import Clock, SystemClock
from runner.engine.ending import FLATTEN_NS, KILL_NS
from runner.engine.latch import Latch
from runner.engine.ledger.entries import Latched
from runner.engine.ledger.latched import note_latch
from runner.engine.lock import owner_of
from runner.engine.session import NOT_CONFIRMED
from runner.places import Places
from runner.settings import Settings

POLL_NS = 100_000_000


def run(settings: Settings, places: Places) -> int:
    """Set the latch and watch the runner end; return 3 if it has not after the time for a kill."""
    clock = SystemClock()
    places.made(places.ledgers)
    latch = Latch.of(places, settings.deploy)
    who = f"mode=kill, user {os.getuid()}, process {os.getpid()}"
    try:
        is_new = latch.set(who, settings.kill.reason or "no reason given", clock.now_ns())
    except OSError as error:
        raise ConfigError(
            f"deploy: expected a latch that can be written, was {latch.path}: {error.strerror}"
        ) from None
    print(f"{settings.deploy}: killed {latch.words()}{'' if is_new else ' (it was already)'}")
    if is_new and owner_of(places.lock(settings.deploy)) is None:
        _note(settings, places, Latched("kill", clock.now_ns(), who, settings.kill.reason or ""))
    longest_ns = KILL_NS + (FLATTEN_NS if settings.risk.flatten_on_kill else 0)
    return asyncio.run(watch_end(settings.deploy, places.lock(settings.deploy), clock, longest_ns))


def _note(settings: Settings, places: Places, latched: Latched) -> None:
    """Note the kill in the ledger; a runner that is there notes it itself."""
    fault = note_latch(places.ledger(settings.deploy), places.lock(settings.deploy), latched)
    if fault is not None:
        print(f"{settings.deploy}: not noted in the ledger: {fault}")


async def watch_end(deploy: str, lock: Path, clock: Clock, longest_ns: int = KILL_NS) -> int:
    """Tell how the runner that holds the lock ends."""
    owner = owner_of(lock)
    if owner is None:
        print(f"{deploy}: no runner holds it; nothing will start until mode=unlatch")
        return 0
    started_ns = clock.monotonic_ns()
    while owner_of(lock) is not None:
        elapsed_ns = clock.monotonic_ns() - started_ns
        if elapsed_ns >= longest_ns:
            print(
                f"{deploy}: process {owner} has not ended after {elapsed_ns / 1e9:.0f} s; its"
                " orders may rest: look at the venue, then end the process"
            )
            return NOT_CONFIRMED
        await clock.sleep_until_ns(clock.now_ns() + POLL_NS)
    elapsed_ns = clock.monotonic_ns() - started_ns
    print(f"{deploy}: process {owner} ended within {elapsed_ns / 1e9:.1f} s; its exit code tells")
    return 0
