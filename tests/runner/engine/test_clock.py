"""The machine's clock never steps back and waits no longer than asked."""

import asyncio

import pytest

from runner.engine import clock as clock_module
from runner.engine.clock import SystemClock


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
