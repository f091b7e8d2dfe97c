"""A chore runs once for each of its moments, ends in time, and never twice at once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from zoneinfo import ZoneInfo

from connectors.model.errors import MmrunnerError
from runner.agenda.moments import DAY_NS, S_NS, CronMoments
from runner.chores.chores import Chore, Chores
from runner.engine.ledger.entries import Slot
from runner.engine.slots import Slots
from tests import virtual
from tests.virtual import START_NS, VirtualClock

CRON = CronMoments("5 0 * * *", ZoneInfo("UTC"))
TODAY_NS = START_NS // DAY_NS * DAY_NS + 300 * S_NS


class Told:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.warnings: list[str] = []

    def note(self, now_ns: int, market: str, text: str) -> None:
        self.notes.append(text)

    def warn(self, now_ns: int, market: str, text: str) -> None:
        self.warnings.append(text)


class Books:
    """A writer whose entries are safe at once."""

    def __init__(self) -> None:
        self.slots: list[Slot] = []

    def put(self, entry: Any, safe: Any = None) -> None:
        self.slots.append(entry)
        safe(entry.now_ns)

    def check(self) -> None:
        pass

    def close(self) -> None:
        pass


def with_chores(
    chore: Chore, play: Callable[[Chores, VirtualClock], Awaitable[None]], start_ns: int = START_NS
) -> Told:
    told = Told()

    async def main(clock: VirtualClock) -> None:
        chores = Chores({"report": chore}, clock, told)
        await play(chores, clock)
        await chores.close()

    virtual.run(main, start_ns)
    return told


def taking(seconds: float, done: list[int]) -> Callable[[int], Coroutine[Any, Any, str]]:
    async def work(meant_ns: int) -> str:
        await asyncio.sleep(seconds)
        done.append(meant_ns)
        return "fine"

    return work


def test_a_chore_is_given_the_moment_that_it_is_meant_for() -> None:
    done: list[int] = []

    async def play(chores: Chores, clock: VirtualClock) -> None:
        chores.ask("report")
        chores.ask("metrics")
        await asyncio.sleep(2)

    told = with_chores(Chore(taking(1, done), 10, CRON), play, TODAY_NS + 40 * S_NS)
    assert done == [TODAY_NS]
    assert [note.partition(": ")[2] for note in told.notes] == ["fine"]


def test_one_that_still_runs_is_not_begun_again() -> None:
    done: list[int] = []

    async def play(chores: Chores, clock: VirtualClock) -> None:
        chores.ask("report")
        await asyncio.sleep(1)
        chores.ask("report")
        await asyncio.sleep(5)
        chores.ask("report")
        await asyncio.sleep(5)

    told = with_chores(Chore(taking(3, done), 10), play)
    assert len(done) == 2
    assert told.warnings == ["schedule.jobs.report: left out, the last one still runs"]


def test_one_that_hangs_is_ended_and_the_next_one_runs() -> None:
    done: list[int] = []
    lengths = iter((100.0, 1.0))

    async def work(meant_ns: int) -> str:
        return await taking(next(lengths), done)(meant_ns)

    async def play(chores: Chores, clock: VirtualClock) -> None:
        for _ in range(2):
            chores.ask("report")
            await asyncio.sleep(11)

    told = with_chores(Chore(work, 10), play)
    assert len(done) == 1
    assert told.warnings[0].endswith("not done within 10 s")


def test_one_that_fails_is_told_of() -> None:
    async def work(meant_ns: int) -> str:
        raise MmrunnerError("no ledger")

    async def play(chores: Chores, clock: VirtualClock) -> None:
        chores.ask("report")
        await asyncio.sleep(1)

    assert with_chores(Chore(work, 10), play).warnings[0].endswith("UTC: no ledger")


def test_none_outlives_its_deploy() -> None:
    done: list[int] = []

    async def play(chores: Chores, clock: VirtualClock) -> None:
        chores.ask("report")
        await asyncio.sleep(1)

    with_chores(Chore(taking(5, done), 10), play)
    assert done == []


def started(chore: Chore, taken: set[tuple[str, int]]) -> tuple[Told, list[Slot]]:
    """Start with some moments taken; return what was told and which were taken besides."""
    books = Books()

    async def play(chores: Chores, clock: VirtualClock) -> None:
        slots = Slots(books, taken)
        chores.begin(slots)
        chores.begin(slots)
        await asyncio.sleep(2)

    return with_chores(chore, play, TODAY_NS + 3600 * S_NS), books.slots


def test_a_missed_moment_is_made_up_for_once() -> None:
    done: list[int] = []
    before = {("report", TODAY_NS - DAY_NS)}
    _, slots = started(Chore(taking(1, done), 10, CRON, makes_up=True), before)
    assert done == [TODAY_NS]
    assert [slot.slot_ns for slot in slots] == [TODAY_NS]


def test_a_missed_moment_that_cannot_be_made_up_for_is_told_of() -> None:
    done: list[int] = []
    told, slots = started(Chore(taking(1, done), 10, CRON), {("report", TODAY_NS - DAY_NS)})
    assert "missed; nobody ran then" in told.warnings[0]
    assert (done, slots) == ([], [])


def test_a_first_start_has_missed_nothing() -> None:
    done: list[int] = []
    told, _ = started(Chore(taking(1, done), 10, CRON, makes_up=True), set())
    assert (told.warnings, done) == ([], [])
