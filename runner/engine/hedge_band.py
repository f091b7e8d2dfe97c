"""Solve a hedge's band again and again from what its markets did, and hand it over where it moves.

The hedge journals each band that it hears, so that its tape and journal replay to the same
decisions. Nothing here outlives the process: a start expects what its settings say.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from strategies.desk import Desk
from strategies.hedge_measured import SAMPLE_S, Basis, Fills

SAMPLE_NS = int(SAMPLE_S * 1e9)

Solve = Callable[[float, float], int]
"""Return a band in grains from fills a second of one side and the basis in bps/sqrt(s)."""


@dataclass(slots=True)
class MeasuredBand:
    """What one hedge has measured. A clip of those that it hedges is `clip_grains`."""

    fills: Fills
    bases: Sequence[Basis]
    clip_grains: float
    every_ns: int
    solve: Solve
    _grains: int = 0
    _held_ns: int = 0
    _sampled_ns: int = 0
    _solved_ns: int = 0

    def look(self, hedge: Desk, hedged: Sequence[Desk], grains: int, now_ns: int) -> int | None:
        """Take what is held now; return a band to go on with, None where it stays."""
        if self._held_ns == 0:
            self._grains = grains
            self._held_ns = self._sampled_ns = self._solved_ns = now_ns
        is_due = now_ns - self._sampled_ns >= SAMPLE_NS
        if grains == self._grains and not is_due:
            return None
        self._hold(grains, now_ns)
        if not is_due:
            return None
        self._sample(hedge, hedged, now_ns)
        if now_ns - self._solved_ns < self.every_ns:
            return None
        self._solved_ns = now_ns
        band = self.solve(self.fills.per_s, self.basis_bps_per_sqrt_s)
        return band if band != hedge.params.hedge.band_grains else None

    @property
    def basis_bps_per_sqrt_s(self) -> float:
        """Return how far the hedge drifts from those that it hedges, in the mean of variances."""
        squares = [basis.bps_per_sqrt_s**2 for basis in self.bases]
        return math.sqrt(sum(squares) / len(squares))

    def _hold(self, grains: int, now_ns: int) -> None:
        self.fills.hold(self._grains / self.clip_grains, (now_ns - self._held_ns) / 1e9)
        self.fills.move((grains - self._grains) / self.clip_grains)
        self._grains, self._held_ns = grains, now_ns

    def _sample(self, hedge: Desk, hedged: Sequence[Desk], now_ns: int) -> None:
        since_s = (now_ns - self._sampled_ns) / 1e9
        self._sampled_ns = now_ns
        for basis, desk in zip(self.bases, hedged, strict=True):
            basis.look(_apart_bps(hedge, desk), since_s)


def _apart_bps(hedge: Desk, hedged: Desk) -> float | None:
    """Return the logarithm of two mids' ratio, up to a constant; None where one is not known."""
    mids = hedged.signals.mid_half_ticks, hedge.signals.mid_half_ticks
    if not (hedge.signals.sound and hedged.signals.sound) or min(mids) <= 0:
        return None
    return 10_000.0 * math.log(mids[0] / mids[1])
