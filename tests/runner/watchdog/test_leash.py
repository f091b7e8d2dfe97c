"""A deploy notices when its watchdog is gone, starts it again, and stops quoting without one."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from runner.engine.supervisor import Supervisor, Terms
from runner.watchdog.leash import GRACE_NS, Leash
from runner.watchdog.post import BEAT, CLEARED, GOODBYE, READY, WORKING, Post
from tests import virtual
from tests.support import SECOND_NS
from tests.virtual import VirtualClock

POST = Post(5.0, "watchdog.log", [])


class Dog:
    """A watchdog that answers each word, until it is told to do otherwise."""

    def __init__(self) -> None:
        self.ended: int | None = None
        self.is_mute = False
        self.is_mute_after = False
        self.is_closed = False
        self.told = b""
        self.answers = READY

    def say(self, what: bytes) -> None:
        self.told += what
        self.answers += BEAT
        if what == GOODBYE:
            self.ended = 0

    def heard(self) -> bytes:
        answers, self.answers = self.answers, b""
        is_mute, self.is_mute = self.is_mute, self.is_mute or self.is_mute_after
        return b"" if is_mute else answers

    def code(self) -> int | None:
        return self.ended

    def kill(self) -> None:
        self.ended = -9

    def close(self) -> None:
        self.is_closed = True


@dataclass(slots=True)
class Kennel:
    """A leash, kept by a supervisor, and every watchdog that it has started."""

    clock: VirtualClock
    leash: Leash
    dogs: list[Dog]
    told: list[str]
    quoted_s: list[float] = field(default_factory=list)

    async def beat(self, seconds: float) -> None:
        """Beat as the loop does, and note when markets may quote."""
        for _ in range(round(seconds * 5)):
            await asyncio.sleep(0.2)
            self.leash.beat()
            if self.leash.holds(self.clock.now_ns()):
                self.quoted_s.append((self.clock.now_ns() - virtual.START_NS) / SECOND_NS)


Act = Callable[[Kennel], Coroutine[Any, Any, None]]


def kept(act: Act, first: bytes = READY) -> Kennel:
    async def main(clock: VirtualClock) -> Kennel:
        dogs: list[Dog] = []
        told: list[str] = []

        def warn(now_ns: int, market: str, text: str) -> None:
            told.append(text)

        def start(post: Post) -> Dog:
            dogs.append(Dog())
            dogs[-1].answers = first
            return dogs[-1]

        leash = Leash(POST, clock, warn, start)
        kennel = Kennel(clock, leash, dogs, told)
        assert not leash.holds(clock.now_ns())
        supervisor = Supervisor(Terms(), random.Random(1), clock, warn)
        task = asyncio.create_task(supervisor.keep("watchdog", leash.run, on_end=leash.lose))
        await act(kennel)
        task.cancel()
        await asyncio.wait((task,))
        return kennel

    return virtual.run(main)


def test_one_that_answers_is_left_alone_and_hears_the_loop() -> None:
    async def act(kennel: Kennel) -> None:
        await kennel.beat(60)

    kennel = kept(act)
    (dog,) = kennel.dogs
    assert dog.told.count(BEAT) >= 299
    assert len(kennel.quoted_s) >= 298
    assert GOODBYE not in dog.told
    assert dog.is_closed


def test_a_dead_one_is_told_of_and_replaced_while_markets_quote() -> None:
    async def act(kennel: Kennel) -> None:
        await kennel.beat(5)
        kennel.dogs[0].ended = -9
        await kennel.beat(5)

    kennel = kept(act)
    assert len(kennel.dogs) == 2
    assert len(kennel.quoted_s) >= 48
    assert "ended with code -9" in kennel.told[0]


def test_one_that_has_done_its_work_says_so() -> None:
    async def act(kennel: Kennel) -> None:
        await kennel.beat(5)
        kennel.dogs[0].ended = CLEARED

    kennel = kept(lambda kennel: _then_a_while(kennel, act))
    assert "has cancelled everything in our place" in kennel.told[0]


async def _then_a_while(kennel: Kennel, act: Act) -> None:
    await act(kennel)
    await kennel.beat(2)


def test_one_that_does_not_answer_is_replaced() -> None:
    async def act(kennel: Kennel) -> None:
        await kennel.beat(5)
        kennel.dogs[0].is_mute = True
        await kennel.beat(20)

    kennel = kept(act)
    assert kennel.dogs[0].ended == -9
    assert len(kennel.dogs) == 2
    assert "does not answer" in kennel.told[0]


def test_without_one_for_long_no_market_quotes() -> None:
    async def act(kennel: Kennel) -> None:
        await kennel.beat(5)
        for _ in range(2000):
            kennel.dogs[-1].ended = 1
            await kennel.beat(0.2)

    kennel = kept(act)
    assert len(kennel.dogs) == 6
    assert "not started again" in kennel.told[-1]
    assert kennel.quoted_s[-1] < 100
    last = max(b - a for a, b in zip(kennel.quoted_s, kennel.quoted_s[1:], strict=False))
    assert last <= GRACE_NS / SECOND_NS


def test_a_goodbye_ends_it_and_no_other_is_started() -> None:
    async def act(kennel: Kennel) -> None:
        await kennel.beat(5)
        await kennel.leash.release()
        await kennel.beat(30)

    kennel = kept(act)
    (dog,) = kennel.dogs
    assert dog.told.endswith(GOODBYE) or GOODBYE in dog.told
    assert kennel.told == []


def test_one_that_waits_for_its_turn_answers_and_does_not_stand_by() -> None:
    async def act(kennel: Kennel) -> None:
        await kennel.beat(30)
        assert kennel.quoted_s == []
        kennel.dogs[0].answers = READY
        await kennel.beat(1)

    kennel = kept(act, first=b"")
    assert len(kennel.dogs) == 1
    assert kennel.quoted_s
    assert "is not ready yet" in kennel.told[0]


def test_while_one_does_its_work_no_market_quotes_and_none_disturbs_it() -> None:
    async def act(kennel: Kennel) -> None:
        await kennel.beat(5)
        dog = kennel.dogs[0]
        dog.answers, dog.is_mute_after = WORKING, True
        await kennel.beat(120)
        assert kennel.quoted_s[-1] < 6
        assert dog.ended is None
        dog.ended = CLEARED
        await kennel.beat(3)
        assert kennel.quoted_s[-1] > 120

    kennel = kept(act)
    assert len(kennel.dogs) == 2
    assert "is cancelling everything in our place" in kennel.told[0]
