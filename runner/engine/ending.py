"""End a session's markets: nothing rests and, after a kill that asks for it, nothing is held."""

from collections.abc import Callable, Sequence

from runner.engine.clock import Clock
from runner.engine.station import Station
from runner.engine.warnings import Warn

STOP_NS = 20_000_000_000
KILL_NS = 10_000_000_000
"""Longest wait for the proof that nothing rests, after a stop and after a kill."""
FLATTEN_NS = 10_000_000_000
"""Longest wait for the proof that nothing is held, after that."""
POLL_NS = 20_000_000


async def prove_cancelled(
    stations: Sequence[Station], clock: Clock, warn: Warn, longest_ns: int
) -> bool:
    """Wait until no order may rest; tell whether that was reached in time."""

    def left() -> int:
        return sum(station.open_orders() for station in stations)

    if await reached(lambda: left() == 0, clock, longest_ns):
        return True
    warn(clock.now_ns(), "", f"{left()} orders are not confirmed ended")
    return False


async def flatten(
    stations: Sequence[Station], clock: Clock, warn: Warn, longest_ns: int = FLATTEN_NS
) -> bool:
    """Close every perpetual position; tell whether all are proven to be closed in time."""
    ways = [way for way in (station.flatten() for station in stations) if way is not None]
    await reached(lambda: all(way.is_over for way in ways), clock, longest_ns)
    for way in ways:
        if not way.is_flat:
            warn(clock.now_ns(), way.outbox.market, f"not flat: {way.words()}: look at the venue")
    return all(way.is_flat for way in ways)


async def reached(is_done: Callable[[], bool], clock: Clock, longest_ns: int) -> bool:
    """Wait until something is done; tell whether that was in time."""
    deadline_ns = clock.now_ns() + longest_ns
    while not is_done():
        if clock.now_ns() >= deadline_ns:
            return False
        await clock.sleep_until_ns(clock.now_ns() + POLL_NS)
    return True
