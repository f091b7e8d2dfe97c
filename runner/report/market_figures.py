"""Take every figure of one market once."""

from dataclasses import dataclass
from decimal import Decimal

from runner.report.equity import net_estimate
from runner.report.inventory import Inventory, inventory_of
from runner.report.markouts import Estimate, Markout, markout_of
from runner.report.parts import Parts, parts_of
from runner.report.pnl import Pnl, account_of
from runner.report.quality import Quality, quality_of
from runner.results import MarketResult


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
    parts: Parts

    @property
    def net_per_million(self) -> Estimate | None:
        """Return the net P&L of a million traded, in the quote currency, or None."""
        if self.net is None or not self.volume_quote:
            return None
        scale = 1e6 / float(self.volume_quote)
        error = None if self.net.error is None else self.net.error * scale
        return Estimate(self.net.mean * scale, error, self.net.fills)


def figures_of(market: MarketResult, horizon: str = "1s") -> Figures:
    """Return every figure of one market; `horizon` is that of adverse selection."""
    account = account_of(market)
    return Figures(
        pnl=account.pnl,
        volume_quote=account.volume_quote,
        maker_fills=account.maker_fills,
        net=net_estimate(market, account.pnl.net),
        markout=markout_of(market.fills),
        inventory=inventory_of(market),
        quality=quality_of(market),
        parts=parts_of(market, account.pnl, horizon),
    )
