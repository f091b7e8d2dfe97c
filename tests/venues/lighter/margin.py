"""Count margin: cross, by the mark price, every open order as if it had traded in full."""

from dataclasses import dataclass

from tests.venues.lighter.accounts import Account
from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.orders import Order


@dataclass(frozen=True, slots=True)
class Worth:
    """An account's health in micro-USDC."""

    collateral: int
    unrealized: int
    notional: int
    initial: int
    maintenance: int

    @property
    def value(self) -> int:
        """Return what it is worth if all is closed at the mark."""
        return self.collateral + self.unrealized

    @property
    def available(self) -> int:
        """Return what it may still risk."""
        return max(0, self.value - self.initial)


def worth(exchange: Exchange, account: Account, added: Order | None = None) -> Worth:
    """Return an account's health, as if it also had the order `added`."""
    unrealized = notional = initial = maintenance = 0
    for market_id, held in account.positions.items():
        floor = exchange.floors[market_id]
        if floor.market.is_spot:
            continue
        mark = floor.mark_ticks
        orders = list(held.open_orders.values())
        if added is not None and added.market_id == market_id:
            orders.append(added)
        bids = sum(o.open_lots for o in orders if not o.is_ask and not o.reduce_only)
        asks = sum(o.open_lots for o in orders if o.is_ask and not o.reduce_only)
        worst = max(abs(held.lots + bids), abs(held.lots - asks), abs(held.lots))
        size = abs(held.lots) * mark
        unrealized += (size - held.entry_micro) * (1 if held.lots >= 0 else -1)
        notional += size
        initial += worst * mark * (held.margin_1e4 or floor.market.initial_margin_1e4) // 10_000
        maintenance += size * floor.market.maintenance_1e4 // 10_000
    return Worth(account.collateral_micro, unrealized, notional, initial, maintenance)


def liquidation_ticks(exchange: Exchange, account: Account, market_id: int) -> int:
    """Return the mark at which an account is liquidated if no other moves; 0 for none."""
    held = account.position(market_id).lots
    if not held:
        return 0
    floor = exchange.floors[market_id]
    health = worth(exchange, account)
    share = floor.market.maintenance_1e4 / 10_000
    sign = 1 if held > 0 else -1
    away = (health.value - health.maintenance) / (abs(held) * (1 - sign * share))
    return max(0, round(floor.mark_ticks - sign * away))


def may_grow(exchange: Exchange, order: Order) -> bool:
    """Tell whether an account has margin for an order; what can only reduce is always allowed."""
    account = exchange.accounts[order.account]
    if account.is_crowd or order.reduce_only or exchange.floors[order.market_id].market.is_spot:
        return True
    held = account.position(order.market_id).lots
    if held and (held > 0) == order.is_ask and order.open_lots <= abs(held):
        return True
    after = worth(exchange, account, order)
    return after.value >= after.initial
