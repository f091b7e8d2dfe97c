"""Keep what an account holds of currencies: what orders lock of it, and what trades move."""

from decimal import Decimal

from tests.venues.binance_spot.markets import FEE_1E6
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.markets import ATOM, SETTLE, Market
from tests.venues.bybit.orders import Execution, Order

MILLION = Decimal(1_000_000)


def base_of(market: Market, lots: int) -> Decimal:
    """Return lots in base."""
    return Decimal(lots).scaleb(-market.size_decimals)


def quote_of(market: Market, ticks: int, lots: int) -> Decimal:
    """Return a notional in quote."""
    return Decimal(market.value(ticks, lots)) / ATOM


class Wallets:
    """What clients hold. `in_bnb` tells whether fees are taken out of BNB, at a price of 500."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._held: dict[int, dict[str, Decimal]] = {}
        self.in_bnb = True
        self.fee_1e6 = FEE_1E6

    def open(self, uid: int, held: dict[str, Decimal]) -> None:
        """Let an account hold something."""
        self._held[uid] = dict(held)

    def move(self, uid: int, asset: str, amount: Decimal) -> None:
        """Pay into a wallet, or out of it."""
        held = self._held[uid]
        held[asset] = held.get(asset, Decimal(0)) + amount

    def held(self, uid: int) -> dict[str, Decimal]:
        """Return what an account holds, what is locked included."""
        return self._held[uid]

    def locked(self, account: Account, asset: str) -> Decimal:
        """Return what resting orders have locked of a currency."""
        given = (self._given(order) for order in account.live_orders())
        return sum((amount for of, amount in given if of == asset), Decimal(0))

    def can_give(self, account: Account, order: Order) -> bool:
        """Tell whether an account has free what an order would give."""
        asset, amount = self._given(order)
        free = self._held[account.uid].get(asset, Decimal(0)) - self.locked(account, asset)
        return amount <= free

    def settle(self, uid: int, made: Execution) -> None:
        """Move both currencies of a trade, and take its fee."""
        market = self._exchange.floors[made.symbol].market
        base, quote = base_of(market, made.lots), quote_of(market, made.ticks, made.lots)
        sign = -1 if made.is_ask else 1
        self.move(uid, market.base, sign * base)
        self.move(uid, SETTLE, -sign * quote)
        fee, asset = self.fee(made)
        self.move(uid, asset, -fee)

    def fee(self, made: Execution) -> tuple[Decimal, str]:
        """Return what a trade costs, and in what: a share of what was received, or BNB."""
        market = self._exchange.floors[made.symbol].market
        rate = Decimal(self.fee_1e6) / MILLION
        quote = quote_of(market, made.ticks, made.lots)
        if self.in_bnb:
            return round(quote * rate / 500, 8), "BNB"
        if made.is_ask:
            return round(quote * rate, 8), SETTLE
        return round(base_of(market, made.lots) * rate, 8), market.base

    def _given(self, order: Order) -> tuple[str, Decimal]:
        market = self._exchange.floors[order.symbol].market
        if order.is_ask:
            return market.base, base_of(market, order.open_lots)
        return SETTLE, quote_of(market, order.ticks, order.open_lots)
