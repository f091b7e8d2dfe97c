"""Make orders that no client has signed: the crowd's, the venue's own, and other hands'."""

from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.orders import Kind, Order, TimeInForce


def unsigned(
    exchange: Exchange, market_id: int, account: int, is_ask: bool, ticks: int, lots: int
) -> Order:
    """Return an immediate-or-cancel limit order; whoever wants it to rest says so."""
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
    )


def lasting(order: Order, expiry_ms: int) -> Order:
    """Let an order rest until a moment."""
    order.tif, order.expiry_ms = TimeInForce.GTT, expiry_ms
    return order
