"""Make what cancels a deploy's orders if its process no longer can, as configured."""

from collections.abc import Sequence
from functools import partial

from runner.engine.clock import Clock
from runner.engine.countdown import CountdownGuard
from runner.engine.guards import Guard
from runner.engine.session import Session
from runner.engine.station import Station


def guards_of(session: Session, clock: Clock) -> list[Guard]:
    """Return the guards of a session's venues."""
    warn = session.observer.warn
    guards: list[Guard] = []
    for name, venue in session.venues.items():
        if venue.countdown is not None:
            ended = partial(_unasked, session.stations[name])
            title = f"the countdown of {name}"
            guards.append(CountdownGuard(title, venue.countdown, clock, warn, ended))
    return guards


def _unasked(stations: Sequence[Station]) -> int:
    return sum(station.outbox.unasked_cancels for station in stations)
