"""Virtual time jumps in order; the machine's never steps back."""

import asyncio

import pytest

from runner.engine import clock as clock_module
from runner.engine.clock import SystemClock, VirtualClock


async def virtual_run(start_ns: int) -> list[tuple[str, int]]:
    """Let three tasks wait for moments that interleave; return who woke when."""
    clock = VirtualClock(start_ns)
    seen: list[tuple[str, int]] = []

    async def ticker(name: str, every_ns: int, times: int) -> None:
        for k in range(1, times + 1):
            await clock.sleep_until_ns(start_ns + k * every_ns)
            seen.append((name, clock.now_ns() - start_ns))

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(ticker("a", 3, 4))
            group.create_task(ticker("b", 2, 6))
            group.create_task(ticker("c", 10**15, 1))

    await clock.run(asyncio.ensure_future(main()))
    assert clock.monotonic_ns() == clock.now_ns()
    return seen


def test_tasks_wake_in_order_of_their_moments() -> None:
    seen = asyncio.run(virtual_run(1_000))
    assert [at for _, at in seen] == [2, 3, 4, 6, 6, 8, 9, 10, 12, 12, 10**15]
    assert {name for name, at in seen if at == 6} == {"a", "b"}
    assert seen[-1] == ("c", 10**15)


def test_equal_moments_wake_in_order_of_asking() -> None:
    async def run() -> list[int]:
        clock, seen = VirtualClock(0), []

        async def wait(number: int) -> None:
            await clock.sleep_until_ns(7)
            seen.append(number)

        async def main() -> None:
            await asyncio.gather(*(wait(number) for number in range(5)))

        await clock.run(asyncio.ensure_future(main()))
        return seen

    assert asyncio.run(run()) == [0, 1, 2, 3, 4]


def test_a_run_repeats_itself() -> None:
    assert asyncio.run(virtual_run(5)) == asyncio.run(virtual_run(5))


def test_a_moment_in_the_past_lets_others_run_and_time_stand() -> None:
    async def run() -> list[str]:
        clock, seen = VirtualClock(100), []

        async def other() -> None:
            seen.append("other")

        async def main() -> None:
            task = asyncio.ensure_future(other())
            await clock.sleep_until_ns(50)
            seen.append("main")
            await task

        await clock.run(asyncio.ensure_future(main()))
        assert clock.now_ns() == 100
        return seen

    assert asyncio.run(run()) == ["other", "main"]


def test_who_stopped_waiting_moves_no_time() -> None:
    async def run() -> int:
        clock = VirtualClock(0)

        async def main() -> None:
            late = asyncio.ensure_future(clock.sleep_until_ns(10**12))
            await clock.sleep_until_ns(5)
            late.cancel()
            await clock.sleep_until_ns(9)

        await clock.run(asyncio.ensure_future(main()))
        return clock.now_ns()

    assert asyncio.run(run()) == 9


class Machine:
    """Stands in for the time module: a wall clock that is set back, a count that is not."""

    def __init__(self) -> None:
        self.wall_ns, self.count_ns = 1_700_000_000_000_000_000, 50

    def time_ns(self) -> int:
        return self.wall_ns

    def monotonic_ns(self) -> int:
        return self.count_ns


def test_the_system_clock_follows_the_count_when_the_wall_is_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine()
    monkeypatch.setattr(clock_module, "time", machine)
    clock = SystemClock()
    assert (clock.now_ns(), clock.monotonic_ns()) == (machine.wall_ns, 50)
    machine.wall_ns -= 3_600_000_000_000
    machine.count_ns += 7
    assert (clock.now_ns(), clock.monotonic_ns()) == (1_700_000_000_000_000_007, 57)


def test_the_system_clock_waits_no_longer_than_asked_and_not_for_the_past(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(clock_module, "time", Machine())
    monkeypatch.setattr(asyncio, "sleep", sleep)
    clock = SystemClock()
    for offset_ns in (2_500_000_000, 0, -9):
        coroutine = clock.sleep_until_ns(clock.now_ns() + offset_ns)
        with pytest.raises(StopIteration):
            coroutine.send(None)
    assert waited == [2.5, 0.0, 0.0]


def test_virtual_time_takes_no_real_time_and_waits_for_tasks_that_are_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    async def run() -> int:
        clock = VirtualClock(100)

        async def main() -> None:
            for _ in range(50):
                await real(0)
            await clock.sleep_until_ns(50)
            await clock.sleep_until_ns(10**18)

        await clock.run(asyncio.ensure_future(main()))
        return clock.now_ns()

    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert asyncio.run(run()) == 10**18
    assert set(slept) == {0}
