"""Record: what the venues say of the markets, to tapes, in real time. No order is sent."""

import sys
from pathlib import Path

from connectors.tape.hft_events import EVENT
from connectors.tape.segments import SegmentedTape
from runner.engine.clock import Clock, SystemClock
from runner.engine.recorder import Recording
from runner.engine.room import Room
from runner.modes import loop
from runner.modes.sessions import restarts_of
from runner.modes.signals import stopped_by_signal
from runner.places import Places
from runner.settings import Settings
from runner.watch.stamp import clock_text
from runner.wiring.markets import enabled_markets, instrument_of
from runner.wiring.tapes import segmented_tape
from runner.wiring.venues import venues_of


def run(settings: Settings, places: Places) -> int:
    """Record every market; return the exit code."""
    room = Room(places.made(places.tapes), settings.risk.min_free_mb)
    room.require()
    directory = places.made(places.tapes / places.run.open().name)
    return loop.run(_run(settings, directory, room, SystemClock()))


async def _run(settings: Settings, directory: Path, room: Room, clock: Clock) -> int:
    venues = venues_of(settings, clock, None, _warn)
    try:
        duration_ns = int(settings.duration_s * 1e9) if settings.duration_s else None
        recording = Recording(venues, clock, _warn, restarts_of(settings), room, duration_ns)
        tapes = add_markets(recording, settings, directory, clock.now_ns())
        with stopped_by_signal(recording.interrupt):
            code = await recording.run()
    finally:
        for venue in venues.values():
            venue.close()
    if settings.watch.name != "none":
        print(*map(_line, tapes, tapes.values()), f"tapes: {directory}", sep="\n", flush=True)
    return code


def add_markets(
    recording: Recording, settings: Settings, directory: Path, now_ns: int
) -> dict[str, SegmentedTape]:
    """Open a tape for every market of the deploy and have it recorded."""
    tapes = {}
    for name, market in enabled_markets(settings).items():
        venue, instrument = market.venue.name, instrument_of(market.instrument)
        tape = segmented_tape(directory, name, venue, instrument, settings.record, now_ns)
        recording.add(venue, name, tape)
        tapes[name] = tape
    return tapes


def _line(name: str, tape: SegmentedTape) -> str:
    size = tape.written_bytes
    return (
        f"{name}: {tape.rows:,} rows in {tape.segments} segments, {size / 1e6:,.1f} MB"
        f" ({tape.rows * EVENT.size / size:.1f} times less than plain)"
    )


def _warn(now_ns: int, market: str, text: str) -> None:
    print(f"{clock_text(now_ns)} {market or 'all'}: {text}", file=sys.stderr, flush=True)
