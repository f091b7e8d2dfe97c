"""Let the crowd trade at this venue: its character in each market, and accounts of its own."""

import random

from tests.venues.common.crowd import Character
from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.markets import Market
from tests.venues.lighter.matching import enter
from tests.venues.lighter.orders import Order, Status
from tests.venues.lighter.unsigned import lasting, unsigned

MAKERS = 20
TAKERS = 20
GAP_BPS = 0.4
DAY_NS = 86_400_000_000_000


def character_of(market: Market) -> Character:
    """Return how a market's crowd behaves, in its ticks and lots."""
    gap = max(1, round(market.start_ticks * GAP_BPS * 1e-4))
    return Character(market.start_ticks, market.level_lots, market.level_lots // 2, gap)


class CrowdFloor:
    """Where the crowd trades in one market."""

    def __init__(self, exchange: Exchange, market_id: int, rng: random.Random) -> None:
        self._exchange = exchange
        self._market_id = market_id
        self._rng = rng
        self._orders: dict[int, Order] = {}

    def place(self, is_ask: bool, ticks: int, lots: int, is_taker: bool) -> int | None:
        """Send an order of somebody's."""
        x = self._exchange
        number = self._rng.randrange(TAKERS) + MAKERS if is_taker else self._rng.randrange(MAKERS)
        account = x.crowd_account(number).index
        order = unsigned(x, self._market_id, account, is_ask, ticks, lots)
        if not is_taker:
            lasting(order, (x.now_ns + DAY_NS) // 1_000_000)
        enter(x, order)
        if not order.is_open:
            return None
        self._orders[order.index] = order
        return order.index

    def cancel(self, number: int) -> None:
        """Take an order back."""
        order = self._orders.pop(number, None)
        if order is not None and order.is_open:
            self._exchange.end(order, Status.CANCELED)


def floor_for(exchange: Exchange, market_id: int, rng: random.Random) -> CrowdFloor:
    """Return the crowd's way into a market."""
    return CrowdFloor(exchange, market_id, rng)
