"""Decide who hears what: collect a round's news, and send each channel its frame of it."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Protocol

from tests.venues.common.faults import Frame
from tests.venues.lighter.exchange import (
    AccountNews,
    Exchange,
    FundingNews,
    News,
    OrderNews,
    TradeNews,
)
from tests.venues.lighter.orders import Order, Trade
from tests.venues.lighter.shapes import books, frames, stats

Words = dict[str, Any]
UPDATE = "update"


class Listener(Protocol):
    """A session that has subscribed."""

    def say(self, frame: Frame) -> None:
        """Send a frame."""


class Publisher:
    """Channels and their listeners. `flush` follows every round of the venue; books have a beat."""

    def __init__(self, exchange: Exchange, rng: random.Random) -> None:
        self.exchange = exchange
        self.listeners: dict[str, list[Listener]] = defaultdict(list)
        self._books = {m: BookBeat(exchange, m, rng) for m in exchange.floors}
        self._best: dict[int, tuple[Any, ...]] = {}
        self._orders: dict[int, dict[int, Order]] = defaultdict(dict)
        self._trades: list[Trade] = []
        self._moved: dict[int, set[int]] = defaultdict(set)
        self._money: set[int] = set()
        exchange.listeners.append(self.hear)

    def hear(self, news: News) -> None:
        """Take a piece of news into the round."""
        match news:
            case OrderNews(order):
                if not self.exchange.accounts[order.account].is_crowd:
                    self._orders[order.account][order.index] = order
                    self._changed(order.account, order.market_id)
            case TradeNews(trade):
                self._trades.append(trade)
                for account in (trade.maker.account, trade.taker.account):
                    self._changed(account, trade.market_id)
                    self._money.add(account)
            case FundingNews(account, funding):
                self._moved[account].add(funding.market_id)
                self._money.add(account)
            case AccountNews(account):
                self._money.add(account)

    def _changed(self, account: int, market_id: int) -> None:
        """Note that a position has changed, or what an order locks of an asset."""
        if self.exchange.floors[market_id].market.is_spot:
            self._money.add(account)
        else:
            self._moved[account].add(market_id)

    def publish(
        self,
        channel: str,
        markets: Iterable[int],
        spell: Callable[[], Words],
        names: tuple[str, ...] = (),
    ) -> None:
        """Send an update to a channel's listeners, if it has any."""
        listeners = self.listeners.get(channel)
        if not listeners:
            return
        base = channel.partition("/")[0]
        touched = {self.exchange.floors[m].market.symbol for m in markets}
        market = touched.pop() if len(touched) == 1 else ""
        stream = "account" if base.startswith(("account", "user")) else "market"
        known = (f"{UPDATE}/{base}", base, *names, stream, "frame")
        frame = Frame(known, market, spell())
        for listener in list(listeners):
            listener.say(frame)

    def flush(self) -> None:
        """Tell everybody what the round has brought."""
        self._flush_orders()
        self._flush_trades()
        self._flush_accounts()
        self._flush_tickers()

    def flush_books(self) -> None:
        """Send what has changed in the books since the last beat."""
        for market_id in self._books:
            self.flush_book(market_id)

    def flush_book(self, market_id: int) -> None:
        """Send what has changed in a book."""
        words = self._books[market_id].update()
        if words is not None:
            self.publish(f"order_book/{market_id}", [market_id], lambda: words)

    def snapshot(self, market_id: int) -> Words:
        """Spell a whole book, after its listeners were told what they do not know yet."""
        self.flush_book(market_id)
        return self._books[market_id].snapshot()

    def flush_stats(self) -> None:
        """Send every market's day."""
        now_ns = self.exchange.now_ns
        floors = self.exchange.floors
        rows = {m: stats.market_stats(f, now_ns) for m, f in floors.items() if not f.market.is_spot}
        for m, row in rows.items():
            one = partial(stats.stats_frame, UPDATE, str(m), row, now_ns)
            self.publish(f"market_stats/{m}", [m], one)
        for m, floor in floors.items():
            if floor.market.is_spot:
                spell = partial(stats.spot_frame, UPDATE, floor, now_ns)
                self.publish(f"spot_market_stats/{m}", [m], spell)
        every = partial(
            stats.stats_frame, UPDATE, "all", {str(m): r for m, r in rows.items()}, now_ns
        )
        self.publish("market_stats/all", (), every)

    def flush_height(self) -> None:
        """Send the block's height."""
        self.publish("height", (), partial(frames.height, self.exchange))

    def _flush_tickers(self) -> None:
        x = self.exchange
        for m, floor in x.floors.items():
            best = (*floor.book.bids.levels(1), 0, *floor.book.asks.levels(1))
            if best != self._best.get(m):
                self._best[m] = best
                spell = partial(books.ticker, UPDATE, floor, x.nonce, x.now_ns)
                self.publish(f"ticker/{m}", [m], spell)

    def _flush_orders(self) -> None:
        changed, self._orders = self._orders, defaultdict(dict)
        for account, orders in changed.items():
            statuses = tuple(sorted({f"order.{order.status}" for order in orders.values()}))
            spell = partial(frames.orders, self.exchange, UPDATE, account, orders.values())
            markets = {order.market_id for order in orders.values()}
            self.publish(f"account_all_orders/{account}", markets, spell, statuses)

    def _flush_trades(self) -> None:
        made, self._trades = self._trades, []
        by_market: dict[int, list[Trade]] = defaultdict(list)
        by_account: dict[int, list[Trade]] = defaultdict(list)
        for trade in made:
            by_market[trade.market_id].append(trade)
            for account in {trade.maker.account, trade.taker.account}:
                by_account[account].append(trade)
        for m, trades in by_market.items():
            self.publish(
                f"trade/{m}", [m], partial(frames.public_trades, self.exchange, UPDATE, m, trades)
            )
        for account, trades in by_account.items():
            spell = partial(frames.own_trades, self.exchange, UPDATE, account, trades)
            self.publish(f"account_all_trades/{account}", {t.market_id for t in trades}, spell)

    def _flush_accounts(self) -> None:
        x = self.exchange
        moved, self._moved = self._moved, defaultdict(set)
        money, self._money = self._money, set()
        for account, markets in moved.items():
            spell = partial(frames.positions, x, UPDATE, account, markets)
            self.publish(f"account_all_positions/{account}", markets, spell)
        for account in sorted(money):
            spell = partial(frames.assets, x, UPDATE, account)
            self.publish(f"account_all_assets/{account}", (), spell)
        for account in sorted(money | moved.keys()):
            spell = partial(frames.user_stats, x, UPDATE, account)
            self.publish(f"user_stats/{account}", (), spell)


class BookBeat:
    """One market's sequence: each update begins with the nonce that the one before ended with."""

    def __init__(self, exchange: Exchange, market_id: int, rng: random.Random) -> None:
        self._exchange = exchange
        self._floor = exchange.floors[market_id]
        self._rng = rng
        self._nonce = exchange.nonce
        self._offset = 1_000_000

    def update(self) -> Words | None:
        """Spell what has changed since the last time; None: nothing has."""
        rows = self._floor.book.changes()
        if not (rows[0] or rows[1]):
            return None
        self._offset += self._rng.randint(1, 3)
        nonces = (self._nonce, self._exchange.nonce)
        self._nonce = self._exchange.nonce
        return books.book(UPDATE, self._floor, rows, nonces, self._offset, self._exchange.now_ns)

    def snapshot(self) -> Words:
        """Spell the whole book."""
        rows = (self._floor.book.bids.levels(), self._floor.book.asks.levels())
        nonces = (0, self._nonce)
        return books.book(
            "subscribed", self._floor, rows, nonces, self._offset, self._exchange.now_ns
        )
