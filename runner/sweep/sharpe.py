"""Judge the best of many trials: the Sharpe ratio, and what is left of it after the search.

Bailey and Lopez de Prado, "The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest
Overfitting, and Non-Normality", Journal of Portfolio Management 40 (5), 2014.
"""

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist, fmean

from runner.report.sharpe import Sharpe

EULER_GAMMA = 0.5772156649015329
_NORMAL = NormalDist()


def probabilistic(sharpe: Sharpe, benchmark: float) -> float:
    """Return the probability that the true ratio of one stretch is above a benchmark (eq. 2)."""
    spread = 1.0 - sharpe.skewness * sharpe.ratio
    spread += (sharpe.kurtosis - 1.0) / 4.0 * sharpe.ratio * sharpe.ratio
    if spread <= 0.0:
        return 1.0 if sharpe.ratio > benchmark else 0.0
    error = math.sqrt(spread / (sharpe.count - 1))
    return _NORMAL.cdf((sharpe.ratio - benchmark) / error)


def expected_best(variance: float, trials: float) -> float:
    """Return the largest ratio to expect of trials that are worth nothing (eq. 1).

    `variance` is that of the trials' ratios, `trials` the number of independent ones.
    """
    if trials <= 1.0 or variance <= 0.0:
        return 0.0
    one = _NORMAL.inv_cdf(1.0 - 1.0 / trials)
    two = _NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    return math.sqrt(variance) * ((1.0 - EULER_GAMMA) * one + EULER_GAMMA * two)


def effective_trials(groups: Iterable[Sequence[Sequence[float]]]) -> float:
    """Return the number of independent trials: ``rho + (1 - rho) * trials`` (appendix A.3).

    rho is the mean correlation between trials. A group's returns are of the same stretches; trials
    of different groups count as uncorrelated, which deflates more.
    """
    trials, together = 0, 0.0
    for group in groups:
        trials += len(group)
        together += _sum_of_correlations(group)
    if trials < 2:
        return float(trials)
    rho = min(max(together / (trials * (trials - 1)), 0.0), 1.0)
    return rho + (1.0 - rho) * trials


def _sum_of_correlations(group: Sequence[Sequence[float]]) -> float:
    """Return the sum over ordered pairs of different trials, from the sum of standard scores."""
    if not group:
        return 0.0
    sums = [0.0] * len(group[0])
    for returns in group:
        mean = fmean(returns)
        deviation = math.sqrt(fmean((value - mean) ** 2 for value in returns))
        for k, value in enumerate(returns):
            sums[k] += (value - mean) / deviation
    return fmean(total * total for total in sums) - len(group)
