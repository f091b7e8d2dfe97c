"""Ask a venue again, for a while, before a start is given up."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from connectors.model.errors import Plan, VenueError
from runner.engine.clock import Clock
from runner.engine.warnings import Warn

Answer = TypeVar("Answer")

PATIENCE_NS = 180_000_000_000
"""Venues count reads by the minute: a start right after another may find its budget spent."""
PAUSE_NS = 5_000_000_000


async def until_answered(
    ask: Callable[[], Coroutine[Any, Any, Answer]], market: str, clock: Clock, warn: Warn
) -> Answer:
    """Return the first answer. Raises what no waiting mends, and the last refusal after a while."""
    end_ns = clock.monotonic_ns() + PATIENCE_NS
    while True:
        try:
            return await ask()
        except VenueError as error:
            if error.plan is not Plan.RETRY or clock.monotonic_ns() >= end_ns:
                raise
            warn(clock.now_ns(), market, f"no answer at the start, asked again: {error}")
        await clock.sleep_until_ns(clock.now_ns() + PAUSE_NS)
