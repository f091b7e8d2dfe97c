"""A venue's countdown is kept far from its end; markets quote while it is proven to run."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from connectors.model.errors import VenueError
from runner.engine.countdown import CountdownGuard
from tests import virtual
from tests.support import SECOND_NS
from tests.virtual import VirtualClock

LASTS_NS = 300 * SECOND_NS


@dataclass(slots=True)
class Timer:
    """A countdown that does what it is told, or as the next of its `moods` says."""

    clock: VirtualClock
    moods: list[str] = field(default_factory=list)
    runs_until_ns: int = 0
    renewed: list[float] = field(default_factory=list)
    lasts_ns: int = LASTS_NS

    def _mood(self) -> str:
        return self.moods.pop(0) if self.moods else ""

    async def renew(self) -> int:
        """Renew; `lost`: nothing happens, `silent`: it is not told whether it did."""
        mood = self._mood()
        now_ns = self.clock.now_ns()
        self.renewed.append((now_ns - virtual.START_NS) / SECOND_NS)
        await asyncio.sleep(1)
        if mood == "off":
            self.runs_until_ns = 0
        elif mood != "lost":
            self.runs_until_ns = now_ns + LASTS_NS
        if mood == "silent" or mood == "off":
            raise VenueError("no answer")
        return await self.due_ns()

    async def disarm(self) -> int:
        """Take it off."""
        if self._mood() == "silent":
            raise VenueError("no answer")
        self.runs_until_ns = 0
        return 0

    async def due_ns(self) -> int:
        """Say when it is due."""
        return self.runs_until_ns if self.runs_until_ns > self.clock.now_ns() else 0


@dataclass(slots=True)
class Scene:
    """A guard on a timer, and what was told."""

    clock: VirtualClock
    timer: Timer
    guard: CountdownGuard
    told: list[str]
    ended: int = 0

    def holds(self) -> bool:
        """Beat, as the watch does, and ask."""
        self.guard.beat()
        return self.guard.holds(self.clock.now_ns())

    async def until(self, is_held: bool, longest_s: float) -> float:
        """Return the seconds until it holds, or no longer does."""
        start_ns = self.clock.now_ns()
        while self.holds() is not is_held:
            assert self.clock.now_ns() - start_ns <= longest_s * SECOND_NS
            await asyncio.sleep(0.2)
        return (self.clock.now_ns() - start_ns) / SECOND_NS


Act = Callable[[Scene], Coroutine[Any, Any, None]]


def kept(act: Act, *moods: str) -> Scene:
    """Keep a timer beside `act`."""

    async def main(clock: VirtualClock) -> Scene:
        told: list[str] = []
        timer = Timer(clock, list(moods))

        def warn(now_ns: int, market: str, text: str) -> None:
            told.append(text)

        guard = CountdownGuard("the countdown", timer, clock, warn)
        scene = Scene(clock, timer, guard, told)
        guard.ended = lambda: scene.ended
        assert not scene.holds()
        task = asyncio.create_task(guard.run())
        await act(scene)
        task.cancel()
        return scene

    return virtual.run(main)


async def quarter_of_an_hour(scene: Scene) -> None:
    await scene.until(True, 5)
    for _ in range(900):
        await asyncio.sleep(1)
        assert scene.holds()


def test_it_is_renewed_when_a_third_of_its_time_has_passed() -> None:
    scene = kept(quarter_of_an_hour)
    gaps = [b - a for a, b in zip(scene.timer.renewed, scene.timer.renewed[1:], strict=False)]
    assert gaps == [101.0] * 8
    assert scene.told == []


def test_a_renewal_that_is_lost_or_silent_is_tried_again_while_markets_quote() -> None:
    scene = kept(quarter_of_an_hour, "", "lost", "silent", "")
    assert "was not renewed" in scene.told[0]
    assert "is not proven to run: no answer" in scene.told[1]
    assert "runs again" in scene.told[2]
    assert len(scene.told) == 3


def test_without_proof_for_long_no_market_quotes_until_there_is() -> None:
    async def act(scene: Scene) -> None:
        await scene.until(True, 5)
        lasted_s = await scene.until(False, 200)
        assert 125 <= lasted_s <= 140
        await scene.until(True, 120)

    kept(act, "", *["off"] * 8)


def test_a_countdown_that_nothing_can_renew_stops_quotes_before_it_runs_out() -> None:
    async def act(scene: Scene) -> None:
        await scene.until(True, 5)
        await scene.until(False, 300)
        left_ns = scene.timer.runs_until_ns - scene.clock.now_ns()
        assert 45 * SECOND_NS <= left_ns <= 51 * SECOND_NS

    kept(act, "", *["lost"] * 40)


def test_orders_that_the_venue_cancels_unasked_make_it_look_and_begin_again() -> None:
    async def act(scene: Scene) -> None:
        await scene.until(True, 5)
        await asyncio.sleep(20)
        scene.timer.runs_until_ns = 0
        scene.ended = 2
        assert await scene.until(False, 3) > 0
        assert await scene.until(True, 3) > 0

    scene = kept(act)
    assert "has run out" in scene.told[0]
    assert "runs again" in scene.told[1]


def test_a_cancel_that_was_the_venues_own_idea_disturbs_nothing() -> None:
    async def act(scene: Scene) -> None:
        await scene.until(True, 5)
        await asyncio.sleep(20)
        scene.ended = 1
        for _ in range(50):
            await asyncio.sleep(0.2)
            assert scene.holds()

    scene = kept(act)
    assert scene.told == []
    assert len(scene.timer.renewed) == 1


def test_it_is_taken_off_at_the_end_and_never_begun_again() -> None:
    async def act(scene: Scene) -> None:
        await scene.until(True, 5)
        await scene.guard.release()
        await asyncio.sleep(400)
        assert scene.timer.runs_until_ns == 0

    scene = kept(act)
    assert len(scene.timer.renewed) == 1
    assert scene.told == []


def test_an_end_that_is_not_proven_is_told() -> None:
    async def act(scene: Scene) -> None:
        await scene.until(True, 5)
        scene.timer.moods = ["silent"]
        await scene.guard.release()

    assert "is not proven to be off" in kept(act).told[0]
