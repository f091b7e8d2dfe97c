"""Open a deploy's control socket: what it tells, and what may be asked of it."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connectors.model.errors import MmrunnerError
from runner.control import words
from runner.control.address import socket_of
from runner.control.server import Server
from runner.engine.clock import Clock
from runner.engine.session import Session
from runner.modes.built import Built
from runner.modes.outcome import EXPLANATIONS, version
from runner.modes.sessions import steward_of
from runner.modes.signals import reloaded_by
from runner.places import Places
from runner.settings import Settings, config_hash
from runner.steer.commands import Commands
from runner.steer.moves import Moves
from runner.steer.reload import Reload
from runner.steer.tuner import Tuner
from runner.watch.observer import Observer
from runner.watch.picture import Artist
from runner.watch.upcoming import Upcoming
from runner.wiring.agenda import agendas_of
from runner.wiring.rates import rates_of
from runner.wiring.steering import limits_of, parameters_of, steerable_of

SHARE_OF_COLLAR_PPM = 50
"""What a person's flattening takes beyond the touch: half of the collar; ppm of each of its bps."""

Recompose = Callable[[], Settings]
"""Compose what the deploy was started with anew; raises ConfigError."""


@dataclass(slots=True)
class Controls:
    """What the socket of one deploy tells, and does."""

    session: Session
    observer: Observer
    artist: Artist
    commands: Commands
    tuner: Tuner
    run: Path
    started_ns: int

    def welcome(self) -> words.Welcome:
        """Return what stays as it is, and the last fills and warnings."""
        settings = self.tuner.settings
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
            steerable=tuple(words.Steerable(*row) for row in steerable_of(settings)),
            fills=self.observer.fills.all(),
            warnings=self.observer.warnings.all(),
        )

    async def picture(self) -> words.Picture:
        """Return the deploy as it is."""
        return await self.artist.draw()

    def obey(self, command: words.Command, uid: int) -> words.Answer:
        """Carry out or refuse a command."""
        return self.commands.obey(command, uid)


@dataclass(slots=True)
class Parameters:
    """Each market's parameters as they are told; made anew when the settings are others."""

    tuner: Tuner
    _of: Settings | None = None
    _told: dict[str, dict[str, str]] = field(default_factory=dict)

    def __call__(self, market: str) -> dict[str, str]:
        """Return a market's parameters by their keys."""
        if self._of is not self.tuner.settings:
            self._of, self._told = self.tuner.settings, {}
        if market not in self._told:
            self._told[market] = parameters_of(self.tuner.settings, market)
        return self._told[market]


def commands_of(settings: Settings, session: Session, built: Built) -> tuple[Commands, Tuner]:
    """Return what may be asked of a session, with the pauses of former processes going on."""
    warn = session.observer.warn
    stations = {station.name: station for station in built.stations}
    tuner = Tuner(settings, stations, built.twins)
    slippage_ppm = int(settings.risk.collar_bps * SHARE_OF_COLLAR_PPM)
    moves = Moves(warn, int(settings.flatten.within_s), slippage_ppm)
    commands = Commands(
        deploy=settings.deploy,
        stations=stations,
        twins=built.twins,
        clock=session.clock,
        warn=warn,
        record=built.writer.put,
        kill=session.kill,
        moves=moves,
        change=tuner.set,
    )
    _go_on(built, commands, session.clock.now_ns())
    _let_ask(settings, session, built, moves)
    return commands, tuner


@asynccontextmanager
async def controlled(
    settings: Settings,
    places: Places,
    clock: Clock,
    session: Session,
    built: Built,
    observer: Observer,
    run: Path,
    recompose: Recompose | None,
) -> AsyncIterator[None]:
    """Listen while the context is open. A deploy that cannot says so, and runs without."""
    warn = session.observer.warn
    commands, tuner = commands_of(settings, session, built)
    artist = Artist(
        session,
        built.stations,
        observer,
        rates_of(settings),
        limits_of(settings),
        Parameters(tuner),
        lambda market: commands.paused.get(market, ""),
        Upcoming(agendas_of(settings)),
    )
    controls = Controls(session, observer, artist, commands, tuner, run, clock.now_ns())
    server = Server(controls, clock)
    reload = Reload(tuner, recompose, clock, warn, built.writer.put)
    session.refresh = reload.ask
    session.beside = {**session.beside, "control": server.run, "reload": reload.run}
    path = socket_of(places.ledgers, settings.deploy)
    listener: asyncio.AbstractServer | None = None
    try:
        listener = await server.listen(path)
    except (MmrunnerError, OSError) as error:
        warn(clock.now_ns(), "", f"no control socket: {error}")
    try:
        with reloaded_by(lambda: reload.ask("SIGHUP")):
            yield
    finally:
        server.close()
        if listener is not None:
            listener.close()
            path.unlink(missing_ok=True)


def _go_on(built: Built, commands: Commands, now_ns: int) -> None:
    """Let pauses go on that a former process was asked for, and remember its answers."""
    for identity, done, line in built.commanded.answers:
        commands.remember(words.Answer(identity, done, line))
    for station in built.stations:
        who = built.commanded.paused_by.get(station.name, "")
        if who:
            commands.pause(station, who, now_ns)
            commands.warn(now_ns, station.name, f"still paused by {who}: resume it to quote")


def _let_ask(settings: Settings, session: Session, built: Built, moves: Moves) -> None:
    """See a person's moves through beside those of the clock, and over them."""
    steward = steward_of(settings, built)
    steward.over = moves.over

    def ask(now_ns: int) -> None:
        steward.look(now_ns)
        moves.look(now_ns)
        built.tick_pairs(now_ns)

    session.ask = ask
