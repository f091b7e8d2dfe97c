"""Make orders that no client has signed: the crowd's, the venue's own, and other hands'."""

from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.orders import Order, Tif


def unsigned(
    exchange: Exchange, symbol: str, account: int, is_ask: bool, ticks: int, lots: int
) -> Order:
    """Return an immediate-or-cancel limit order; whoever wants it to rest says so."""
    now_ns = exchange.now_ns
    return Order(
        exchange.next_number(),
        "",
        symbol,
        account,
        is_ask,
        ticks,
        lots,
        lots,
        now_ns,
        now_ns,
        tif=Tif.IOC,
    )
