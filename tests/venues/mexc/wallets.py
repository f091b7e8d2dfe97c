"""Keep what an account holds: fees are taken out of the quote, or out of MX."""

from decimal import Decimal

from tests.venues.binance_spot import wallets
from tests.venues.binance_spot.wallets import MILLION, quote_of
from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.markets import SETTLE
from tests.venues.bybit.orders import Execution

TAKER_1E6 = 500


class Wallets(wallets.Wallets):
    """What clients hold. `in_mx` tells whether fees are taken out of MX, at a price of 2."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(exchange)
        self.in_mx = False
        self.maker_1e6, self.taker_1e6 = 0, TAKER_1E6

    def fee(self, made: Execution) -> tuple[Decimal, str]:
        """Return what a trade costs, and in what."""
        market = self._exchange.floors[made.symbol].market
        rate = Decimal(self.maker_1e6 if made.is_maker else self.taker_1e6) / MILLION
        fee = quote_of(market, made.ticks, made.lots) * rate
        return (round(fee / 2, 8), "MX") if self.in_mx else (round(fee, 8), SETTLE)
