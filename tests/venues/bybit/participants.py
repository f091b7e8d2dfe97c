"""Let the crowd trade at this venue: its character in each market, and accounts of its own."""

import random

from tests.venues.bybit import orders
from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.markets import Market
from tests.venues.bybit.matching import enter
from tests.venues.bybit.orders import Order, Tif
from tests.venues.bybit.unsigned import unsigned
from tests.venues.common.crowd import Character

MAKERS = 20
TAKERS = 20
GAP_BPS = 0.4


def character_of(market: Market) -> Character:
    """Return how a market's crowd behaves, in its ticks and lots."""
    gap = max(1, round(market.start_ticks * GAP_BPS * 1e-4))
    return Character(market.start_ticks, market.level_lots, market.level_lots // 2, gap)


class CrowdFloor:
    """Where the crowd trades in one market."""

    def __init__(self, exchange: Exchange, symbol: str, rng: random.Random) -> None:
        self._exchange = exchange
        self._symbol = symbol
        self._rng = rng
        self._orders: dict[int, Order] = {}

    def place(self, is_ask: bool, ticks: int, lots: int, is_taker: bool) -> int | None:
        """Send an order of somebody's."""
        x = self._exchange
        number = self._rng.randrange(TAKERS) + MAKERS if is_taker else self._rng.randrange(MAKERS)
        order = unsigned(x, self._symbol, x.crowd_account(number).uid, is_ask, ticks, lots)
        if not is_taker:
            order.tif = Tif.GTC
        enter(x, order)
        if not order.is_open:
            return None
        self._orders[order.number] = order
        return order.number

    def cancel(self, number: int) -> None:
        """Take an order back."""
        order = self._orders.pop(number, None)
        if order is not None and order.is_open:
            self._exchange.end(order, orders.BY_USER)
