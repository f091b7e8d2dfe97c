"""A fail point does nothing until it is armed; then it ends the process at its time."""

import asyncio
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from connectors.model.errors import ConfigError
from runner.engine.clock import SystemClock
from runner.engine.failpoints import FAILPOINT, KILLED, Death, Point, arm, arm_from, reached
from runner.engine.ledger.entries import Note
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import ThreadWriter


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    arm(None)


def test_a_moment_passes_unless_it_is_armed() -> None:
    reached(Point.SENT)
    seen: list[Point] = []
    arm(seen.append)
    reached(Point.SENT)
    assert seen == [Point.SENT]


def test_a_death_comes_at_its_own_moment_and_time() -> None:
    codes: list[int] = []
    arm(Death(Point.SENT, 2, codes.append))
    for point in (Point.SENT, Point.ACKED, Point.ACKED):
        reached(point)
    assert codes == []
    reached(Point.SENT)
    assert codes == [KILLED]


def test_what_is_armed_reaches_the_ledgers_thread() -> None:
    seen: list[Point] = []

    async def main() -> None:
        arm(seen.append)
        writer = ThreadWriter(Store(None, {}), SystemClock())
        writer.put(Note(0, "", "a word"))
        writer.close()

    asyncio.run(main())
    assert seen == [Point.ACK_COMMITTED]


def test_the_environment_arms_a_moment() -> None:
    def armed() -> None:
        arm_from({FAILPOINT: "sent:1"}, is_real=False)
        reached(Point.ACKED)

    copy_context().run(armed)


@pytest.mark.parametrize(
    "asked", ["sent", "sent:", "sent:0", "sent:-1", "sent:x", "nowhere:1", ":1"]
)
def test_a_moment_that_does_not_exist_is_refused(asked: str) -> None:
    with pytest.raises(ConfigError, match="expected NAME:N, NAME one of intent_committed, sent"):
        arm_from({FAILPOINT: asked}, is_real=False)


def test_no_moment_is_armed_where_orders_are_real() -> None:
    arm_from({}, is_real=True)
    with pytest.raises(ConfigError, match="expected none where orders are real, was sent:1"):
        arm_from({FAILPOINT: "sent:1"}, is_real=True)
