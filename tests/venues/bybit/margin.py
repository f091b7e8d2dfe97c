"""Count margin: what an account is worth, what it must keep, and where it is liquidated.

Formulas are those of Bybit's help centre, USDT and USDC perpetuals under a unified account:
"Initial Margin Calculation (USDC Perpetual & Futures)", "Maintenance Margin (USDT Contract)" and
"Liquidation Price Calculation under Isolated Mode (Unified Trading Account)". Position values are
by the mark; the fee to close by the entry at the price where the initial margin is gone.
"""

from dataclasses import dataclass

from tests.venues.bybit.accounts import ISOLATED, Account
from tests.venues.bybit.exchange import Exchange, Floor
from tests.venues.bybit.orders import Order, Position

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """One position's health, in atoms. `liquidation_ticks` is 0 where there is none."""

    value: int
    unrealized: int
    initial: int
    maintenance: int
    balance: int = 0
    liquidation_ticks: int = 0
    bankruptcy_ticks: int = 0


@dataclass(frozen=True, slots=True)
class Worth:
    """An account's health, in atoms: the equity, and the initial margin of positions and orders."""

    wallet: int
    unrealized: int
    position_initial: int
    order_initial: int
    maintenance: int

    @property
    def equity(self) -> int:
        """Return what the account is worth."""
        return self.wallet + self.unrealized

    @property
    def initial(self) -> int:
        """Return all initial margin."""
        return self.position_initial + self.order_initial

    @property
    def available(self) -> int:
        """Return what it may still risk."""
        return max(0, self.equity - self.initial)


def fee_to_close(account: Account, entry: int, leverage_1e2: int, is_short: bool) -> int:
    """Return the taker's fee of closing where the margin is gone: entry (1 -+ 1/leverage) rate."""
    shift = entry * 100 // leverage_1e2
    return (entry + shift if is_short else entry - shift) * account.vip.taker_1e6 // MILLION


def held_of(exchange: Exchange, account: Account, symbol: str, held: Position) -> Held:
    """Return a position's health."""
    floor = exchange.floors[symbol]
    market, is_short = floor.market, held.lots < 0
    if not held.lots:
        return Held(0, 0, 0, 0)
    leverage = account.leverage(symbol, is_short)
    value = market.value(floor.mark_ticks, abs(held.lots))
    tier = market.tier(value)
    closing = fee_to_close(account, held.entry, leverage, is_short)
    unrealized = (value - held.entry) * (-1 if is_short else 1)
    initial = value * 100 // leverage + closing
    maintenance = value * tier.maintenance_1e6 // MILLION - tier.deduction + closing
    if account.margin_mode != ISOLATED:
        ticks = _cross_liquidation(exchange, account, symbol, held, maintenance)
        return Held(value, unrealized, initial, maintenance, 0, ticks, 0)
    balance = held.entry * 100 // leverage + closing + held.added_margin
    ticks = _isolated_liquidation(account, floor, held)
    bankrupt = _bankruptcy(floor, held, held.entry * 100 // leverage + held.added_margin)
    return Held(value, unrealized, initial, maintenance, balance, ticks, bankrupt)


def _isolated_liquidation(account: Account, floor: Floor, held: Position) -> int:
    """Return entry -+ (initial margin - maintenance margin + added) / size, by entry values."""
    sign = -1 if held.lots < 0 else 1
    tier = floor.market.tier(held.entry)
    initial = held.entry * 100 // account.leverage(floor.market.symbol, held.lots < 0)
    maintenance = held.entry * tier.maintenance_1e6 // MILLION - tier.deduction
    room = initial - maintenance + held.added_margin
    return max(0, (held.entry - sign * room) // (abs(held.lots) * floor.market.unit))


def _bankruptcy(floor: Floor, held: Position, margin: int) -> int:
    sign = -1 if held.lots < 0 else 1
    return max(0, (held.entry - sign * margin) // (abs(held.lots) * floor.market.unit))


def _cross_liquidation(
    exchange: Exchange, account: Account, symbol: str, held: Position, maintenance: int
) -> int:
    """Return the price at which the rest of the account would be used up, all else unmoved."""
    floor = exchange.floors[symbol]
    others = account.wallet
    for (name, _), other in account.positions.items():
        if other is not held and other.lots:
            market, mark = exchange.floors[name].market, exchange.floors[name].mark_ticks
            value = market.value(mark, abs(other.lots))
            tier = market.tier(value)
            gained = (value - other.entry) * (1 if other.lots > 0 else -1)
            others += gained - (value * tier.maintenance_1e6 // MILLION - tier.deduction)
    return _bankruptcy(floor, held, others - maintenance)


def order_margin(exchange: Exchange, account: Account, symbol: str, lots: int, ticks: int) -> int:
    """Return what signed lots of orders at a price need: value / leverage, and both fees."""
    market = exchange.floors[symbol].market
    value = market.value(ticks, abs(lots))
    leverage = account.leverage(symbol, lots < 0)
    opening = value * account.vip.taker_1e6 // MILLION
    return value * 100 // leverage + opening + fee_to_close(account, value, leverage, lots < 0)


def worth(exchange: Exchange, account: Account, added: Order | None = None) -> Worth:
    """Return an account's health, as if it also had the order `added`."""
    unrealized = initial = resting = maintenance = 0
    for (symbol, idx), held in list(account.positions.items()):
        of = held_of(exchange, account, symbol, held)
        unrealized += of.unrealized
        initial += of.initial
        maintenance += of.maintenance
        extra = [added] if added and (added.symbol, added.position_idx) == (symbol, idx) else []
        resting += _resting(exchange, account, symbol, held, [*held.orders.values(), *extra])
    return Worth(account.wallet, unrealized, initial, resting, maintenance)


def _resting(
    exchange: Exchange, account: Account, symbol: str, held: Position, live: list[Order]
) -> int:
    """Return the margin of the heavier side of orders, less what only closes the position."""
    heavier = 0
    for is_ask in (False, True):
        free = max(0, held.lots if is_ask else -held.lots)
        total = 0
        for order in live:
            if order.is_ask != is_ask or order.reduce_only:
                continue
            opening = max(0, order.open_lots - free)
            free = max(0, free - order.open_lots)
            signed = -opening if is_ask else opening
            total += order_margin(exchange, account, symbol, signed, order.ticks)
        heavier = max(heavier, total)
    return heavier


def may_grow(exchange: Exchange, order: Order) -> bool:
    """Tell whether an account has margin for an order; what can only reduce is always allowed."""
    account = exchange.accounts[order.account]
    if account.is_crowd or order.reduce_only:
        return True
    held = account.position(order.symbol, order.position_idx).lots
    if held and (held > 0) == order.is_ask and order.open_lots <= abs(held):
        return True
    after = worth(exchange, account, order)
    return after.equity >= after.initial
