"""Keep what a venue does at a later moment, and be its clock: time passes only by `advance`."""

import heapq
from collections.abc import Callable
from itertools import count

Deed = Callable[[], object]


class Agenda:
    """Deeds by moment. While one is done, `now_ns` is the moment for which it was planned."""

    def __init__(self, now_ns: int) -> None:
        self.now_ns = now_ns
        self.on_sooner: Deed = _nothing
        """Called where a deed is planned before all others: whoever waits must know."""
        self._deeds: list[tuple[int, int, Deed]] = []
        self._turn = count()

    @property
    def next_ns(self) -> int | None:
        """Return when the next deed is due; None where nothing is planned."""
        return self._deeds[0][0] if self._deeds else None

    def at(self, due_ns: int, deed: Deed) -> None:
        """Plan a deed; one for a moment in the past is due at once."""
        entry = (max(due_ns, self.now_ns), next(self._turn), deed)
        heapq.heappush(self._deeds, entry)
        if self._deeds[0] is entry:
            self.on_sooner()

    def after(self, delay_s: float, deed: Deed) -> None:
        """Plan a deed `delay_s` from now."""
        self.at(self.now_ns + round(delay_s * 1e9), deed)

    def every(self, period_s: float, deed: Deed) -> None:
        """Do something once a period, for the first time after one."""

        def again() -> None:
            deed()
            self.after(period_s, again)

        self.after(period_s, again)

    def advance(self, to_ns: int) -> None:
        """Let time pass, and do what falls due in order of moment, then of planning."""
        while self._deeds and self._deeds[0][0] <= to_ns:
            self.now_ns, _, deed = heapq.heappop(self._deeds)
            deed()
        self.now_ns = max(self.now_ns, to_ns)


def _nothing() -> None:
    """Wait for nobody."""
