"""Virtual time jumps in order, repeats itself, and tells a deadlock from a wait."""

import asyncio
import random
import socket

import pytest

from tests import virtual
from tests.virtual import Deadlock, SetClock, VirtualClock

DAY_NS = 86_400 * 10**9


async def interleaved(clock: VirtualClock) -> list[tuple[str, int]]:
    """Let three tasks wait for moments that interleave; return who woke when."""
    start_ns, seen = clock.now_ns(), []

    async def ticker(name: str, every_ns: int, times: int) -> None:
        for k in range(1, times + 1):
            await clock.sleep_until_ns(start_ns + k * every_ns)
            seen.append((name, clock.now_ns() - start_ns))

    async with asyncio.TaskGroup() as group:
        group.create_task(ticker("a", 3, 4))
        group.create_task(ticker("b", 2, 6))
        group.create_task(ticker("c", 10**15, 1))
    assert clock.monotonic_ns() == clock.now_ns()
    return seen


def test_tasks_wake_in_order_of_their_moments() -> None:
    seen = virtual.run(interleaved, 1_000)
    assert [at for _, at in seen] == [2, 3, 4, 6, 6, 8, 9, 10, 12, 12, 10**15]
    assert {name for name, at in seen if at == 6} == {"a", "b"}
    assert seen[-1] == ("c", 10**15)


def test_equal_moments_wake_in_order_of_asking() -> None:
    async def main(clock: VirtualClock) -> list[int]:
        seen: list[int] = []

        async def wait(number: int) -> None:
            await asyncio.sleep(0.007)
            seen.append(number)

        await asyncio.gather(*(wait(number) for number in range(500)))
        return seen

    assert virtual.run(main) == list(range(500))


async def crowd(clock: VirtualClock, seed: int) -> list[tuple[int, int]]:
    """Let tasks pass words through queues after random waits, some cut short by a timeout."""
    rng, told = random.Random(seed), []
    queue: asyncio.Queue[int] = asyncio.Queue(3)

    async def speak(number: int) -> None:
        for _ in range(20):
            await asyncio.sleep(rng.choice((0.0, 0.001, rng.random())))
            await queue.put(number)

    async def listen() -> None:
        while True:
            try:
                async with asyncio.timeout(rng.random() / 10):
                    told.append((await queue.get(), clock.now_ns()))
            except TimeoutError:
                told.append((-1, clock.now_ns()))

    listening = [asyncio.create_task(listen()) for _ in range(3)]
    await asyncio.gather(*(speak(number) for number in range(10)))
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return told


@pytest.mark.parametrize("seed", range(5))
def test_one_seed_gives_one_order_to_the_nanosecond(seed: int) -> None:
    first = virtual.run(lambda clock: crowd(clock, seed))
    assert len(first) > 200
    assert virtual.run(lambda clock: crowd(clock, seed)) == first
    assert virtual.run(lambda clock: crowd(clock, seed + 100)) != first


def test_a_day_of_seconds_is_exact() -> None:
    async def main(clock: VirtualClock) -> int:
        for _ in range(86_400):
            await clock.sleep_until_ns(clock.now_ns() + 10**9)
        return clock.now_ns()

    assert virtual.run(main) == virtual.START_NS + DAY_NS


def test_timers_of_three_decades_fire() -> None:
    async def main(clock: VirtualClock) -> list[float]:
        begun, fired = clock.now_ns(), []
        for _ in range(3):
            await asyncio.sleep(10 * 365 * 86_400)
            fired.append((clock.now_ns() - begun) / DAY_NS / 365)
        return fired

    assert virtual.run(main) == pytest.approx([10, 20, 30], abs=1e-9)


def test_a_timeout_cuts_a_wait_short_at_its_moment() -> None:
    async def main(clock: VirtualClock) -> int:
        begun = clock.now_ns()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 2.5)
        return clock.now_ns() - begun

    assert virtual.run(main) == 2_500_000_000


def test_a_moment_in_the_past_lets_others_run_and_time_stand() -> None:
    async def main(clock: VirtualClock) -> list[str]:
        seen: list[str] = []

        async def other() -> None:
            seen.append("other")

        task = asyncio.create_task(other())
        await clock.sleep_until_ns(50)
        seen.append("main")
        await task
        assert clock.now_ns() == 100
        return seen

    assert virtual.run(main, 100) == ["other", "main"]


def test_who_stopped_waiting_moves_no_time() -> None:
    async def main(clock: VirtualClock) -> int:
        late = asyncio.create_task(clock.sleep_until_ns(10**12))
        await clock.sleep_until_ns(5)
        late.cancel()
        await clock.sleep_until_ns(9)
        return clock.now_ns()

    assert virtual.run(main, 0) == 9


def test_waiting_for_ever_is_a_deadlock() -> None:
    async def main(clock: VirtualClock) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.Event().wait())
            group.create_task(asyncio.sleep(3))

    with pytest.raises(Deadlock, match="no timer"):
        virtual.run(main)


def test_spinning_is_a_deadlock() -> None:
    async def main(clock: VirtualClock) -> None:
        for _ in iter(int, 1):
            await asyncio.sleep(0)

    with pytest.raises(Deadlock, match="spins"):
        virtual.run(main)


def test_threads_and_sockets_are_refused() -> None:
    async def thread(clock: VirtualClock) -> None:
        await asyncio.to_thread(print)

    async def listening(clock: VirtualClock) -> None:
        with socket.socket() as listener:
            listener.setblocking(False)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            await asyncio.get_running_loop().sock_accept(listener)

    with pytest.raises(RuntimeError, match="no threads"):
        virtual.run(thread)
    with pytest.raises(RuntimeError, match="no sockets"):
        virtual.run(listening)


def test_a_blocked_loop_is_late() -> None:
    async def main(clock: VirtualClock) -> int:
        asyncio.get_running_loop().call_later(1, clock.block, 5 * 10**9)
        await clock.sleep_until_ns(2 * 10**9)
        return clock.now_ns()

    assert virtual.run(main, 0) == 6 * 10**9


def test_tasks_left_over_are_cancelled() -> None:
    ended: list[str] = []

    async def left() -> None:
        try:
            await asyncio.sleep(9)
        finally:
            ended.append("cancelled")

    async def main(clock: VirtualClock) -> object:
        task = asyncio.create_task(left())
        await asyncio.sleep(0)
        return task

    virtual.run(main)
    assert ended == ["cancelled"]


def test_a_clock_set_by_hand_cannot_wait() -> None:
    clock = SetClock(5)
    clock.time_ns += 2
    assert (clock.now_ns(), clock.monotonic_ns()) == (7, 7)
    with pytest.raises(Deadlock, match="by hand"):
        clock.sleep_until_ns(9).send(None)
