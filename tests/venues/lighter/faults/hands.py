"""Let somebody's hands act in a market: fill an order, trade for an account, end orders."""

from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.matching import trade_with
from tests.venues.lighter.orders import Order
from tests.venues.lighter.unsigned import unsigned

CROWD_NUMBER = 99


def fill(exchange: Exchange, order: Order, lots: int) -> None:
    """Let somebody take so much of a resting order, whatever stands before it."""
    taker = exchange.crowd_account(CROWD_NUMBER).index
    made = unsigned(exchange, order.market_id, taker, not order.is_ask, order.ticks, lots)
    trade_with(exchange, order, made)


def trade_for(
    exchange: Exchange, market_id: int, account: int, is_ask: bool, lots: int, kind: str
) -> None:
    """Let an account trade at the mark with somebody, with no order of its own."""
    ticks = exchange.floors[market_id].mark_ticks
    maker = exchange.crowd_account(CROWD_NUMBER).index
    theirs = unsigned(exchange, market_id, maker, not is_ask, ticks, lots)
    ours = unsigned(exchange, market_id, account, is_ask, ticks, lots)
    ours.is_foreign = True
    exchange.accounts[account].remember(ours)
    trade_with(exchange, theirs, ours, kind)
