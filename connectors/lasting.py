"""Run what is to last for as long as its task: its end is a fault, however it came.

A group of tasks takes one that was cancelled for one that was meant to end. A cancel that only
comes out of the work, as of a future that somebody else has let go of, is not meant: what was to
send, read or hear would be gone without a word.
"""

import asyncio
from collections.abc import Awaitable

from connectors.model.errors import VenueError


async def lasting(name: str, work: Awaitable[None]) -> None:
    """Do the work until this task is cancelled; raise VenueError where the work ends before."""
    try:
        await work
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise VenueError(f"{name}: was cancelled from within") from None
    raise VenueError(f"{name}: ended by itself")


async def all_lasting(*works: tuple[str, Awaitable[None]]) -> None:
    """Do all of it side by side until this task is cancelled; where one ends, end the others and
    raise."""
    async with asyncio.TaskGroup() as tasks:
        for name, work in works:
            tasks.create_task(lasting(name, work), name=name)
