"""Draw the experiment of Avellaneda and Stoikov (2008), section 3.3, path by path.

Each step each side fills at most once, independently, with chance min(A exp(-k distance) dt, 1);
then mid moves by sigma sqrt(dt) up or down. The quotes are those of our kernel.
"""

import math
from dataclasses import dataclass

import numpy as np

from tests.strategies.as_markov import Market as Chain
from tests.strategies.as_markov import Rule, outcome
from tests.strategies.vector_checks import average_spread, session

SIGMA, K, A, T, DT = 2.0, 1.5, 140.0, 1.0, 0.005
STEPS = round(T / DT)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a published table: 1000 simulations."""

    gamma: float
    strategy: str
    spread: float
    profit: float
    profit_deviation: float
    inventory: float
    inventory_deviation: float


PUBLISHED = (
    Row(0.1, "inventory", 1.49, 65.0, 6.6, 0.08, 2.9),
    Row(0.1, "symmetric", 1.49, 68.4, 12.7, 0.26, 8.4),
    Row(0.01, "inventory", 1.35, 68.6, 8.7, 0.12, 5.1),
    Row(0.01, "symmetric", 1.35, 68.8, 12.8, 0.09, 8.7),
    Row(1.0, "inventory", 3.02, 31.4, 5.0, 0.02, 1.7),
    Row(1.0, "symmetric", 3.02, 44.0, 11.0, 0.00, 5.1),
)
"""Tables 1 to 3 of the article."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: as published, exact, and as drawn with its standard error."""

    name: str
    published: float
    exact: float
    drawn: float
    error: float

    @property
    def z(self) -> float:
        """How many standard errors the draw is from exact."""
        return (self.drawn - self.exact) / self.error if self.error else 0.0


def rules(row: Row) -> list[Rule]:
    """Return the quotes of every step."""
    inputs = {"sigma": SIGMA, "k": K, "T": T, "dt": DT, "gamma": row.gamma}
    if row.strategy == "symmetric":
        return [Rule(average_spread(inputs)["integral"] / 2, 0.0)] * STEPS
    return session(inputs, [k * DT for k in range(STEPS)])


def draw(quotes: list[Rule], paths: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return profit and final inventory of every path."""
    random = np.random.default_rng(seed)
    mid, cash, held = np.zeros(paths), np.zeros(paths), np.zeros(paths)
    for rule in quotes:
        bid, ask = rule.half + held * rule.skew, rule.half - held * rule.skew
        bought, sold = (
            random.random(paths) < A * DT * np.exp(-K * distance) for distance in (bid, ask)
        )
        cash += sold * (mid + ask) - bought * (mid - bid)
        held += bought * 1.0 - sold * 1.0
        mid += SIGMA * math.sqrt(DT) * (2.0 * random.integers(0, 2, paths) - 1.0)
    return cash + held * mid, held


def figures(row: Row, paths: int, seed: int) -> list[Figure]:
    """Return the figures of a line, with standard errors from the drawn moments."""
    quotes = rules(row)
    exact = outcome(Chain(SIGMA, A, K, DT, True), quotes)
    profit, held = draw(quotes, paths, seed)
    spread = exact["avg_spread"]
    found = [Figure("spread", row.spread, spread, spread, 0.0)]
    for name, values, means, mean, deviations, deviation in (
        ("profit", profit, row.profit, "mean_profit", row.profit_deviation, "std_profit"),
        ("inventory", held, row.inventory, "mean_q", row.inventory_deviation, "std_q"),
    ):
        sd = float(values.std())
        kurtosis = float(((values - values.mean()) ** 4).mean()) / sd**4
        found += [
            Figure(name, means, exact[mean], float(values.mean()), sd / math.sqrt(paths)),
            Figure(
                f"sd {name}",
                deviations,
                exact[deviation],
                sd,
                sd * math.sqrt((kurtosis - 1) / (4 * paths)),
            ),
        ]
    return found
