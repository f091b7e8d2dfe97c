"""Liquidate who is below the maintenance margin: orders first, then positions at the market."""

from tests.venues.lighter.accounts import Account
from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.margin import worth
from tests.venues.lighter.matching import match
from tests.venues.lighter.orders import Kind, Order, Status
from tests.venues.lighter.unsigned import unsigned

REACH_FRAC = 0.05
"""How far from the mark a liquidation may trade."""


def liquidate_the_unhealthy(exchange: Exchange) -> None:
    """Close what accounts hold that are worth less than they must keep."""
    for account in list(exchange.accounts.values()):
        if account.is_crowd or not any(p.lots for p in account.positions.values()):
            continue
        health = worth(exchange, account)
        if health.value < health.maintenance:
            _liquidate(exchange, account)


def _liquidate(exchange: Exchange, account: Account) -> None:
    for order in account.live_orders():
        exchange.end(order, Status.LIQUIDATION)
    for market_id, held in list(account.positions.items()):
        if held.lots:
            order = _closing(exchange, account, market_id, held.lots)
            account.remember(order)
            match(exchange, order, "liquidation")


def _closing(exchange: Exchange, account: Account, market_id: int, lots: int) -> Order:
    mark = exchange.floors[market_id].mark_ticks
    ticks = round(mark * (1 - REACH_FRAC if lots > 0 else 1 + REACH_FRAC))
    order = unsigned(exchange, market_id, account.index, lots > 0, ticks, abs(lots))
    order.kind, order.reduce_only = Kind.MARKET, True
    return order
