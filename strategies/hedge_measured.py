"""Learn what a hedge's band depends on from what happens: fills of those it hedges, and the basis.

What was expected at the start counts as `memory_s` of it, and what is measured fades as fast, so
that an estimate is there from the first moment and follows the market after.
"""

import math
from dataclasses import dataclass

LEAST_FILLS_PER_S = 1e-6
"""No fills at all would leave a chain without a law."""
SAMPLE_S = 10.0
"""Time between two looks at the basis: shorter ones would measure the bounce within the spread."""


@dataclass(slots=True)
class Fills:
    """Fills of one side a second at flat, in clips.

    With the rates of `strategies.hedge_band`, ``fills exp(-skew q)`` up and ``fills exp(skew q)``
    down at an inventory of q clips, the estimate of greatest likelihood is the number of fills over
    the integral of ``2 cosh(skew q)``. A part of a clip counts by its square, as it adds to the
    variance of what is held.
    """

    memory_s: float
    skew_per_clip: float
    moves: float
    chance_s: float

    @classmethod
    def expected(cls, fills_per_s: float, skew_per_clip: float, memory_s: float) -> "Fills":
        """Return what is known before anything was measured."""
        chance_s = 2.0 * memory_s
        return cls(memory_s, skew_per_clip, fills_per_s * chance_s, chance_s)

    def hold(self, clips: float, lasts_s: float) -> None:
        """Take that so much was held for a time."""
        kept = math.exp(-lasts_s / self.memory_s)
        self.moves *= kept
        chance = 2.0 * math.cosh(min(self.skew_per_clip * abs(clips), 50.0))
        self.chance_s = self.chance_s * kept + chance * lasts_s

    def move(self, clips: float) -> None:
        """Take a change of what is held."""
        self.moves += clips * clips

    @property
    def per_s(self) -> float:
        """Return the rate."""
        return max(self.moves / self.chance_s, LEAST_FILLS_PER_S)


@dataclass(slots=True)
class Basis:
    """How far two prices drift apart: the root of the variance a second, in bps/sqrt(s)."""

    memory_s: float
    variance_bps2: float
    time_s: float
    last_bps: float | None = None

    @classmethod
    def expected(cls, bps_per_sqrt_s: float, memory_s: float) -> "Basis":
        """Return what is known before anything was measured."""
        return cls(memory_s, bps_per_sqrt_s**2 * memory_s, memory_s)

    def look(self, basis_bps: float | None, since_s: float) -> None:
        """Take how far apart the prices are now, None where one of them is not known."""
        if basis_bps is not None and self.last_bps is not None:
            kept = math.exp(-since_s / self.memory_s)
            self.variance_bps2 = self.variance_bps2 * kept + (basis_bps - self.last_bps) ** 2
            self.time_s = self.time_s * kept + since_s
        self.last_bps = basis_bps

    @property
    def bps_per_sqrt_s(self) -> float:
        """Return the root."""
        return math.sqrt(self.variance_bps2 / self.time_s)
