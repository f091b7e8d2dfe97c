"""What is to last ends with its task, or is told of."""

import asyncio

import pytest

from connectors.lasting import all_lasting, lasting
from connectors.model.errors import VenueError
from tests import virtual
from tests.virtual import VirtualClock


async def let_go_of() -> None:
    """Wait for something that somebody else gives up."""
    awaited = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(1, awaited.cancel)
    await awaited


async def for_ever() -> None:
    """Wait."""
    await asyncio.Event().wait()


def test_work_that_ends_or_is_cancelled_from_within_is_a_fault() -> None:
    async def main(clock: VirtualClock) -> None:
        with pytest.raises(VenueError, match="a task: ended by itself"):
            await lasting("a task", asyncio.sleep(1))
        with pytest.raises(VenueError, match="a task: was cancelled from within"):
            await lasting("a task", let_go_of())

    virtual.run(main)


def test_a_task_that_is_cancelled_is_no_fault() -> None:
    async def main(clock: VirtualClock) -> None:
        task = asyncio.create_task(all_lasting(("one", for_ever()), ("two", for_ever())))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    virtual.run(main)


def test_where_one_is_let_go_of_the_others_end_too() -> None:
    async def main(clock: VirtualClock) -> None:
        ended = asyncio.Event()

        async def other() -> None:
            try:
                await for_ever()
            finally:
                ended.set()

        with pytest.raises(ExceptionGroup) as raised:
            await all_lasting(("one", let_go_of()), ("other", other()))
        assert ended.is_set()
        assert [str(error) for error in raised.value.exceptions] == [
            "one: was cancelled from within"
        ]

    virtual.run(main)
