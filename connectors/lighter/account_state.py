"""Hold what an account's stream has last said."""

from dataclasses import dataclass, field

from connectors.lighter.account_wire import Asset, UserStats
from connectors.lighter.own_fills import OwnFills
from connectors.lighter.own_orders import OwnOrders


@dataclass(slots=True)
class AccountState:
    """One account. It outlives connections: what was told before a loss is still known after it."""

    account: int
    orders: OwnOrders = field(default_factory=OwnOrders)
    fills: OwnFills = field(default_factory=OwnFills)
    positions: dict[str, int] = field(default_factory=dict)
    """Lots by market, of those that have been told."""
    assets: dict[str, Asset] = field(default_factory=dict)
    money: UserStats | None = None
