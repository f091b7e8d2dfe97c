"""Faults of the process under test: killed, stopped, latched, asleep, or broken inside."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.stage.front import Answer, Frame
from tests.stage.network import Call, Network

if TYPE_CHECKING:
    from tests.stage.theatre import Theatre


@dataclass(frozen=True, slots=True)
class Kill:
    """End the process at once, uncommitted work lost, and start another after a while.

    At a moment, or when something passes: a request is then carried out before, or not; a frame
    is not delivered.
    """

    down_s: float = 2.0
    is_processed: bool = False

    def do(self, play: "Theatre") -> bool:
        """Kill it now."""
        return play.kill(self.down_s)

    async def answer(self, call: Call) -> Answer:
        """Kill it while the request is at the venue."""
        if self.is_processed:
            call.carry_out()
        call.network.on_kill(self.down_s)
        return await call.never()

    def frames(self, network: Network, frame: Frame) -> list[tuple[float, bytes]]:
        """Kill it before the frame arrives."""
        network.on_kill(self.down_s)
        return []


@dataclass(frozen=True, slots=True)
class Stop:
    """Ask for a clean stop; `down_s` later another process is started (None: never)."""

    down_s: float | None = 2.0

    def do(self, play: "Theatre") -> bool:
        """Interrupt the session."""
        return play.stop(self.down_s)


@dataclass(frozen=True, slots=True)
class LatchDeploy:
    """Set the kill latch, as `mode=kill` does; a start is tried again after a while, or never."""

    down_s: float | None = 3.0

    def do(self, play: "Theatre") -> bool:
        """Set the latch's file."""
        return play.latch(self.down_s)


@dataclass(frozen=True, slots=True)
class Pause:
    """The whole process sleeps: nothing of it runs while the venue goes on."""

    s: float

    def do(self, play: "Theatre") -> bool:
        """Let the market live through it, and the process find out afterwards."""
        return play.pass_by(self.s)


@dataclass(frozen=True, slots=True)
class BreakTurn:
    """A market's turn raises, so many times."""

    market: str
    turns: int = 1

    def do(self, play: "Theatre") -> bool:
        """Let the next turns of that market fail."""
        return play.break_turn(self.market, self.turns)


@dataclass(frozen=True, slots=True)
class BreakTask:
    """What a task of the process waits for raises, or is cancelled though nobody meant the task."""

    task: str
    is_cancel: bool = False

    def do(self, play: "Theatre") -> bool:
        """Break it now."""
        return play.break_task(self.task, self.is_cancel)


@dataclass(frozen=True, slots=True)
class BreakLedger:
    """The ledger cannot be written any more: the disk is full."""

    def do(self, play: "Theatre") -> bool:
        """Let every write fail from now on."""
        return play.break_ledger()
