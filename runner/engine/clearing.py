"""Clear up after a deploy: nothing of ours rests and, where that is asked for, nothing is held.

The venue's word counts alone, given after everything of ours has its end and every stream is whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from connectors.model.account import Standing
from runner.engine.clock import Clock
from runner.engine.ending import flatten, reached
from runner.engine.ledger.entries import Note
from runner.engine.station import Station
from runner.engine.supervisor import attempt, tell
from runner.engine.warnings import Warn


@dataclass(slots=True)
class Clearing:
    """The way of a deploy's markets to nothing. `foreign`: orders of others are cancelled too.

    `within_ns` is how long the proof that nothing rests may take, and that nothing is held.
    """

    stations: Sequence[Station]
    clock: Clock
    warn: Warn
    closes: bool
    foreign: bool
    within_ns: int
    _asked: dict[str, Standing] = field(default_factory=dict)

    def begin(self) -> None:
        """Let no market quote, and have what rests cancelled."""
        for station in self.stations:
            station.stop()

    async def run(self) -> bool:
        """Clear up; tell whether the venue has proven all that was asked for, in time."""
        clear = await reached(self._nothing_rests, self.clock, self.within_ns)
        for station in self.stations:
            if not self._is_clear(station):
                self._say(station, "it is not proven that no order rests: look at the venue")
        if not clear or not self.closes:
            return clear
        return await flatten(self.stations, self.clock, self.warn, self.within_ns)

    def words(self, station: Station) -> str:
        """Say where a market stands by the venue's last word."""
        standing, of = station.proven, station.worker.market.instrument
        if standing is None:
            return "not proven"
        held = f"{of.size_base(standing.position_lots)} {of.base} held"
        others = len(standing.resting)
        return f"no order of ours rests, {held}" + (f", {others} of others left" if others else "")

    def _nothing_rests(self) -> bool:
        return all([self._is_clear(station) for station in self.stations])

    def _is_clear(self, station: Station) -> bool:
        """Tell whether nothing rests that is to go; ask once for each word of the venue."""
        standing = station.proven
        if standing is None:
            return False
        if not self.foreign or not standing.resting:
            return True
        if self._asked.get(station.name) is not standing:
            self._asked[station.name] = standing
            self._cancel_foreign(station, standing)
        return False

    def _cancel_foreign(self, station: Station, standing: Standing) -> None:
        """Cancel what others have resting; the next look tells whether it is gone."""
        venue = station.worker.venue
        for order in standing.resting:
            self._say(station, f"order {order.client_id} of others is cancelled, as asked for")
            cancel = partial(venue.cancel, station.name, order.client_id)
            attempt(cancel, partial(self._fail, station))

    def _fail(self, station: Station, error: Exception) -> None:
        tell(self.warn, self.clock.now_ns(), station.name, "the cancel was not sent", error)

    def _say(self, station: Station, text: str) -> None:
        now_ns = self.clock.now_ns()
        station.outbox.writer.put(Note(now_ns, station.name, text))
        self.warn(now_ns, station.name, text)
