"""Find what a quoting rule earns in the simulation of Avellaneda and Stoikov (2008), exactly.

Inventory is a Markov chain: each step each side fills at most once, independently, then mid moves
by sigma * sqrt(dt) up or down. Mean and variance of the terminal wealth follow by recursion from
the end, the distribution of inventory by recursion from the start; nothing is drawn.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
REACH = 120
"""Largest inventory followed: beyond nine standard deviations of every rule tested."""
CLIPS: Vector = np.arange(-REACH, REACH + 1, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Market:
    """The simulated market: arrival intensity A exp(-k distance), and the step."""

    sigma: float
    intensity: float
    decay: float
    step: float
    fills_linear: bool

    def fill_chance(self, distance: Vector) -> Vector:
        """Return the chance that an order this far from mid fills within a step."""
        expected = self.intensity * self.step * np.exp(np.minimum(-self.decay * distance, 700.0))
        return np.minimum(expected, 1.0) if self.fills_linear else -np.expm1(-expected)


@dataclass(frozen=True, slots=True)
class Rule:
    """Quotes of one step: half spread, and the shift of both for each clip held."""

    half: float
    skew: float


def outcome(market: Market, rules: Sequence[Rule]) -> dict[str, float]:
    """Return mean and deviation of profit and final inventory, fills and the average spread."""
    mean, square = np.zeros_like(CLIPS), np.zeros_like(CLIPS)
    for rule in reversed(rules):
        mean, square = _back(market, rule, mean, square)
    chance = (CLIPS == 0.0).astype(np.float64)
    fills = 0.0
    for rule in rules:
        bid, ask = _chances(market, rule)
        fills += float(chance @ (bid + ask))
        chance = (
            chance * (bid * ask + (1 - bid) * (1 - ask))
            + _shift(chance * bid * (1 - ask), 1)
            + _shift(chance * ask * (1 - bid), -1)
        )
    profit = float(mean[REACH])
    return {
        "avg_spread": 2 * math.fsum(rule.half for rule in rules) / len(rules),
        "mean_profit": profit,
        "std_profit": math.sqrt(float(square[REACH]) - profit * profit),
        "mean_q": float(chance @ CLIPS),
        "std_q": math.sqrt(float(chance @ (CLIPS * CLIPS))),
        "mean_fills": fills,
    }


def _distances(rule: Rule) -> tuple[Vector, Vector]:
    return rule.half + CLIPS * rule.skew, rule.half - CLIPS * rule.skew


def _chances(market: Market, rule: Rule) -> tuple[Vector, Vector]:
    bid, ask = (market.fill_chance(distance) for distance in _distances(rule))
    bid[-1] = ask[0] = 0.0
    return bid, ask


def _back(market: Market, rule: Rule, mean: Vector, square: Vector) -> tuple[Vector, Vector]:
    """Return first and second moment of the wealth still to come, one step earlier."""
    bid_gain, ask_gain = _distances(rule)
    bid, ask = _chances(market, rule)
    moved = market.sigma * market.sigma * market.step
    new_mean, new_square = np.zeros_like(mean), np.zeros_like(square)
    for bought, sold in ((0, 0), (1, 0), (0, 1), (1, 1)):
        chance = (bid if bought else 1 - bid) * (ask if sold else 1 - ask)
        gain = bought * bid_gain + sold * ask_gain
        change = sold - bought
        then, then_square, held = (_shift(v, change) for v in (mean, square, CLIPS))
        new_mean += chance * (gain + then)
        new_square += chance * (gain * gain + 2 * gain * then + then_square + moved * held * held)
    return new_mean, new_square


def _shift(values: Vector, by: int) -> Vector:
    """Return values moved along the inventory axis; what falls off the end is lost."""
    if by == 0:
        return values
    moved = np.zeros_like(values)
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved
