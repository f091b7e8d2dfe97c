"""End a process whose event loop hangs: from a thread that needs nothing of it.

The thread sets the kill latch, cancels over each venue's own way out of the loop, says one line and
ends the process. Whoever starts it again finds the latch. Where somebody else has set it and
the loop cannot see that, it waits less.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import TextIO

from runner.engine.clock import Clock
from runner.engine.latch import Latch
from runner.engine.supervisor import attempt

LOOK_S = 0.25
LATE_NS = 1_000_000_000
"""A thread that was itself so late was not running either: the process slept, the loop does not
hang."""
KILLED_NS = 3_000_000_000
"""How long a loop may be silent that has not seen that its deploy is killed."""
HUNG = 3
"""Exit code: orders may rest."""


@dataclass(slots=True)
class HangWatch(AbstractContextManager["HangWatch"]):
    """Watch that the loop calls `beat`, while the context is open. `leave` ends the process.

    `knows` tells whether the loop itself has seen a kill: it then has the whole time for its end.
    """

    most_ns: int
    clock: Clock
    latch: Latch | None
    cancels: Sequence[Callable[[], None]]
    out: TextIO
    leave: Callable[[int], object]
    knows: Callable[[], bool] = lambda: False
    _beat_ns: int = 0
    _looked_ns: int = 0
    _closed: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def beat(self) -> None:
        """Say that the loop runs."""
        self._beat_ns = self.clock.monotonic_ns()

    def look(self) -> None:
        """End the process if the loop has been silent for too long."""
        now_ns = self.clock.monotonic_ns()
        has_slept = now_ns - self._looked_ns > LATE_NS
        self._looked_ns = now_ns
        if has_slept:
            self._beat_ns = now_ns
        silent_ns = now_ns - self._beat_ns
        if silent_ns > self.most_ns or (silent_ns > KILLED_NS and self._is_unheeded()):
            self._end(f"the event loop has hung for {silent_ns / 1e9:.1f} s")

    def _is_unheeded(self) -> bool:
        """Tell whether the deploy is killed and its loop does not know."""
        return self.latch is not None and not self.knows() and self.latch.is_set()

    def _end(self, reason: str) -> None:
        """Do every step, whichever of them fails."""
        faults: list[Exception] = []
        latch = self.latch
        if latch is not None:
            attempt(
                lambda: void(latch.set("the hang watch", reason, self.clock.now_ns())),
                faults.append,
            )
        for cancel in self.cancels:
            attempt(cancel, faults.append)
        failed = "".join(f"; {type(fault).__name__}: {fault}" for fault in faults)
        told = f"mmrunner: {reason}: killed, orders may rest: look at the venue{failed}\n"
        attempt(lambda: void(self.out.write(told), self.out.flush()), faults.append)
        self.leave(HUNG)

    def __enter__(self) -> "HangWatch":
        self._beat_ns = self._looked_ns = self.clock.monotonic_ns()
        self._thread = threading.Thread(target=self._run, name="hang watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(LOOK_S):
            self.look()


def void(*_done: object) -> None:
    """Let go of results: for steps whose effect is all that is wanted."""
