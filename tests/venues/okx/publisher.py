"""Tell the news: an account's orders as they happen, books and marks by their beats."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.exchange import AccountNews, ExecutionNews, News, OrderNews, TradeNews
from tests.venues.bybit.margin import held_of, worth
from tests.venues.bybit.orders import Execution, Order, Trade
from tests.venues.okx import shapes
from tests.venues.okx.depth import BookFeed
from tests.venues.okx.markets import contracts

if TYPE_CHECKING:
    from tests.venues.okx.venue import Venue

Words = dict[str, Any]
ACCOUNT = ("orders", "positions", "account")


class Publisher:
    """It hears the exchange, and speaks to sessions."""

    def __init__(self, venue: "Venue") -> None:
        self._venue = venue
        self.feeds: dict[str, BookFeed] = {}
        self._made: dict[int, Execution] = {}
        self._moved: dict[int, dict[str, None]] = defaultdict(dict)
        venue.exchange.listeners.append(self.hear)

    def hear(self, news: News) -> None:
        """Take a piece of news."""
        match news:
            case OrderNews(order) if not self._is_crowd(order.account):
                self._order(order)
            case ExecutionNews(account, made) if not self._is_crowd(account):
                self._moved[account][made.symbol] = None
                if made.order is not None:
                    self._made[made.order.number] = made
            case AccountNews(account, _, symbol) if not self._is_crowd(account):
                self._moved[account][symbol] = None
            case TradeNews(trade):
                self._trade(trade)
            case _:
                pass

    def flush(self) -> None:
        """Tell accounts what a round has changed."""
        moved, self._moved = self._moved, defaultdict(dict)
        for uid, symbols in moved.items():
            for symbol in filter(None, symbols):
                row = self._position(uid, symbol)
                self._tell_account(uid, "positions", row, "position", market=symbol)
            self._tell_account(uid, "account", self._money(uid), "wallet", market="")

    def first(self, channel: str, uid: int | None, symbol: str) -> list[Words]:
        """Return the frames that a new listener of a channel hears first."""
        exchange, now_ms = self._venue.exchange, self._venue.exchange.now_ms
        arg = {"channel": channel, "instId": symbol}
        if channel == "books":
            self.tell_book(symbol)
            return [self.feed(symbol).snapshot(now_ms)]
        if channel == "account" and uid is not None:
            return [{"arg": {"channel": channel}, "data": [self._money(uid)]}]
        if channel == "positions" and uid is not None:
            held = exchange.accounts[uid].positions
            rows = [self._position(uid, name) for (name, _), p in held.items() if p.lots]
            return [{"arg": {"channel": channel, "instType": "SWAP"}, "data": rows}]
        row = self._flowing(channel, symbol) if symbol else None
        return [] if row is None else [{"arg": arg, "data": [row]}]

    def feed(self, symbol: str) -> BookFeed:
        """Return what listeners know of a book."""
        if symbol not in self.feeds:
            first = 1_000_000 + self._venue.exchange.rng.randrange(1_000_000)
            self.feeds[symbol] = BookFeed(self._venue.exchange.floors[symbol], first)
        return self.feeds[symbol]

    def tell_books(self) -> None:
        """Send what has changed in every book."""
        for symbol in self._venue.exchange.floors:
            self.tell_book(symbol)

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a book."""
        words = self.feed(symbol).update(self._venue.exchange.now_ms)
        if words is not None:
            self.tell_market("books", symbol, words, "update", "orderbook")

    def tell_flows(self) -> None:
        """Send marks, rates and limits."""
        for symbol in self._venue.exchange.floors:
            for channel in ("funding-rate", "mark-price", "price-limit"):
                row = self._flowing(channel, symbol)
                words = {"arg": {"channel": channel, "instId": symbol}, "data": [row]}
                self.tell_market(channel, symbol, words, channel)

    def tell_market(self, channel: str, symbol: str, words: Words, *names: str) -> None:
        """Send a frame to all who hear a channel of a market."""
        for session in list(self._venue.sessions):
            if f"{channel}:{symbol}" in session.topics:
                session.tell(words, *names, market=symbol)

    def _flowing(self, channel: str, symbol: str) -> Words | None:
        floor, now_ms = self._venue.exchange.floors[symbol], self._venue.exchange.now_ms
        match channel:
            case "funding-rate":
                return shapes.funding_row(floor)
            case "mark-price":
                return shapes.mark_row(floor, now_ms)
            case "price-limit":
                return shapes.limit_row(floor, now_ms)
            case _:
                return None

    def _order(self, order: Order) -> None:
        """Tell an order with its trade; where the end of it follows the trade, that apart."""
        exchange = self._venue.exchange
        market, account = exchange.floors[order.symbol].market, exchange.accounts[order.account]
        made, state = self._made.pop(order.number, None), shapes.state_of(order)
        row = shapes.order_row(market, order, account, made)
        if made is not None and state == "canceled":
            still = {**row, "state": "partially_filled", "cancelSource": ""}
            self._tell_order(order, still, "filled")
            row = shapes.order_row(market, order, account)
        name = "filled" if made is not None and state != "canceled" else state
        self._tell_order(order, row, name)

    def _tell_order(self, order: Order, row: Words, name: str) -> None:
        names = (f"order.{name}", "order")
        self._tell_account(order.account, "orders", row, *names, market=order.symbol)

    def _trade(self, trade: Trade) -> None:
        market = self._venue.exchange.floors[trade.symbol].market
        row = {
            "instId": trade.symbol,
            "tradeId": str(trade.number),
            "px": market.short(trade.ticks),
            "sz": contracts(trade.lots),
            "side": shapes.side(trade.taker_is_ask),
            "ts": str(trade.at_ns // 1_000_000),
            "count": "1",
        }
        words = {"arg": {"channel": "trades", "instId": trade.symbol}, "data": [row]}
        self.tell_market("trades", trade.symbol, words, "trade", "publicTrade")

    def _position(self, uid: int, symbol: str) -> Words:
        exchange = self._venue.exchange
        account = exchange.accounts[uid]
        held = held_of(exchange, account, symbol, account.position(symbol))
        return shapes.position_row(exchange.floors[symbol], account, held)

    def _money(self, uid: int) -> Words:
        exchange = self._venue.exchange
        account = exchange.accounts[uid]
        return shapes.account_row(account, worth(exchange, account), exchange.now_ms)

    def _tell_account(self, uid: int, channel: str, row: Words, *names: str, market: str) -> None:
        arg = {"channel": channel} | ({} if channel == "account" else {"instType": "SWAP"})
        words = {"arg": {**arg, "uid": str(uid)}, "data": [row]}
        for session in list(self._venue.sessions):
            if session.uid == uid and channel in session.topics:
                session.tell(words, *names, market=market)

    def _is_crowd(self, account: int) -> bool:
        return self._venue.exchange.accounts[account].is_crowd
