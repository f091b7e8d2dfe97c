"""Keep accounts: money, keys with their nonces, positions, tiers and what they may still send."""

from dataclasses import dataclass, field
from decimal import Decimal

from tests.venues.lighter.markets import MICRO
from tests.venues.lighter.orders import Before, Order, Position, Trade


@dataclass(frozen=True, slots=True)
class Tier:
    """What an account pays and waits. Fees are in 1e-6, `weight_per_min` bounds its requests."""

    name: str
    maker_1e6: int
    taker_1e6: int
    maker_ms: int
    taker_ms: int
    weight_per_min: int
    sends_per_min: int
    has_quota: bool


TIERS = {
    "standard": Tier("standard", 0, 0, 200, 300, 18_000, 60, False),
    "premium": Tier("premium", 40, 280, 0, 200, 24_000, 4_000, True),
    "plus": Tier("plus", 50, 50, 200, 300, 120_000, 8_000, True),
}
"""A standard account may make 60 requests a minute, which at the usual weight are 18,000."""

QUOTA_START = 1_000
QUOTA_MOST = 5_000_000
MICRO_A_QUOTA = 7 * MICRO
FREE_TX_EVERY_NS = 15_000_000_000
KEPT_ORDERS = 20_000


@dataclass(slots=True)
class Key:
    """An API key: its public half as hex, and the nonce that its next transaction must carry.

    `least_nonce`: what is carried out from here on has this one or a higher one.
    """

    public: str
    next_nonce: int = 1
    least_nonce: int = 0
    is_maker_only: bool = False


@dataclass(frozen=True, slots=True)
class Funding:
    """One payment of funding: positive is received."""

    funding_id: int
    at_ns: int
    market_id: int
    change_micro: int
    rate_1e6: int
    position_lots: int


@dataclass(slots=True)
class Account:
    """One account and all that it owns."""

    index: int
    collateral_micro: int
    tier: Tier
    is_crowd: bool = False
    keys: dict[int, Key] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)
    assets: dict[int, Decimal] = field(default_factory=dict)
    """What it holds for spot, with what is locked, by asset; its collateral is apart."""
    orders: dict[int, Order] = field(default_factory=dict)
    by_client: dict[int, Order] = field(default_factory=dict)
    used_indexes: set[int] = field(default_factory=set)
    """Every index that a client has given to an order: none serves twice."""
    trades: list[Trade] = field(default_factory=list)
    fundings: list[Funding] = field(default_factory=list)
    cancel_all_ms: int = 0
    quota: int = QUOTA_START
    traded_micro: int = 0
    free_after_ns: int = 0

    def remember(self, order: Order) -> None:
        """Keep an order, and forget the oldest that have ended."""
        self.orders[order.index] = order
        self.by_client[order.client_index or order.index] = order
        while len(self.orders) > KEPT_ORDERS:
            oldest = next(iter(self.orders.values()))
            if oldest.is_open:
                break
            del self.orders[oldest.index]
            self.by_client.pop(oldest.client_index or oldest.index, None)

    def position(self, market_id: int) -> Position:
        """Return what it holds in a market, flat where it never traded."""
        return self.positions.setdefault(market_id, Position())

    def before(self, market_id: int, margin_1e4: int) -> Before:
        """Return its position as a trade's record has it."""
        held = self.position(market_id)
        return Before(held.lots, held.entry_micro, held.margin_1e4 or margin_1e4)

    def book(self, market_id: int, signed_lots: int, ticks: int) -> bool:
        """Move a position by a trade; tell whether it opened, closed or changed its side."""
        held = self.position(market_id)
        was = held.lots
        same_side = was == 0 or (was > 0) == (signed_lots > 0)
        closed = 0 if same_side else min(abs(was), abs(signed_lots))
        released = held.entry_micro * closed // abs(was) if closed else 0
        gained = (closed * ticks - released) * (1 if was > 0 else -1)
        held.lots = was + signed_lots
        held.entry_micro += (abs(signed_lots) - closed) * ticks - released
        held.realized_micro += gained
        self.collateral_micro += gained
        return (was > 0) != (held.lots > 0) or (was < 0) != (held.lots < 0)

    def charge(self, notional_micro: int, fee_1e6: int) -> int:
        """Take a fee, rounded to the nearest micro-USDC, and return it."""
        fee = (notional_micro * fee_1e6 + 500_000) // 1_000_000
        self.collateral_micro -= fee
        return fee

    def earn_quota(self, notional_micro: int) -> None:
        """Add the transactions that trading has earned."""
        earned = (self.traded_micro + notional_micro) // MICRO_A_QUOTA
        earned -= self.traded_micro // MICRO_A_QUOTA
        self.traded_micro += notional_micro
        self.quota = min(QUOTA_MOST, self.quota + earned)

    def live_orders(self, market_id: int | None = None) -> list[Order]:
        """Return what rests, of one market or of all, the oldest first."""
        positions = self.positions.items()
        return [o for m, p in positions if market_id in (None, m) for o in p.open_orders.values()]
