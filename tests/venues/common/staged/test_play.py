"""A play that hangs says where."""

import asyncio
from itertools import count
from typing import Any

import pytest

from tests import virtual
from tests.venues.common.staged.play import over
from tests.virtual import Deadlock, VirtualClock


async def hangs() -> Any:
    """Wait for ever while time passes."""
    for _ in count():
        await asyncio.sleep(1)


async def ends() -> Any:
    """Be over."""
    await asyncio.sleep(1)
    return "played"


def test_a_play_that_does_not_end_tells_where_every_task_stands() -> None:
    async def main(clock: VirtualClock) -> object:
        return await over(hangs(), 10.0)

    with pytest.raises(Deadlock, match="in hangs"):
        virtual.run(main)


def test_a_play_that_ends_is_returned() -> None:
    async def main(clock: VirtualClock) -> object:
        return await over(ends(), 10.0)

    assert virtual.run(main) == "played"
