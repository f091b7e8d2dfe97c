"""A recording keeps what the venue says, marks what it does not say, and ends in time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from connectors.model.errors import MmrunnerError
from connectors.model.events import BID, GAP, AccountRows, MarketRows
from connectors.venue import Sink
from runner.engine.clock import Clock
from runner.engine.recorder import Recording
from runner.engine.room import Room
from runner.engine.supervisor import Terms
from tests.virtual import VirtualClock, run

S = 1_000_000_000


@dataclass(slots=True)
class Kept:
    """A tape in memory; its writes fail from the `fails_at`-th on."""

    descriptor: int
    kinds: list[int] = field(default_factory=list)
    fails_at: int = 1 << 30
    closed: bool = False
    flushes: int = 0

    def append(self, rows: MarketRows, now_ns: int) -> None:
        if len(self.kinds) >= self.fails_at:
            raise OSError(28, "No space left on device")
        self.kinds.extend(rows.kind)

    def flush(self) -> None:
        self.flushes += 1

    def fileno_to_sync(self) -> int:
        import os

        return os.dup(self.descriptor)

    def close(self) -> None:
        self.closed = True


class Talker:
    """A venue that says one row a second and breaks down after every third."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        for _ in range(3):
            rows = MarketRows()
            rows.add(BID, 1, 1, 1, self._clock.now_ns())
            for sink in sinks.values():
                sink.on_batch(rows, AccountRows(), self._clock.now_ns())
            await self._clock.sleep_until_ns(self._clock.now_ns() + S)
        raise ConnectionError("gone")


async def at_once(work: Callable[[], None]) -> None:
    work()


def record(
    tmp_path: Path,
    tape: Kept,
    duration_s: int | None = 10,
    min_free_mb: int = 0,
    terms: Terms = Terms(max_restarts=100),  # noqa: B008
    stop_after_s: int | None = None,
) -> tuple[int, list[str]]:
    """Record one market of the talker; return the exit code and what a person was told."""
    told: list[str] = []

    async def main(clock: VirtualClock) -> int:
        import asyncio

        venues: dict[str, Any] = {"talker": Talker(clock)}
        recording = Recording(
            venues,
            clock,
            lambda now_ns, market, text: told.append(text),
            terms,
            Room(tmp_path, min_free_mb),
            duration_s * S if duration_s else None,
            at_once,
        )
        recording.add("talker", "btc", tape)
        if stop_after_s is not None:
            asyncio.get_running_loop().call_later(stop_after_s, recording.interrupt)
        return await recording.run()

    return run(main), told


@pytest.fixture
def tape(tmp_path: Path) -> Any:
    with (tmp_path / "file").open("wb") as file:
        yield Kept(file.fileno())


def test_a_venue_that_breaks_down_is_run_again_after_a_gap(tmp_path: Path, tape: Kept) -> None:
    code, told = record(tmp_path, tape)
    assert code == 0
    assert tape.kinds[:5] == [BID, BID, BID, GAP, BID]
    assert any("ConnectionError: gone" in text for text in told)
    assert tape.closed
    assert tape.flushes >= 10


def test_an_interrupt_ends_it_cleanly(tmp_path: Path, tape: Kept) -> None:
    code, _ = record(tmp_path, tape, duration_s=None, stop_after_s=2)
    assert code == 130
    assert tape.closed


def test_a_venue_that_fails_too_often_ends_it(tmp_path: Path, tape: Kept) -> None:
    code, told = record(tmp_path, tape, duration_s=None, terms=Terms(max_restarts=1))
    assert code == 4
    assert any("failed too often" in text for text in told)


def test_it_ends_while_there_is_room_to_close(tmp_path: Path, tape: Kept) -> None:
    code, told = record(tmp_path, tape, duration_s=None, min_free_mb=1_000_000_000)
    assert code == 4
    assert any("expected risk.min_free_mb=1000000000 of disk" in text for text in told)
    assert tape.closed


def test_a_write_that_fails_ends_it_in_one_line(tmp_path: Path, tape: Kept) -> None:
    tape.fails_at = 2
    with pytest.raises(MmrunnerError, match=r"cannot be written: .*No space left on device"):
        record(tmp_path, tape)
    assert tape.kinds == [BID, BID]
    assert tape.closed
