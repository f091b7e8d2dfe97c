"""Keep accounts: money, keys, positions, leverage, fees and what has happened to them."""

from dataclasses import dataclass, field

from tests.venues.bybit.orders import Execution, Order, Position

KEPT_ORDERS = 20_000
CROSS, ISOLATED = "REGULAR_MARGIN", "ISOLATED_MARGIN"


@dataclass(frozen=True, slots=True)
class Vip:
    """What an account pays, in 1e-6 of notional."""

    name: str
    maker_1e6: int
    taker_1e6: int


VIPS = {
    vip.name: vip
    for vip in (
        Vip("No VIP", 200, 550),
        Vip("VIP-1", 180, 400),
        Vip("VIP-2", 160, 375),
        Vip("VIP-3", 140, 350),
        Vip("VIP-4", 120, 320),
        Vip("VIP-5", 100, 320),
        Vip("VIP-99", 0, 300),
    )
}
"""Perpetuals' rates by level; the last is what the venue calls Supreme."""


@dataclass(frozen=True, slots=True)
class Key:
    """The secret of an API key, and what the key may do."""

    secret: str
    is_read_only: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the transaction log: `change` is what the wallet gained, fees included."""

    number: int
    at_ns: int
    kind: str
    symbol: str
    change: int
    balance: int
    cash_flow: int = 0
    funding: int = 0
    execution: Execution | None = None
    size_lots: int = 0


@dataclass(slots=True)
class Account:
    """One account and all that it owns."""

    uid: int
    wallet: int
    vip: Vip
    is_crowd: bool = False
    keys: dict[str, Key] = field(default_factory=dict)
    margin_mode: str = CROSS
    hedged: set[str] = field(default_factory=set)
    leverage_1e2: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By symbol, for longs and for shorts."""
    risk_ids: dict[str, int] = field(default_factory=dict)
    positions: dict[tuple[str, int], Position] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    by_link: dict[str, Order] = field(default_factory=dict)
    used_links: set[str] = field(default_factory=set)
    """Every word that a client has given to an order: none serves twice."""
    executions: list[Execution] = field(default_factory=list)
    log: list[Entry] = field(default_factory=list)
    dcp_s: dict[str, int] = field(default_factory=dict)
    """Seconds after which orders of a product are cancelled once nobody listens."""
    realized: int = 0

    def remember(self, order: Order) -> None:
        """Keep an order, and forget the oldest that have ended."""
        self.orders[order.order_id] = order
        if order.link_id:
            self.by_link[order.link_id] = order
        while len(self.orders) > KEPT_ORDERS:
            oldest = next(iter(self.orders.values()))
            if oldest.is_open:
                break
            del self.orders[oldest.order_id]
            self.by_link.pop(oldest.link_id, None)

    def find(self, order_id: str, link_id: str) -> Order | None:
        """Return an order by either of its ids; the venue's own comes first."""
        return self.orders.get(order_id) if order_id else self.by_link.get(link_id)

    def position(self, symbol: str, idx: int = 0) -> Position:
        """Return what it holds, flat where it never traded."""
        return self.positions.setdefault((symbol, idx), Position())

    def leverage(self, symbol: str, is_short: bool) -> int:
        """Return the leverage of a side, in 1e-2; ten where nobody has chosen."""
        return self.leverage_1e2.get(symbol, (1_000, 1_000))[is_short]

    def live_orders(self, symbol: str | None = None) -> list[Order]:
        """Return what rests, of one market or of all, the oldest first."""
        held = self.positions.items()
        found = [o for (s, _), p in held if symbol in (None, s) for o in p.orders.values()]
        return sorted(found, key=lambda order: order.number)

    def book(self, symbol: str, idx: int, signed_lots: int, value: int) -> tuple[int, int]:
        """Move a position by a trade of this value; return (lots closed, atoms gained)."""
        held = self.position(symbol, idx)
        was, size = held.lots, abs(signed_lots)
        same_side = was == 0 or (was > 0) == (signed_lots > 0)
        closed = 0 if same_side else min(abs(was), size)
        released = held.entry * closed // abs(was) if closed else 0
        part = value * closed // size
        gained = (part - released) * (1 if was > 0 else -1)
        held.lots = was + signed_lots
        held.entry += (value - part) - released
        held.realized += gained
        held.realized_now = gained if closed == abs(was) else held.realized_now + gained
        if not held.lots:
            held.added_margin = 0
        self.wallet += gained
        self.realized += gained
        return closed, gained

    def charge(self, value: int, rate_1e6: int) -> int:
        """Take a fee, rounded to the nearest atom, and return it."""
        fee = (value * rate_1e6 + 500_000) // 1_000_000
        self.wallet -= fee
        return fee
