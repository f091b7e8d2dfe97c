"""Take every figure of a run once, for all of its reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runner.report.figures import decimals_for
from runner.report.market_figures import Figures, figures_of
from runner.report.pairs import PairFigures, pair_figures
from runner.report.pnl import Pnl
from runner.report.pools import Pool, pools_of
from runner.report.sheets import tear_sheets
from runner.report.tear import Tear
from runner.report.totals import add_by_currency, convert_total
from runner.results import RunResult


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Figures by market, totals by currency, and one total where every rate is known.

    `tears` has a tear sheet a market, and `total_tear` that of all of them in the reporting
    currency; both are empty where none was asked for. `pools` are those of several markets,
    `pairs` those of markets held for funding.
    """

    markets: Mapping[str, Figures]
    by_currency: Mapping[str, Pnl]
    total: Pnl | None
    tears: Mapping[str, Tear] = field(default_factory=dict)
    total_tear: Tear | None = None
    pools: Sequence[Pool] = ()
    pairs: Sequence[PairFigures] = ()

    @property
    def money_decimals(self) -> int:
        """Return the decimals with which all money is shown, so that columns line up."""
        pnls = [figures.pnl for figures in self.markets.values()]
        return decimals_for(value for p in pnls for value in (p.net, p.gross, p.fees, p.funding))

    @property
    def volume_decimals(self) -> int:
        """Return the decimals of volumes: none, unless a small one would read as nothing."""
        volumes = [figures.volume_quote for figures in self.markets.values()]
        return 2 if any(0 < volume < 100 for volume in volumes) else 0


def reckon(result: RunResult, *, tear: bool = True) -> Reckoning:
    """Return every figure of a run; without `tear` no tear sheets, which take most of the time."""
    markets = {m.name: figures_of(m, result.adverse_horizon) for m in result.markets}
    traded = [m for m in result.markets if not m.only_leads]
    split = add_by_currency((m.instrument.quote, markets[m.name].pnl) for m in traded)
    total = convert_total(split, result.reporting_currency, result.rates)
    pools = pools_of(result, markets)
    pairs = pair_figures(result, markets)
    if not tear or not traded:
        return Reckoning(markets, split, total, pools=pools, pairs=pairs)
    sheets = tear_sheets(result, markets, total)
    return Reckoning(markets, split, total, *sheets, pools=pools, pairs=pairs)
