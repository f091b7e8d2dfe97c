"""Fit the micro-price's table: where mid goes in expectation, by imbalance and spread.

Stoikov 2018. The touch is a Markov chain over states (spread, bucket of the imbalance). From each
state, before the next update, mid stays (Q), moves by K for good (R1, the chain of a moving mid
ends) or moves and lands in a state (R2). With B = (1 - Q)^-1 R2::

    G1 = (1 - Q)^-1 R1 K ,   G = sum_{i < STEPS} B^i G1      [ticks above mid]

Every move is counted twice, as it was and mirrored, so that G is odd in the imbalance; without
this the sum does not converge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from strategies.signals.microprice import BUCKETS, SPREADS

if TYPE_CHECKING:
    from runner.calibrate.recording import Tops

STEPS = 6
LEAST_MOVES = 200
STATES = SPREADS * BUCKETS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """The fitted table [ticks], or why it is refused, and the moves of mid it was fitted on."""

    ticks: Floats
    moves: int
    refused: str = ""


def adjustments(stay: Floats, end: Floats, moves: Floats, land: Floats) -> tuple[Floats, Floats]:
    """Return G1 and B of a chain: (n, n) `stay`, (n, m) `end` with (m,) `moves`, (n, n) `land`."""
    inverse = np.linalg.inv(np.eye(len(stay)) - stay)
    return inverse @ end @ moves, inverse @ land


def summed(first: Floats, onward: Floats) -> Floats:
    """Return G, the sum of the first `STEPS` adjustments."""
    total, term = np.zeros_like(first), first
    for _ in range(STEPS):
        total = total + term
        term = onward @ term
    return total


def fit_seen(seen: Tops) -> Table:
    """Fit the touches that we saw; refuse when the two halves of them do not agree."""
    columns = (seen.bid_ticks, seen.ask_ticks, seen.bid_lots, seen.ask_lots)
    whole = fit(*columns)
    if whole.refused:
        return whole
    middle = len(seen.ns) // 2
    first, second = fit(*(c[:middle] for c in columns)), fit(*(c[middle:] for c in columns))
    if first.refused or second.refused:
        why = f"expected {LEAST_MOVES} moves of mid in each half, was {whole.moves} in all"
        return replace(whole, refused=why)
    apart = float(np.sqrt(np.mean((first.ticks - second.ticks) ** 2)))
    size = float(np.sqrt(np.mean(whole.ticks**2)))
    if apart > size:
        why = f"its halves differ by {apart:.2g} ticks, it moves mid by {size:.2g}"
        return replace(whole, refused=why)
    return whole


def fit(bid: Integers, ask: Integers, bid_lots: Integers, ask_lots: Integers) -> Table:
    """Fit the touch after each of its changes, in ticks and lots, in order of time."""
    states = _states(bid, ask, bid_lots, ask_lots)
    half_ticks = np.diff(bid + ask)
    known = (states[:-1] >= 0) & (states[1:] >= 0)
    moved = known & (half_ticks != 0)
    count = int(moved.sum())
    if count < LEAST_MOVES:
        return Table(np.zeros(STATES), count, f"expected {LEAST_MOVES} moves of mid, was {count}")
    before, after, steps = states[:-1][known], states[1:][known], half_ticks[known] / 2
    before = np.concatenate([before, _mirrored(before)])
    after = np.concatenate([after, _mirrored(after)])
    steps = np.concatenate([steps, -steps])
    stay, land, drift = _chain(before, after, steps)
    seen = np.bincount(before, minlength=STATES) > 0
    first, onward = adjustments(stay, drift[:, None], np.ones(1), land)
    return Table(np.where(seen, summed(first, onward), _weighted()), count)


def _chain(before: Integers, after: Integers, steps: Floats) -> tuple[Floats, Floats, Floats]:
    """Return Q, R2 and the mean move of one update from each state."""
    visits = np.maximum(np.bincount(before, minlength=STATES), 1)[:, None]
    stay, land = np.zeros((STATES, STATES)), np.zeros((STATES, STATES))
    still = steps == 0.0
    np.add.at(stay, (before[still], after[still]), 1.0)
    np.add.at(land, (before[~still], after[~still]), 1.0)
    drift = np.bincount(before, weights=steps, minlength=STATES)
    return stay / visits, land / visits, drift / visits[:, 0]


def _states(bid: Integers, ask: Integers, bid_lots: Integers, ask_lots: Integers) -> Integers:
    """Return each touch's state, -1 where the spread is wider than the table."""
    weight = bid_lots / np.maximum(bid_lots + ask_lots, 1)
    bucket = np.minimum((weight * BUCKETS).astype(np.int64), BUCKETS - 1)
    spread = ask - bid
    state = (spread - 1) * BUCKETS + bucket
    return np.where((spread >= 1) & (spread <= SPREADS), state, -1)


def _mirrored(states: Integers) -> Integers:
    """Return the states with both sides exchanged."""
    spread, bucket = states // BUCKETS, states % BUCKETS
    return spread * BUCKETS + BUCKETS - 1 - bucket


def _weighted() -> Floats:
    """Return the weighted mid of each state's middle, for states that were never seen."""
    spread = 1 + np.arange(STATES) // BUCKETS
    weight = (np.arange(STATES) % BUCKETS + 0.5) / BUCKETS
    return 0.5 * spread * (2.0 * weight - 1.0)
