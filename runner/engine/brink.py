"""Let each market hear how near its position is to its liquidation, and tell a person of stages.

What the venue says is asked for again and again, and handed on where it is news or the last word
grows old: as an event of its own, which is journalled. What follows from it the desk decides
(`strategies.liquidation_guard`); what comes of that is told here.
"""

from dataclasses import dataclass

from connectors.margined import Liquidation, Margined
from runner.engine.warnings import Warn
from runner.engine.worker import Worker
from strategies.liquidation_state import FAR, REDUCING, URGENT, WARNED

EVERY_NS = 200_000_000
"""Time between two looks at a mark that moves."""
AGAIN_NS = 5_000_000_000
"""When the same is told once more, so that a word which grows old is one that was not renewed."""
NOTHING = Liquidation(0, None, 0, None)
TOLD = {
    FAR: "the position is far from its liquidation again",
    WARNED: "the position is nearing its liquidation",
    REDUCING: "the position is near its liquidation: it is only reduced",
    URGENT: "the position is very near its liquidation: it is taken down step by step",
}
BLIND = "nobody knows where the position is liquidated: it is only reduced"


@dataclass(slots=True)
class Brink:
    """One market's watch. `look` is called after each of its batches and heartbeats."""

    worker: Worker
    venue: Margined
    warn: Warn
    _last: Liquidation | None = None
    _asked_ns: int = 0
    _told_ns: int = 0
    _said: tuple[int, bool] = (FAR, False)

    def look(self, now_ns: int) -> None:
        """Hand on what is new, and tell a person of a stage that has begun or ended."""
        if now_ns - self._asked_ns >= EVERY_NS:
            self._asked_ns = now_ns
            self._ask(now_ns)
        guard = self.worker.market.desk.guard
        stage = (guard.stage, guard.is_blind)
        if stage != self._said:
            self._said = stage
            self.warn(now_ns, self.worker.market.name, self.words())

    def words(self) -> str:
        """Say in words how near the position is."""
        desk = self.worker.market.desk
        if desk.guard.is_blind:
            return BLIND
        told = TOLD[desk.guard.stage]
        if desk.orders.position_lots == 0:
            return told
        left = f"{desk.guard.buffer_frac:.2f} of its buffer, {desk.guard.sigmas:.1f} sigmas"
        return f"{told}; {left} of a minute left"

    def _ask(self, now_ns: int) -> None:
        at = self.venue.liquidation(self.worker.market.name) or NOTHING
        is_new_desk = self.worker.market.desk.liquidation.told_ns == 0
        if at == self._last and now_ns - self._told_ns < AGAIN_NS and not is_new_desk:
            return
        self._last, self._told_ns = at, now_ns
        self.worker.hear_liquidation(at, now_ns)
