"""Take the figures of returns: Sharpe and Sortino ratio of a year, and the worst fall."""

import math
from itertools import accumulate

from runner.report.bootstrap import Band, Resampler, mapped
from runner.report.drawdown import Drawdown, drawdown_of
from runner.report.figure import Figure, too_few
from runner.report.sharpe import YEAR_S, ratio_from_sums, sharpe_of, sortino_from_sums
from runner.report.steps import Steps
from runner.report.trading import Traded

NO_MID = "a mid is not known"


def return_figures(
    steps: Steps | None, fine: Steps | None, draws: Resampler, fine_draws: Resampler, traded: Traded
) -> tuple[tuple[Figure, ...], Drawdown | None]:
    """Return Sharpe, Sortino and drawdown with their bands, and the fall itself."""
    why = too_few(traded.fills) or ("" if steps is not None else NO_MID)
    sharpe, sortino = _ratios(steps, draws) if steps is not None and not why else _no_ratios(why)
    fall = _fall(fine) if fine is not None else None
    depth = None if fine is None else fall.depth if fall is not None else 0.0
    band = Band.of(fine_draws.falls(fine.net)) if fine is not None and not why else None
    none_known = "" if fine is not None else NO_MID
    lasted = None if fall is None else fall.lasted_ns / 1e9
    return (
        sharpe,
        sortino,
        Figure("max_drawdown", "max drawdown", "money", "", depth, band, none_known),
        Figure("drawdown_s", "drawdown lasted", "seconds", "", lasted, None, _back(fall)),
    ), fall


def _ratios(steps: Steps, draws: Resampler) -> tuple[Figure, Figure]:
    count, year = len(steps), math.sqrt(YEAR_S / steps.step_s)
    below = [min(value, 0.0) ** 2 for value in steps.net]
    total = draws.sums(steps.net)
    squares = draws.sums([value * value for value in steps.net])
    losses = draws.sums(below)
    sharpe = sharpe_of(steps.net)
    sortino = sortino_from_sums(math.fsum(steps.net), math.fsum(below), count) * year
    return (
        _ratio(
            "sharpe_annual",
            "Sharpe ratio, of a year",
            None if sharpe is None else sharpe.annual(steps.step_s),
            mapped(lambda a, b: ratio_from_sums(a, b, count) * year, total, squares),
        ),
        _ratio(
            "sortino_annual",
            "Sortino ratio, of a year",
            sortino if math.isfinite(sortino) else None,
            mapped(lambda a, b: sortino_from_sums(a, b, count) * year, total, losses),
        ),
    )


def _ratio(key: str, label: str, value: float | None, band: Band | None) -> Figure:
    if value is None:
        return Figure(key, label, "ratio", "", None, None, "no step lost, or none varied")
    return Figure(key, label, "ratio", "", value, band)


def _no_ratios(why: str) -> tuple[Figure, Figure]:
    return (
        Figure("sharpe_annual", "Sharpe ratio, of a year", "ratio", "", None, None, why),
        Figure("sortino_annual", "Sortino ratio, of a year", "ratio", "", None, None, why),
    )


def _fall(fine: Steps) -> Drawdown | None:
    return drawdown_of(list(fine.moments_ns), list(accumulate(fine.net, initial=0.0)))


def _back(fall: Drawdown | None) -> str:
    if fall is None:
        return "never below its peak"
    return "" if fall.recovered_ns is not None else "not recovered"
