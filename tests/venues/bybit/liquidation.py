"""Liquidate whoever is below the maintenance margin: orders first, then positions.

An isolated position is taken over at its bankruptcy price; a cross account's positions are closed
at the market, within a reach.
"""

from tests.venues.bybit import orders
from tests.venues.bybit.accounts import ISOLATED, Account
from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.margin import Held, held_of, worth
from tests.venues.bybit.matching import match, trade_with
from tests.venues.bybit.orders import Order, Position, Tif
from tests.venues.bybit.unsigned import unsigned

REACH_FRAC = 0.05
"""How far from the mark a liquidation may trade."""
INSURANCE = 98
"""The number of the account that takes bankrupt positions over."""


def liquidate_the_unhealthy(exchange: Exchange) -> None:
    """Close what accounts hold that are worth less than they must keep."""
    for account in list(exchange.accounts.values()):
        if account.is_crowd or not any(p.lots for p in account.positions.values()):
            continue
        if account.margin_mode == ISOLATED:
            _isolated(exchange, account)
            continue
        health = worth(exchange, account)
        if health.equity < health.maintenance:
            _cross(exchange, account)


def _cross(exchange: Exchange, account: Account) -> None:
    for order in account.live_orders():
        exchange.end(order, orders.BY_LIQUIDATION)
    for (symbol, idx), held in list(account.positions.items()):
        if held.lots:
            mark = exchange.floors[symbol].mark_ticks
            ticks = round(mark * (1 - REACH_FRAC if held.lots > 0 else 1 + REACH_FRAC))
            match(exchange, _closing(exchange, account, symbol, idx, ticks), "BustTrade")


def _isolated(exchange: Exchange, account: Account) -> None:
    for (symbol, idx), held in list(account.positions.items()):
        of = held_of(exchange, account, symbol, held)
        if not held.lots or not is_beyond(held, exchange.floors[symbol].mark_ticks, of):
            continue
        for order in list(held.orders.values()):
            exchange.end(order, orders.BY_LIQUIDATION)
        taker = exchange.crowd_account(INSURANCE).uid
        ticks = max(1, of.bankruptcy_ticks)
        theirs = unsigned(exchange, symbol, taker, held.lots < 0, ticks, abs(held.lots))
        ours = _closing(exchange, account, symbol, idx, ticks)
        trade_with(exchange, theirs, ours, "BustTrade")


def is_beyond(held: Position, mark_ticks: int, of: Held) -> bool:
    """Tell whether the mark has passed a position's liquidation price."""
    at = of.liquidation_ticks
    return mark_ticks <= at if held.lots > 0 else mark_ticks >= at


def _closing(exchange: Exchange, account: Account, symbol: str, idx: int, ticks: int) -> Order:
    lots = account.position(symbol, idx).lots
    order = unsigned(exchange, symbol, account.uid, lots > 0, ticks, abs(lots))
    order.is_market, order.reduce_only, order.tif = True, True, Tif.IOC
    order.create_type, order.position_idx = "CreateByLiq", idx
    account.remember(order)
    return order
