"""Let a venue's agenda follow a clock."""

import asyncio
from collections.abc import Callable

from tests.venues.common.agenda import Agenda

LONGEST_S = 1.0


class TimeKeeper:
    """Moves one agenda. `now_ns` is the clock: the machine's, a virtual one, or one set by hand."""

    def __init__(self, agenda: Agenda, now_ns: Callable[[], int]) -> None:
        self._agenda = agenda
        self._now_ns = now_ns
        self._sooner = asyncio.Event()
        agenda.on_sooner = self._sooner.set

    def advance(self) -> None:
        """Bring the venue's time up to the clock's."""
        self._agenda.advance(self._now_ns())

    async def keep(self) -> None:
        """Do what falls due when it does, for ever."""
        while True:
            self._sooner.clear()
            self.advance()
            try:
                await asyncio.wait_for(self._sooner.wait(), self._wait_s())
            except TimeoutError:
                continue

    def _wait_s(self) -> float:
        due_ns = self._agenda.next_ns
        if due_ns is None:
            return LONGEST_S
        return min(LONGEST_S, max(0.0, (due_ns - self._now_ns()) / 1e9))
