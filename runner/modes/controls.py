"""Open a deploy's control socket: what it tells, and what may be asked of it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.model.errors import MmrunnerError
from runner.control import words
from runner.control.address import socket_of
from runner.control.server import Server
from runner.engine.clock import Clock
from runner.engine.session import Session
from runner.modes.deploy import Built
from runner.modes.outcome import EXPLANATIONS, version
from runner.places import Places
from runner.settings import Settings, config_hash
from runner.watch.observer import Observer
from runner.watch.picture import Artist
from runner.wiring.rates import rates_of
from runner.wiring.steering import limits_of, parameters_of


@dataclass(frozen=True, slots=True)
class Controls:
    """What the socket of one deploy tells, and does."""

    settings: Settings
    session: Session
    observer: Observer
    artist: Artist
    run: Path
    started_ns: int

    def welcome(self) -> words.Welcome:
        """Return what stays as it is, and the last fills and warnings."""
        settings = self.settings
        lasts_s = settings.duration_s
        return words.Welcome(
            version=words.VERSION,
            release=version(),
            deploy=settings.deploy,
            mode=settings.mode.name,
            armed=settings.armed,
            run=str(self.run),
            process=os.getpid(),
            started_ns=self.started_ns,
            ends_ns=self.started_ns + int(lasts_s * 1e9) if lasts_s else None,
            config_hash=config_hash(settings),
            sentences=dict(EXPLANATIONS),
            steerable=(),
            fills=self.observer.fills.all(),
            warnings=self.observer.warnings.all(),
        )

    async def picture(self) -> words.Picture:
        """Return the deploy as it is."""
        return await self.artist.draw()

    def obey(self, command: words.Command, uid: int) -> words.Answer:
        """Kill, or refuse."""
        if command.what != "kill":
            line = f"{command.what}: expected kill, the one command of this release"
            return words.Answer(command.identity, False, line)
        who = f"{command.who} ({command.role}), user {uid}"
        self.session.kill(who, command.reason or "no reason given")
        return words.Answer(command.identity, True, f"{self.settings.deploy}: killed")


@asynccontextmanager
async def controlled(
    settings: Settings,
    places: Places,
    clock: Clock,
    session: Session,
    built: Built,
    observer: Observer,
    run: Path,
) -> AsyncIterator[None]:
    """Listen while the context is open. A deploy that cannot says so, and runs without."""
    rates = rates_of(settings)
    artist = Artist(
        session,
        built.stations,
        observer,
        rates,
        limits_of(settings),
        lambda market: parameters_of(settings, market),
        lambda market: "",
    )
    server = Server(Controls(settings, session, observer, artist, run, clock.now_ns()), clock)
    path = socket_of(places.ledgers, settings.deploy)
    try:
        listener = await server.listen(path)
    except (MmrunnerError, OSError) as error:
        session.observer.warn(clock.now_ns(), "", f"no control socket: {error}")
        yield
        return
    session.beside = {"control": server.run}
    try:
        yield
    finally:
        listener.close()
        server.close()
        path.unlink(missing_ok=True)
