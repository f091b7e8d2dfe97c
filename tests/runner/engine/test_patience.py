"""A start waits for a venue that does not answer yet, and not for what no waiting mends."""

import pytest

from connectors.model.errors import Plan, VenueError
from runner.engine.patience import PATIENCE_NS, until_answered
from tests import virtual
from tests.virtual import VirtualClock


class Deaf:
    """A venue that refuses so many times, and then answers."""

    def __init__(self, refusals: int, plan: Plan = Plan.RETRY) -> None:
        self.asked = 0
        self.told: list[str] = []
        self._refusals = refusals
        self._plan = plan

    async def ask(self) -> int:
        self.asked += 1
        if self.asked <= self._refusals:
            raise VenueError(f"busy {self.asked}", self._plan)
        return 7

    def warn(self, now_ns: int, market: str, text: str) -> None:
        self.told.append(f"{market}: {text}")


def answered(venue: Deaf) -> tuple[int, int]:
    """Return the answer and how long it took."""

    async def main(clock: VirtualClock) -> tuple[int, int]:
        began_ns = clock.now_ns()
        return await until_answered(venue.ask, "btc", clock, venue.warn), clock.now_ns() - began_ns

    return virtual.run(main)


def test_a_venue_that_is_busy_is_asked_again_and_a_person_told() -> None:
    venue = Deaf(3)
    answer, took_ns = answered(venue)
    assert (answer, venue.asked) == (7, 4)
    assert 0 < took_ns < PATIENCE_NS
    assert venue.told[0] == "btc: no answer at the start, asked again: busy 1"


def test_in_the_end_its_refusal_is_raised() -> None:
    with pytest.raises(VenueError, match="busy"):
        answered(Deaf(1_000_000))


def test_what_no_waiting_mends_is_raised_at_once() -> None:
    venue = Deaf(1, Plan.HALT)
    with pytest.raises(VenueError, match="busy 1"):
        answered(venue)
    assert venue.asked == 1
