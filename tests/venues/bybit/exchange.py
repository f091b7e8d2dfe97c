"""Keep the venue's state: floors, accounts and counters, and tell the news of it."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.venues.bybit.accounts import VIPS, Account, Vip
from tests.venues.bybit.markets import ATOM, Market
from tests.venues.bybit.orders import Execution, Order, Trade, Why
from tests.venues.common.agenda import Agenda
from tests.venues.common.book import Book

KEPT_TRADES = 1_000
CROWD_UID = 500_000_000
CROWD_WALLET = 1_000_000_000 * ATOM


@dataclass(slots=True)
class Floor:
    """One market in use: its description (which may change), its book and its day."""

    market: Market
    book: Book[Order]
    opened_ticks: int
    last_ticks: int
    value_ticks: float
    """What the crowd believes: the index."""
    seq: int
    trades: deque[Trade] = field(default_factory=lambda: deque(maxlen=KEPT_TRADES))
    high_ticks: int = 0
    low_ticks: int = 0
    traded_lots: int = 0
    traded_value: int = 0
    direction: str = "ZeroPlusTick"
    open_lots: int = 0
    rate_1e8: int = 10_000
    next_funding_ns: int = 0
    history: list[tuple[int, int]] = field(default_factory=list)
    candles: dict[int, list[int]] = field(default_factory=dict)
    """By minute: first, highest, lowest, last ticks, lots, value."""
    mark_shift_ticks: int = 0

    @property
    def index_ticks(self) -> int:
        """Return the index."""
        return round(self.value_ticks)

    @property
    def mark_ticks(self) -> int:
        """Return the price by which margin is counted: the middle of bid, ask and index."""
        bid, ask = self.book.bids.best_ticks, self.book.asks.best_ticks
        known = [ticks for ticks in (bid, ask, self.index_ticks) if ticks is not None]
        return sorted(known)[len(known) // 2] + self.mark_shift_ticks


@dataclass(frozen=True, slots=True)
class OrderNews:
    """An order was accepted, changed or ended."""

    order: Order


@dataclass(frozen=True, slots=True)
class TradeNews:
    """A trade was made."""

    trade: Trade


@dataclass(frozen=True, slots=True)
class ExecutionNews:
    """An account had part in a trade, or has paid or received funding."""

    account: int
    execution: Execution


@dataclass(frozen=True, slots=True)
class AccountNews:
    """Something else of an account has changed: money, leverage, a position's margin."""

    account: int
    why: str
    symbol: str = ""


News = OrderNews | TradeNews | ExecutionNews | AccountNews


class Exchange:
    """All of the venue that has no door. Whoever listens hears each piece of news as it happens."""

    def __init__(self, markets: tuple[Market, ...], agenda: Agenda, rng: random.Random) -> None:
        self.agenda = agenda
        self.rng = rng
        self.skew_ns = 0
        self.floors = {m.symbol: self._floor(m) for m in markets}
        self.accounts: dict[int, Account] = {}
        self.listeners: list[Callable[[News], None]] = []
        self._numbers = 0

    @property
    def now_ns(self) -> int:
        """Return the venue's time, as it tells it and judges by it: the true one and the skew."""
        return self.agenda.now_ns + self.skew_ns

    @property
    def now_ms(self) -> int:
        """Return the venue's time in milliseconds."""
        return self.now_ns // 1_000_000

    def next_number(self) -> int:
        """Return the next number of an order, an execution or a line of a log: they only grow."""
        self._numbers += 1
        return self._numbers

    def open_account(self, uid: int, wallet: int, vip: Vip) -> Account:
        """Open an account of a client."""
        account = self.accounts[uid] = Account(uid, wallet, vip)
        return account

    def crowd_account(self, number: int) -> Account:
        """Return an account of the crowd, opened when it is first asked for."""
        uid = CROWD_UID + number
        if uid not in self.accounts:
            self.accounts[uid] = Account(uid, CROWD_WALLET, VIPS["VIP-99"], is_crowd=True)
        return self.accounts[uid]

    def tell(self, news: News) -> None:
        """Tell all who listen."""
        for listener in self.listeners:
            listener(news)

    def rest(self, order: Order) -> None:
        """Put an order into its book."""
        floor = self.floors[order.symbol]
        floor.seq += 1
        floor.book.add(order)
        held = self.accounts[order.account].position(order.symbol, order.position_idx)
        held.orders[order.order_id] = order

    def unrest(self, order: Order) -> bool:
        """Take an order out of its book, if it is there."""
        held = self.accounts[order.account].position(order.symbol, order.position_idx)
        if held.orders.pop(order.order_id, None) is None:
            return False
        floor = self.floors[order.symbol]
        floor.seq += 1
        floor.book.remove(order)
        return True

    def end(self, order: Order, why: Why) -> None:
        """End an order, in the book or before it came there."""
        self.unrest(order)
        order.status, order.cancel_type, order.reason = why.status, why.cancel_type, why.reason
        order.open_lots = 0
        self.touched(order)

    def touched(self, order: Order) -> None:
        """Stamp an order and tell of it."""
        order.updated_ns = self.now_ns
        self.tell(OrderNews(order))

    def _floor(self, market: Market) -> Floor:
        start = market.start_ticks
        seq = 9_000_000_000 + self.rng.randrange(1_000_000)
        return Floor(market, Book(), start, start, float(start), seq)
