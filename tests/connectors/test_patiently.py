"""A venue that does not answer is asked again, and a person hears of each reason once."""

import asyncio
from collections.abc import Iterator

import pytest

from connectors.model.errors import Plan, VenueError
from connectors.patiently import AGAIN_S, until_answered
from tests import virtual
from tests.virtual import VirtualClock


def asked(answers: Iterator[object]) -> tuple[object, list[str], float]:
    told: list[str] = []

    async def ask() -> object:
        answer = next(answers)
        if isinstance(answer, VenueError):
            raise answer
        return answer

    async def main(clock: VirtualClock) -> tuple[object, float]:
        answer = await until_answered(ask, told.append)
        return answer, asyncio.get_running_loop().time()

    answer, took_s = virtual.run(main)
    return answer, told, took_s


def test_each_reason_is_told_once_until_there_is_an_answer() -> None:
    down, full = VenueError("is down"), VenueError("is full")
    answer, told, took_s = asked(iter([down, down, full, "the list"]))
    assert (answer, told) == ("the list", ["is down", "is full"])
    assert took_s >= 3 * AGAIN_S


def test_what_waiting_does_not_mend_is_raised() -> None:
    with pytest.raises(VenueError, match="no such key"):
        asked(iter([VenueError("no such key", Plan.HALT)]))
