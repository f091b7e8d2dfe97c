"""Measure what limits over a hundred markets cost: of each order, and of each look at all of them.

Every market holds something and has orders open on both sides, and every pool has its limits.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from connectors.model.events import BUY
from runner.engine.pools import PoolLimits
from runner.engine.portfolio import AccountLimits, Holding, Portfolio
from tests.bench.figures import Figure, Peer
from tests.bench.timing import in_turns

MARKETS = 100
FEW = 4
ORDERS = 200
ROUNDS = 15
NOW_NS = 1_000_000_000_000
MOST = Decimal(10**12)
POOL = PoolLimits(max_gross_notional_quote=MOST, max_net_notional_quote=MOST)


@dataclass
class Mark:
    """A price that stands still."""

    sound: bool = True
    seen_ns: int = NOW_NS
    mid_half_ticks: int = 200_001


@dataclass
class Money:
    """What was won today."""

    is_marked: bool = True
    day: int = 0
    equity_half_tick_lots: int = 12_345
    opening_half_tick_lots: int = 0


@dataclass
class Open:
    """What is held and open."""

    position_lots: int
    exposed_lots: list[int] = field(default_factory=lambda: [30, 30])
    open_orders: int = 4


def measure() -> list[Figure]:
    """Return what an order, and a look, cost with many markets and with few."""
    many, few = _Deploy(MARKETS), _Deploy(FEW)
    orders_s = in_turns(ROUNDS, many.orders, few.orders)
    looks_s = in_turns(ROUNDS, many.looks, few.looks)
    return [_figure("order_reviewed", orders_s), _figure("all_marked", looks_s)]


def _figure(name: str, taken_s: list[float]) -> Figure:
    many_us, few_us = (seconds * 1e6 / ORDERS for seconds in taken_s)
    note = f"{MARKETS} markets, limits of all three pools"
    return Figure(name, many_us, "us", Peer(f"{FEW} markets", few_us), note=note)


class _Deploy:
    """Markets of one deploy, ten to an underlying, at two venues."""

    def __init__(self, markets: int) -> None:
        limits = AccountLimits(
            max_gross_notional_quote=MOST,
            max_net_notional_quote=MOST,
            max_open_orders=10_000,
            max_daily_loss_quote=MOST,
            max_drawdown_quote=MOST,
        )
        self._all = Portfolio(limits, lambda *words: None, POOL, POOL)
        self._gates = [self._all.gate(_holding(number)) for number in range(markets)]

    def orders(self) -> None:
        """Ask for orders of all markets in turn."""
        for k in range(ORDERS):
            if self._gates[k % len(self._gates)](BUY, 10, NOW_NS) is not None:
                raise ValueError("expected an order that passes, was one that is refused")

    def looks(self) -> None:
        """Mark all markets again and again."""
        for _ in range(ORDERS):
            self._all.look(NOW_NS)


def _holding(number: int) -> Holding:
    pools = "", f"U{number // 10}", f"venue{number % 2}"
    position = Open(number % 7 - 3)
    return Holding(f"m{number}", position, Mark(), Money(), Decimal("0.0005"), pools)
