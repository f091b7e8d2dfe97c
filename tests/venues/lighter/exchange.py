"""Keep the venue's state: floors, accounts and counters, and tell the news of it."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.venues.common.agenda import Agenda
from tests.venues.common.book import Book
from tests.venues.lighter.accounts import TIERS, Account, Funding, Tier
from tests.venues.lighter.markets import MICRO, Market
from tests.venues.lighter.orders import ORDER_INDEX_BASE, Order, Status, Trade

KEPT_TRADES = 1_000
CROWD_ACCOUNT = 281_474_976_600_000
CROWD_MICRO = 1_000_000_000 * MICRO


@dataclass(slots=True)
class Floor:
    """One market in use: its description (which may change), its book and its day."""

    market: Market
    book: Book[Order]
    opened_ticks: int
    last_ticks: int
    value_ticks: float
    trades: deque[Trade] = field(default_factory=lambda: deque(maxlen=KEPT_TRADES))
    orders_made: int = 0
    high_ticks: int = 0
    low_ticks: int = 0
    traded_lots: int = 0
    traded_micro: int = 0
    trades_made: int = 0
    open_interest_lots: int = 0
    estimate_1e6: int = 12
    paid_1e6: int = 12
    paid_at_ms: int = 0
    """Funding an hour in 1e-6: the estimate for the next payment, and what was last paid."""
    set_1e6: int | None = None
    """The estimate as somebody has set it; None: as the mark makes it."""
    history: list[tuple[int, int]] = field(default_factory=list)

    @property
    def mark_ticks(self) -> int:
        """Return the price by which margin is counted: the middle, or else the crowd's value."""
        bid, ask = self.book.bids.best_ticks, self.book.asks.best_ticks
        if bid is None or ask is None:
            return round(self.value_ticks)
        return (bid + ask) // 2


@dataclass(frozen=True, slots=True)
class OrderNews:
    """An order was accepted, changed or ended."""

    order: Order


@dataclass(frozen=True, slots=True)
class TradeNews:
    """A trade was made; the fees are what both have paid, in micro-USDC."""

    trade: Trade
    maker_fee_micro: int
    taker_fee_micro: int


@dataclass(frozen=True, slots=True)
class FundingNews:
    """An account has paid or received funding."""

    account: int
    funding: Funding


@dataclass(frozen=True, slots=True)
class AccountNews:
    """Something else of an account has changed: money, a schedule, a leverage."""

    account: int
    why: str


News = OrderNews | TradeNews | FundingNews | AccountNews


class Exchange:
    """All of the venue that has no door. Whoever listens hears each piece of news as it happens."""

    def __init__(self, markets: tuple[Market, ...], agenda: Agenda, rng: random.Random) -> None:
        self.agenda = agenda
        self.rng = rng
        self.skew_ns = 0
        self.floors = {
            m.market_id: Floor(m, Book(), m.start_ticks, m.start_ticks, float(m.start_ticks))
            for m in markets
        }
        self.accounts: dict[int, Account] = {}
        self.listeners: list[Callable[[News], None]] = []
        self.nonce = 9_000_000_000 + rng.randrange(1_000_000)
        """The engine's sequence, over all markets: every change of a book has one."""
        self.trade_id = 19_000_000_000
        self.block = 227_000_000
        self.funding_id = 0

    @property
    def now_ns(self) -> int:
        """Return the venue's time, as it tells it and judges by it: the true one and the skew."""
        return self.agenda.now_ns + self.skew_ns

    @property
    def now_ms(self) -> int:
        """Return the venue's time in milliseconds."""
        return self.now_ns // 1_000_000

    def open_account(self, index: int, collateral_micro: int, tier: Tier) -> Account:
        """Open an account of a client."""
        account = self.accounts[index] = Account(index, collateral_micro, tier)
        return account

    def crowd_account(self, number: int) -> Account:
        """Return an account of the crowd, opened when it is first asked for."""
        index = CROWD_ACCOUNT + number
        if index not in self.accounts:
            account = Account(index, CROWD_MICRO, TIERS["premium"], is_crowd=True)
            self.accounts[index] = account
        return self.accounts[index]

    def tell(self, news: News) -> None:
        """Tell all who listen."""
        for listener in self.listeners:
            listener(news)

    def next_index(self, market_id: int, is_ask: bool) -> int:
        """Return a new order's index: asks count up from their market's base, bids down."""
        floor = self.floors[market_id]
        floor.orders_made += 1
        if is_ask:
            return (market_id + 1) * ORDER_INDEX_BASE + floor.orders_made
        return (market_id + 2) * ORDER_INDEX_BASE - floor.orders_made

    def rest(self, order: Order) -> None:
        """Put an order into its book."""
        self.nonce += 1
        self.floors[order.market_id].book.add(order)
        self.accounts[order.account].position(order.market_id).open_orders[order.index] = order

    def unrest(self, order: Order) -> None:
        """Take an order out of its book, if it is there."""
        held = self.accounts[order.account].position(order.market_id).open_orders
        if held.pop(order.index, None) is not None:
            self.nonce += 1
            self.floors[order.market_id].book.remove(order)

    def end(self, order: Order, status: str) -> None:
        """End an order, in the book or before it came there."""
        self.unrest(order)
        order.status = status
        order.open_lots = 0
        self.touched(order)

    def touched(self, order: Order) -> None:
        """Stamp an order and tell of it."""
        order.updated_ns = self.now_ns
        order.block = self.block
        self.tell(OrderNews(order))

    def expire(self) -> None:
        """End what has outlived its time."""
        for floor in self.floors.values():
            for order in [*floor.book.bids.orders(), *floor.book.asks.orders()]:
                if 0 < order.expiry_ms <= self.now_ms:
                    self.end(order, Status.EXPIRED)
