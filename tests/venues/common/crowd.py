"""Be the other participants of a market: makers around a value that walks, and takers who come by.

The crowd's orders rest and trade as ours do. When the value moves, makers quote around the new
one, and what stood in the way trades: whoever is slow is picked off.
"""

import random
from dataclasses import dataclass
from typing import Protocol

BPS = 1e-4


@dataclass(frozen=True, slots=True)
class Character:
    """How a market behaves. Sigma is the value's step, reach the mean distance a taker goes."""

    start_ticks: int
    level_lots: int
    taker_lots: int
    gap_ticks: int = 1
    depth: int = 12
    period_s: float = 0.1
    sigma_bps: float = 0.3
    taker_frac: float = 0.25
    reach_bps: float = 0.8
    churn_frac: float = 0.15


class Floor(Protocol):
    """Where the crowd trades: an order's number, or None where nothing of it rests."""

    def place(self, is_ask: bool, ticks: int, lots: int, is_taker: bool) -> int | None:
        """Send a limit order; a taker's remainder does not rest."""

    def cancel(self, number: int) -> None:
        """Take an order back; one that is gone is no matter."""


class Crowd:
    """The participants of one market. All chance is drawn from `rng`."""

    def __init__(self, character: Character, rng: random.Random, floor: Floor) -> None:
        self.character = character
        self.value_ticks = float(character.start_ticks)
        self.is_frozen = False
        """Whether nobody moves any more."""
        self.follows: Crowd | None = None
        """Another market's participants, whose value is this one's too."""
        self._rng = rng
        self._floor = floor
        self._quotes: dict[tuple[bool, int], int] = {}

    def step(self) -> None:
        """Let the value walk, the makers follow it, and perhaps a taker come."""
        if self.is_frozen:
            return
        self.value_ticks = self._walked()
        self.quote()
        if self._rng.random() < self.character.taker_frac:
            self._take()

    def leap(self, frac: float) -> None:
        """Move the value at once, and quote around it."""
        self.value_ticks *= 1.0 + frac
        self.quote()

    def quote(self) -> None:
        """Cancel what no longer fits, then place what is missing around the value."""
        wanted = self._wanted()
        for key in [k for k in self._quotes if k not in wanted]:
            self._floor.cancel(self._quotes.pop(key))
        for is_ask, ticks in wanted:
            key = (is_ask, ticks)
            if key in self._quotes and self._rng.random() >= self.character.churn_frac:
                continue
            if key in self._quotes:
                self._floor.cancel(self._quotes.pop(key))
            lots = self._rng.randint(1, 2 * self.character.level_lots)
            number = self._floor.place(is_ask, ticks, lots, is_taker=False)
            if number is not None:
                self._quotes[key] = number

    def leave(self, is_ask: bool) -> None:
        """Take all orders of a side back."""
        for key in [k for k in self._quotes if k[0] == is_ask]:
            self._floor.cancel(self._quotes.pop(key))

    def _walked(self) -> float:
        """Return the next value: a step of its own, or that of whom it follows, in its ticks."""
        c = self.character
        if self.follows is not None:
            return self.follows.value_ticks * (c.start_ticks / self.follows.character.start_ticks)
        return max(100.0, self.value_ticks * (1.0 + self._rng.gauss(0.0, c.sigma_bps) * BPS))

    def _wanted(self) -> list[tuple[bool, int]]:
        c = self.character
        below = int(self.value_ticks / c.gap_ticks) * c.gap_ticks
        bids = [(False, below - k * c.gap_ticks) for k in range(c.depth)]
        asks = [(True, below + (k + 1) * c.gap_ticks) for k in range(c.depth)]
        return bids + asks

    def _take(self) -> None:
        c, rng = self.character, self._rng
        is_ask = rng.random() < 0.5
        reach = rng.expovariate(1.0 / c.reach_bps) * BPS * self.value_ticks
        ticks = self.value_ticks - reach if is_ask else self.value_ticks + c.gap_ticks + reach
        lots = rng.randint(1, 2 * c.taker_lots)
        self._floor.place(is_ask, max(1, round(ticks)), lots, is_taker=True)
