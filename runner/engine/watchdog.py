"""Notice that this process is late to its own work, and act on it: pull, wake, recover."""

from collections.abc import Sequence
from dataclasses import dataclass

from runner.engine.clock import Clock
from runner.engine.health import Vitals
from runner.engine.station import Station
from runner.engine.warnings import Warn
from strategies import reasons as why

WATCH_NS = 200_000_000
"""Time between two looks at the latch, the brakes and our own lateness."""
PAUSED_NS = 5_000_000_000
"""A process that was late by so much has slept: its ledger and its book are of another time."""


@dataclass(slots=True)
class LagMeter:
    """Tell when the event loop begins to be late, and when it no longer is. `most_ns` 0: never."""

    most_ns: int
    is_late: bool = False

    def take(self, late_ns: int) -> bool:
        """Take how late a timer came; tell whether `is_late` has changed.

        Lateness is over once a timer is late by no more than half of what is allowed.
        """
        was_late = self.is_late
        if self.most_ns > 0 and late_ns > self.most_ns:
            self.is_late = True
        elif 2 * late_ns <= self.most_ns:
            self.is_late = False
        return self.is_late != was_late


@dataclass(slots=True)
class Watchdog:
    """Hold every market while this process is late, and wake those whose venue is silent."""

    lag: LagMeter
    stations: Sequence[Station]
    clock: Clock
    warn: Warn
    vitals: Vitals

    async def wait(self) -> None:
        """Wait for the next look, and act on how late it came."""
        due_ns = self.clock.monotonic_ns() + WATCH_NS
        await self.clock.sleep_until_ns(self.clock.now_ns() + WATCH_NS)
        late_ns = self.clock.monotonic_ns() - due_ns
        self.vitals.late_ns = late_ns
        if self.lag.take(late_ns):
            self._pull(late_ns)
        if late_ns > PAUSED_NS:
            self._recover(late_ns)

    def wake_quiet(self) -> None:
        """Give a turn to markets whose venue delivers nothing: time passes for them too."""
        now_ns = self.clock.now_ns()
        for station in self.stations:
            last_ns = station.worker.last_batch_ns
            if last_ns and now_ns - last_ns > WATCH_NS:
                station.heartbeat(now_ns)

    def _pull(self, late_ns: int) -> None:
        now_ns, is_late = self.clock.now_ns(), self.lag.is_late
        self.vitals.is_late = is_late
        for station in self.stations:
            station.worker.hold(why.LAGGING, is_late, now_ns)
        late = f"{late_ns / 1e9:.3f} s late to our own work"
        self.warn(now_ns, "", f"{late}: quotes pulled" if is_late else "in time again")

    def _recover(self, late_ns: int) -> None:
        self.warn(self.clock.now_ns(), "", f"this process slept for {late_ns / 1e9:.1f} s")
        for station in self.stations:
            station.recover()
