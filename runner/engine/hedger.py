"""Hand what markets hold to the market that hedges them, and hold them where it cannot keep up.

After each batch of any of them their positions are added up, and the hedge hears of it when the sum
or what is known of it has changed: as an event of its own, which it journals and decides on at
once. A market whose position is not proven makes the sum unknown. Nothing is kept here but which
markets stand still for the budget, and what is measured for the band: what the hedge was told last
is what its desk says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from runner.engine.hedge_band import MeasuredBand
from runner.engine.warnings import Warn
from runner.engine.worker import Worker
from strategies.hedging import is_over_budget, is_proven

OVER = "more is unhedged than hedge.max_unhedged_quote allows: what it hedges stands still"
WITHIN = "what is unhedged is within its budget again"


class Across(Protocol):
    """What looks at several markets together after the turn of each."""

    def look(self, now_ns: int) -> None: ...


class Hears(Protocol):
    """The station of a market that hedges."""

    @property
    def worker(self) -> Worker: ...
    def hear_exposure(self, known: bool, grains: int, now_ns: int) -> None: ...


class Hedged(Protocol):
    """The station of a market that is hedged."""

    @property
    def worker(self) -> Worker: ...


@dataclass(slots=True)
class Hedger:
    """One market that hedges, and those that it does so for, each with a lot's grains.

    `band` is there where the band is solved anew from what is measured.
    """

    hedge: Hears
    hedged: Sequence[tuple[Hedged, int]]
    warn: Warn
    band: MeasuredBand | None = None
    is_over: bool = False

    def look(self, now_ns: int) -> None:
        """Tell the hedge of what has changed, then hold or free the others."""
        grains = 0
        known = True
        for station, weight_grains in self.hedged:
            desk = station.worker.market.desk
            grains += weight_grains * desk.orders.position_lots
            known = known and is_proven(desk)
        self._measure(grains, now_ns)
        told = self.hedge.worker.market.desk.exposure
        if (told.known, told.grains) != (known, grains):
            self.hedge.hear_exposure(known, grains, now_ns)
        self._judge(grains, now_ns)

    def _measure(self, grains: int, now_ns: int) -> None:
        """Let the hedge hear of another band where what was measured asks for one."""
        if self.band is None:
            return
        worker = self.hedge.worker
        desks = [station.worker.market.desk for station, _ in self.hedged]
        band = self.band.look(worker.market.desk, desks, grains, now_ns)
        if band is not None:
            worker.hear_band(band, now_ns)

    def _judge(self, grains: int, now_ns: int) -> None:
        is_over = is_over_budget(self.hedge.worker.market.desk, grains, self.is_over)
        if is_over != self.is_over:
            self.is_over = is_over
            self.warn(now_ns, self.hedge.worker.market.name, OVER if is_over else WITHIN)
        for station, _ in self.hedged:
            station.worker.hold_unhedged(is_over, now_ns)
