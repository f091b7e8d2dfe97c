"""Let several markets hedge the same exposure: each hears its share, and decides on it by itself.

As `runner.engine.hedger` does for one market that hedges alone. Who takes what is decided by
`runner.engine.hedge_group`, with the same kernels as in replay. What a market hears is an event of
its journal, so its recording replays by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from runner.engine.account import Stake
from runner.engine.hedge_band import MeasuredBand
from runner.engine.hedge_group import held_grains, is_news, share_out
from runner.engine.hedger import OVER, WITHIN, Hedged
from runner.engine.warnings import Warn
from runner.engine.worker import Worker
from strategies.desk import Desk
from strategies.hedging import is_over_budget

FUNDING_NS = 1_000_000_000
"""Time between two looks at what funding costs."""


class Shares(Protocol):
    """The station of a market that hedges a share."""

    @property
    def worker(self) -> Worker: ...
    def hear_share(self, code: int, grains: int, now_ns: int) -> None: ...


@dataclass(slots=True)
class JointHedger:
    """Markets that hedge together, the first of which the hedged ones name.

    `stakes` are those of the hedges and then of the hedged. `holding_bps` asks for each hedge what
    a buyer pays to hold there.
    """

    hedges: Sequence[Shares]
    hedged: Sequence[Hedged]
    stakes: Sequence[Stake]
    holding_bps: Sequence[Callable[[], float]]
    warn: Warn
    band: MeasuredBand | None = None
    is_over: bool = False
    _asked_ns: int = 0

    def look(self, now_ns: int) -> None:
        """Share out what is to be hedged, tell who does not know yet, then hold or free others."""
        hedges = [station.worker.market.desk for station in self.hedges]
        hedged = [station.worker.market.desk for station in self.hedged]
        self._ask_funding(now_ns)
        share_out(self.stakes, [*hedges, *hedged], 0, now_ns)
        self._measure(hedges, hedged, now_ns)
        anchor = self.stakes[0].group.anchor - 1
        for n in (*(k for k in range(len(hedges)) if k != anchor), anchor):
            self._tell(n, now_ns)
        self._judge(hedges, hedges[anchor], now_ns)

    def _ask_funding(self, now_ns: int) -> None:
        if now_ns - self._asked_ns < FUNDING_NS:
            return
        self._asked_ns = now_ns
        for stake, holding_bps in zip(self.stakes, self.holding_bps, strict=False):
            stake.offer.holding_bps = holding_bps()

    def _measure(self, hedges: Sequence[Desk], hedged: Sequence[Desk], now_ns: int) -> None:
        """Let all that hedge hear of another band where what was measured asks for one."""
        if self.band is None:
            return
        band = self.band.look(hedges[0], hedged, self.stakes[0].group.grains, now_ns)
        if band is not None:
            for station in self.hedges:
                station.worker.hear_band(band, now_ns)

    def _tell(self, n: int, now_ns: int) -> None:
        station, stake = self.hedges[n], self.stakes[n]
        if is_news(stake, station.worker.market.desk):
            station.hear_share(stake.part.told_code, stake.part.told_grains, now_ns)

    def _judge(self, hedges: Sequence[Desk], anchor: Desk, now_ns: int) -> None:
        """Judge all that is unhedged at the mid of the market that has the band."""
        net = self.stakes[0].group.grains + held_grains(self.stakes, hedges, 0)
        own = anchor.orders.position_lots * anchor.params.hedge.lot_grains
        is_over = is_over_budget(anchor, net - own, self.is_over)
        if is_over != self.is_over:
            self.is_over = is_over
            self.warn(now_ns, self.hedges[0].worker.market.name, OVER if is_over else WITHIN)
        for station in self.hedged:
            station.worker.hold_unhedged(is_over, now_ns)
