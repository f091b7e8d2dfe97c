"""Draw the rest of the market: a mid that walks, a book around it, takers that reach into it."""

import random
from dataclasses import dataclass

from connectors.model.events import BUY, SELL

STEP_NS = 100_000_000
"""Time between two moves of a market."""
DEPTH = 4
BPS = 1e-4

Levels = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Character:
    """How a market behaves: where it starts, how far it walks, how often takers come, how far.

    `sigma_bps` is a step's; `reach_bps` the mean distance beyond the touch that a taker goes.
    """

    start_ticks: int
    level_lots: int
    taker_lots: int
    sigma_bps: float = 0.15
    taker_frac: float = 0.2
    reach_bps: float = 0.6


@dataclass(frozen=True, slots=True)
class Move:
    """What a step brings: the book, and what a taker took of it (no lots: nobody came)."""

    bids: Levels
    asks: Levels
    side: int
    ticks: int
    lots: int


class Flow:
    """One market without us; every number comes from `rng`."""

    def __init__(self, character: Character, rng: random.Random) -> None:
        self._character = character
        self._rng = rng
        self._mid_ticks = float(character.start_ticks)

    def step(self) -> Move:
        """Move on by one step."""
        c, rng = self._character, self._rng
        self._mid_ticks += rng.gauss(0.0, c.sigma_bps) * BPS * c.start_ticks
        bid = int(self._mid_ticks)
        bids = tuple((bid - k, rng.randint(1, 2) * c.level_lots) for k in range(DEPTH))
        asks = tuple((bid + 1 + k, rng.randint(1, 2) * c.level_lots) for k in range(DEPTH))
        if rng.random() >= c.taker_frac:
            return Move(bids, asks, BUY, 0, 0)
        reach = int(rng.expovariate(1.0 / c.reach_bps) * BPS * c.start_ticks)
        lots = rng.randint(1, 2 * c.taker_lots)
        if rng.random() < 0.5:
            return Move(bids, asks, BUY, bid + 1 + reach, lots)
        return Move(bids, asks, SELL, bid - reach, lots)

    def leap(self, bps: float) -> None:
        """Move the mid at once."""
        self._mid_ticks *= 1.0 + bps * BPS
