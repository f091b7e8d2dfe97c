"""Let somebody's hands act in a market: fill an order, trade for an account, find what is ours."""

from typing import TYPE_CHECKING

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.matching import trade_with
from tests.venues.bybit.orders import Order
from tests.venues.bybit.unsigned import unsigned
from tests.venues.common.hands import client_among, ours_among

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

CROWD_NUMBER = 99
CREATED = {
    "Trade": "CreateByUser",
    "BustTrade": "CreateByLiq",
    "AdlTrade": "CreateByAdl_PassThrough",
}


def fill(exchange: Exchange, order: Order, lots: int) -> None:
    """Let somebody take so much of a resting order, whatever stands before it."""
    taker = exchange.crowd_account(CROWD_NUMBER).uid
    made = unsigned(exchange, order.symbol, taker, not order.is_ask, order.ticks, lots)
    trade_with(exchange, order, made)


def trade_for(exchange: Exchange, account: Account, symbol: str, signed: int, kind: str) -> None:
    """Let an account trade signed lots at the mark with somebody, with no order of its own."""
    ticks, lots, is_ask = exchange.floors[symbol].mark_ticks, abs(signed), signed < 0
    maker = exchange.crowd_account(CROWD_NUMBER).uid
    theirs = unsigned(exchange, symbol, maker, not is_ask, ticks, lots)
    ours = unsigned(exchange, symbol, account.uid, is_ask, ticks, lots)
    ours.is_foreign, ours.create_type = True, CREATED[kind]
    account.remember(ours)
    trade_with(exchange, theirs, ours, kind)


def client_account(venue: "Venue") -> Account:
    """Return the first account of a client."""
    return client_among(venue.exchange.accounts)


def ours_in(venue: "Venue", symbol: str, side: str | None = None) -> list[Order]:
    """Return the resting orders that clients have sent to a market, of one side or of both."""
    return ours_among(venue.exchange.accounts, symbol, side)
