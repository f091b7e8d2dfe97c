"""Keep what accounts hold of assets: what orders lock of it, and what trades move."""

from decimal import Decimal

from tests.venues.lighter.accounts import Account
from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.markets import MICRO, Market
from tests.venues.lighter.orders import Order, Party, Trade

MILLION = Decimal(1_000_000)


def given(market: Market, is_ask: bool, ticks: int, lots: int) -> tuple[int, Decimal]:
    """Return the asset that an order gives, and how much of it."""
    if is_ask:
        return market.base_asset_id, base_of(market, lots)
    return market.quote_asset_id, quote_of(ticks, lots)


def base_of(market: Market, lots: int) -> Decimal:
    """Return lots in base."""
    return Decimal(lots).scaleb(-market.size_decimals)


def quote_of(ticks: int, lots: int) -> Decimal:
    """Return a notional in quote."""
    return Decimal(ticks * lots) / MICRO


def locked(exchange: Exchange, account: Account, asset_id: int) -> Decimal:
    """Return what resting orders have locked of an asset."""
    found = Decimal(0)
    for order in account.live_orders():
        market = exchange.floors[order.market_id].market
        if market.is_spot:
            of, amount = given(market, order.is_ask, order.ticks, order.open_lots)
            found += amount if of == asset_id else 0
    return found


def can_give(exchange: Exchange, order: Order) -> bool:
    """Tell whether an account has free what an order on a spot market would give."""
    account = exchange.accounts[order.account]
    market = exchange.floors[order.market_id].market
    if account.is_crowd:
        return True
    asset_id, amount = given(market, order.is_ask, order.ticks, order.open_lots)
    held = account.assets.get(asset_id, Decimal(0))
    return amount <= held - locked(exchange, account, asset_id)


def exchange_assets(exchange: Exchange, trade: Trade) -> tuple[int, int]:
    """Move both sides' assets; each pays its fee out of what it gets.

    Return the fees of maker and taker, in millionths of what they were taken in.
    """
    market = exchange.floors[trade.market_id].market
    sides = ((trade.maker, trade.is_maker_ask), (trade.taker, not trade.is_maker_ask))
    maker, taker = (_settle(exchange, market, trade, *side) for side in sides)
    return maker, taker


def _settle(exchange: Exchange, market: Market, trade: Trade, party: Party, is_ask: bool) -> int:
    account = exchange.accounts[party.account]
    gives, given_amount = given(market, is_ask, trade.ticks, trade.lots)
    gets, got = given(market, not is_ask, trade.ticks, trade.lots)
    fee = got * party.fee_1e6 / MILLION
    if not account.is_crowd:
        move(account, gives, -given_amount)
        move(account, gets, got - fee)
    return round(fee * MICRO)


def move(account: Account, asset_id: int, amount: Decimal) -> None:
    """Change what an account holds of an asset."""
    account.assets[asset_id] = account.assets.get(asset_id, Decimal(0)) + amount
