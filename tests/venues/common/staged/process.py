"""Faults of the process under test, as the stand-in's scripts know them."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.stage.faults import process
from tests.venues.common.faults import NOTHING, Call, Frame, Sent
from tests.venues.common.http import Fate, Plan

if TYPE_CHECKING:
    from tests.stage.theatre import Theatre
    from tests.venues.common.staged.play import StandIn


@dataclass(slots=True)
class Kill:
    """End the process at once, uncommitted work lost, and start another after a while.

    At a moment, or when something passes: a request is then carried out before, or not; a frame
    is not delivered.
    """

    is_of_process = True
    down_s: float = 2.0
    is_processed: bool = False
    _play: "list[StandIn]" = field(default_factory=list)

    def settle(self, play: "StandIn") -> None:
        """Belong to a play."""
        self._play[:] = [play]

    def do(self, play: "Theatre") -> bool:
        """Kill it now."""
        return play.kill(self.down_s)

    def meet(self, call: Call) -> Plan:
        """Kill it while the request is at the venue."""
        if self.is_processed:
            call()
        self._play[0].kill_soon(self.down_s)
        return Plan(NOTHING, fate=Fate.NEVER)

    def frames(self, frame: Frame, chance: Any) -> Sent:
        """Kill it before the frame arrives."""
        self._play[0].kill_soon(self.down_s)
        return ()


class Stop(process.Stop):
    """Ask for a clean stop."""

    is_of_process = True


class LatchDeploy(process.LatchDeploy):
    """Set the kill latch."""

    is_of_process = True


class Pause(process.Pause):
    """The whole process sleeps."""

    is_of_process = True


class BreakTurn(process.BreakTurn):
    """A market's turn raises."""

    is_of_process = True


@dataclass(slots=True)
class BreakTask:
    """What a task waits for raises, or is cancelled: at a moment, or when a request has arrived."""

    is_of_process = True
    task: str
    is_cancel: bool = False
    _play: "list[StandIn]" = field(default_factory=list)

    def settle(self, play: "StandIn") -> None:
        """Belong to a play."""
        self._play[:] = [play]

    def do(self, play: "Theatre") -> bool:
        """Break it now."""
        return play.break_task(self.task, self.is_cancel)

    def meet(self, call: Call) -> Plan:
        """Break it while the answer is on its way."""
        asyncio.get_running_loop().call_soon(self.do, self._play[0])
        return Plan(call())


class BreakLedger(process.BreakLedger):
    """The ledger cannot be written any more."""

    is_of_process = True


PROCESS: dict[str, type[Any]] = {
    "kill": Kill,
    "stop": Stop,
    "latch": LatchDeploy,
    "pause": Pause,
    "break_turn": BreakTurn,
    "break_task": BreakTask,
    "break_ledger": BreakLedger,
}
