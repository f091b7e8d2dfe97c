"""Ask a venue until it answers, where nothing can begin before it has."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from connectors.model.errors import Plan, VenueError

T = TypeVar("T")
AGAIN_S = 10.0
"""Time between two questions to a venue that gives no answer."""


async def until_answered(ask: Callable[[], Awaitable[T]], tell: Callable[[str], None]) -> T:
    """Ask again and again until there is an answer; raise VenueError where waiting will not help.

    A venue that is down is told of once for each reason.
    """
    said = ""
    while True:
        try:
            return await ask()
        except VenueError as error:
            if error.plan is Plan.HALT:
                raise
            if str(error) != said:
                said = str(error)
                tell(said)
        await asyncio.sleep(AGAIN_S)
