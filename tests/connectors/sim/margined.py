"""Give an exchange margin in whole numbers: a unit is half a tick times a lot."""

from dataclasses import dataclass

from connectors.sim.exchange import Exchange
from connectors.sim.margin import BILLION


@dataclass(frozen=True)
class Terms:
    """Collateral in half ticks times lots, shares in billionths, fees likewise."""

    collateral: int
    initial_ppb: int = BILLION // 5
    tiers: tuple[tuple[int, int, int], ...] = ((0, BILLION // 20, 0),)
    maker_ppb: int = 0
    taker_ppb: int = 0
    liquidation_ppb: int = 0
    marks_by_trade: bool = False

    def __call__(self, x: Exchange) -> Exchange:
        """Switch an exchange's margin on, and return it."""
        m = x.margin
        m.is_on = m.is_stale = True
        m.units = 1
        m.initial_ppb = self.initial_ppb
        m.count = len(self.tiers)
        for k, (start, ppb, deduction) in enumerate(self.tiers):
            m.from_half_tick_lots[k] = start
            m.maintenance_ppb[k] = ppb
            m.deduction_half_tick_lots[k] = deduction
        m.marks_by_trade = self.marks_by_trade
        x.fees.maker_ppb = self.maker_ppb
        x.fees.taker_ppb = self.taker_ppb
        x.fees.liquidation_ppb = self.liquidation_ppb
        x.wallet.equity_units = self.collateral
        return x
