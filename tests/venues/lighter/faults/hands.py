"""Let somebody's hands act in a market: fill an order, trade for an account, end orders."""

from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.matching import trade_with
from tests.venues.lighter.orders import Kind, Order, TimeInForce

CROWD_NUMBER = 99


def order_of(
    exchange: Exchange, market_id: int, account: int, is_ask: bool, ticks: int, lots: int
) -> Order:
    """Return an order that nobody has signed."""
    return Order(
        index=exchange.next_index(market_id, is_ask),
        client_index=0,
        market_id=market_id,
        account=account,
        is_ask=is_ask,
        ticks=ticks,
        lots=lots,
        open_lots=lots,
        kind=Kind.LIMIT,
        tif=TimeInForce.IOC,
        created_ns=exchange.now_ns,
        updated_ns=exchange.now_ns,
        tx_hash=f"{exchange.rng.getrandbits(320):080x}",
        is_foreign=True,
    )


def fill(exchange: Exchange, order: Order, lots: int) -> None:
    """Let somebody take so much of a resting order, whatever stands before it."""
    taker = exchange.crowd_account(CROWD_NUMBER).index
    made = order_of(exchange, order.market_id, taker, not order.is_ask, order.ticks, lots)
    trade_with(exchange, order, made)


def trade_for(
    exchange: Exchange, market_id: int, account: int, is_ask: bool, lots: int, kind: str
) -> None:
    """Let an account trade at the mark with somebody, with no order of its own."""
    ticks = exchange.floors[market_id].mark_ticks
    maker = exchange.crowd_account(CROWD_NUMBER).index
    theirs = order_of(exchange, market_id, maker, not is_ask, ticks, lots)
    ours = order_of(exchange, market_id, account, is_ask, ticks, lots)
    exchange.accounts[account].orders[ours.index] = ours
    trade_with(exchange, theirs, ours, kind)
