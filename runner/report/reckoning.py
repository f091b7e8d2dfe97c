"""Take every figure of a run once, for all of its reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from runner.report.equity import net_estimate
from runner.report.figures import decimals_for
from runner.report.inventory import Inventory, inventory_of
from runner.report.markouts import Estimate, Markout, markout_of
from runner.report.pnl import Pnl, account_of
from runner.report.quality import Quality, quality_of
from runner.report.totals import add_by_currency, convert_total
from runner.results import MarketResult, RunResult


@dataclass(frozen=True, slots=True)
class Figures:
    """What one market's fills come to. `net` and `markout` are None where nothing can be said."""

    pnl: Pnl
    volume_quote: Decimal
    maker_fills: int
    net: Estimate | None
    markout: Markout | None
    inventory: Inventory
    quality: Quality

    @property
    def net_per_million(self) -> Estimate | None:
        """Return the net P&L of a million traded, in the quote currency, or None."""
        if self.net is None or not self.volume_quote:
            return None
        scale = 1e6 / float(self.volume_quote)
        error = None if self.net.error is None else self.net.error * scale
        return Estimate(self.net.mean * scale, error, self.net.fills)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Figures by market, totals by currency, and one total where every rate is known."""

    markets: Mapping[str, Figures]
    by_currency: Mapping[str, Pnl]
    total: Pnl | None

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


def reckon(result: RunResult) -> Reckoning:
    """Return every figure of a run."""
    markets = {market.name: figures_of(market) for market in result.markets}
    traded = [m for m in result.markets if not m.only_leads]
    split = add_by_currency((m.instrument.quote, markets[m.name].pnl) for m in traded)
    return Reckoning(markets, split, convert_total(split, result.reporting_currency, result.rates))


def figures_of(market: MarketResult) -> Figures:
    """Return every figure of one market."""
    account = account_of(market)
    return Figures(
        pnl=account.pnl,
        volume_quote=account.volume_quote,
        maker_fills=account.maker_fills,
        net=net_estimate(market, account.pnl.net),
        markout=markout_of(market.fills),
        inventory=inventory_of(market),
        quality=quality_of(market),
    )
