"""Take the figures of a tear sheet: where the net came from, its risk, what was traded for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from runner.report.bootstrap import Band, Resampler, block_of
from runner.report.drawdown import Drawdown
from runner.report.figure import Figure, too_few
from runner.report.held import Held
from runner.report.markout_curve import Curve
from runner.report.parts import Parts
from runner.report.ratios import return_figures
from runner.report.steps import Steps
from runner.report.trading import Traded, trading_figures

FINE_STEPS = 1440
"""Falls are looked for between so many equal moments."""


@dataclass(frozen=True, slots=True)
class Grid:
    """How a run's time is cut, and the draws that belong to it: `fine` for falls alone."""

    moments_ns: list[int]
    fine_ns: list[int]
    draws: Resampler
    fine_draws: Resampler


@dataclass(frozen=True, slots=True)
class Tear:
    """The tear sheet of a market, or of a whole run in one currency.

    `bands` are of ``net`` and of the parts by name. `curve` and `held` are a market's own. `steps`
    and the finer `fine` are None where a mid that counts is not known: then there are no returns
    and no bands.
    """

    currency: str
    parts: Parts
    net: Decimal | None
    traded: Traded
    steps: Steps | None
    fine: Steps | None
    bands: Mapping[str, Band | None]
    figures: tuple[Figure, ...]
    drawdown: Drawdown | None
    curve: Curve | None = None
    held: Held | None = None

    def figure(self, key: str) -> Figure:
        """Return a figure by its key."""
        return next(figure for figure in self.figures if figure.key == key)


def grid_of_time(moments_ns: list[int], fine_ns: list[int]) -> Grid:
    """Return the grid of a run's moments, with the draws of its lengths."""
    return Grid(moments_ns, fine_ns, _draws(moments_ns), _draws(fine_ns))


def _draws(moments_ns: list[int]) -> Resampler:
    steps = len(moments_ns) - 1
    step_s = (moments_ns[-1] - moments_ns[0]) / steps / 1e9
    return Resampler(steps, block_of(steps, step_s))


def tear_of(
    currency: str,
    parts: Parts,
    net: Decimal | None,
    traded: Traded,
    steps: Steps | None,
    fine: Steps | None,
    grid: Grid,
    *,
    curve: Curve | None = None,
    held: Held | None = None,
) -> Tear:
    """Return a tear sheet from what was reckoned exactly and from the steps."""
    returns, drawdown = return_figures(steps, fine, grid.draws, grid.fine_draws, traded)
    sums = _sums(steps, grid.draws) if steps is not None and not too_few(traded.fills) else {}
    bands: dict[str, Band | None] = {name: Band.of(draws) for name, draws in sums.items()}
    before_funding = bands.get("net")
    if before_funding is not None:
        bands["net"] = before_funding.moved(float(parts.funding))
    trading = trading_figures(currency, parts, net, traded, sums, held)
    figures = (*returns, *trading)
    return Tear(currency, parts, net, traded, steps, fine, bands, figures, drawdown, curve, held)


def _sums(steps: Steps, draws: Resampler) -> dict[str, list[float]]:
    """Return each draw's money and counts, fees as what they took."""
    columns = {
        "net": steps.net,
        "spread": steps.spread,
        "adverse": steps.adverse,
        "inventory": steps.inventory,
        "fees": [-fee for fee in steps.fees],
        "volume": steps.volume,
        "fills": steps.fills,
    }
    return {name: draws.sums(column) for name, column in columns.items()}
