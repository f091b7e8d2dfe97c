"""Make what cancels a deploy's orders if its process no longer can, as configured."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from runner.engine.clock import Clock
from runner.engine.countdown import CountdownGuard
from runner.engine.guards import Guard
from runner.engine.lock import orders_file
from runner.engine.session import Session
from runner.engine.station import Station
from runner.settings import Settings
from runner.watchdog.child import Child
from runner.watchdog.leash import Leash
from runner.watchdog.post import Charge, Post

LOG = "watchdog.log"


def guards_of(
    settings: Settings, session: Session, clock: Clock, run_directory: Path, owners: Path
) -> list[Guard]:
    """Return the guards of a session's venues; the watchdog writes beside the run's log.

    In `owners` are the files that say who watches over which account.
    """
    warn = session.observer.warn
    guards: list[Guard] = []
    for name, venue in session.venues.items():
        if venue.countdown is not None:
            ended = partial(_unasked, session.stations[name])
            title = f"the countdown of {name}"
            guards.append(CountdownGuard(title, venue.countdown, clock, warn, ended))
    post = _post(settings, session, run_directory / LOG, owners)
    if post is not None:
        guards.append(Leash(post, clock, warn, Child))
    return guards


def _post(settings: Settings, session: Session, log: Path, owners: Path) -> Post | None:
    """Return what a watchdog would have to watch, None where there is nothing or none is wanted."""
    charges = []
    for name, venue in session.venues.items():
        if venue.rescue is not None:
            account = session.stations[name][0].outbox.account
            lock = orders_file(owners, name, account, "watchdog").resolve()
            charges.append(Charge(name, venue.rescue.maker, venue.rescue.words, str(lock)))
    silence_s = settings.watchdog.silence_s
    if silence_s is None or not charges:
        return None
    return Post(silence_s, str(log.resolve()), charges)


def _unasked(stations: Sequence[Station]) -> int:
    return sum(station.outbox.unasked_cancels for station in stations)
