"""Tell the news: an account's orders and trades as they happen, books and trades by their beat."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.venues.binance import shapes
from tests.venues.bybit.depth import DepthFeed
from tests.venues.bybit.exchange import AccountNews, ExecutionNews, News, OrderNews, TradeNews
from tests.venues.bybit.markets import spelled
from tests.venues.bybit.orders import Execution, Order, Trade

if TYPE_CHECKING:
    from tests.venues.binance.venue import Venue

DEPTH = 1000


class Publisher:
    """It hears the exchange, and speaks to sessions."""

    def __init__(self, venue: "Venue") -> None:
        self._venue = venue
        self._feeds: dict[str, DepthFeed] = {}
        self._made: dict[int, Execution] = {}
        self._known: set[int] = set()
        self._moved: dict[int, dict[str, str]] = defaultdict(dict)
        venue.exchange.listeners.append(self.hear)

    def hear(self, news: News) -> None:
        """Take a piece of news."""
        match news:
            case OrderNews(order) if not self._is_crowd(order.account):
                self._order(order)
            case ExecutionNews(account, made) if not self._is_crowd(account):
                why = "FUNDING_FEE" if made.order is None else "ORDER"
                self._moved[account][made.symbol] = why
                if made.order is not None:
                    self._made[made.order.number] = made
            case AccountNews(account, _, symbol) if symbol and not self._is_crowd(account):
                self._moved[account].setdefault(symbol, "ADJUSTMENT")
            case TradeNews(trade):
                self._trade(trade)
            case _:
                pass

    def flush(self) -> None:
        """Tell accounts what a round has changed."""
        moved, self._moved = self._moved, defaultdict(dict)
        exchange = self._venue.exchange
        for uid, why_by_symbol in moved.items():
            for symbol, why in why_by_symbol.items():
                account, floor = exchange.accounts[uid], exchange.floors[symbol]
                words = shapes.account_event(floor, account, why, exchange.now_ms)
                self._tell_account(uid, words, "position", market=symbol)

    def feed(self, symbol: str) -> DepthFeed:
        """Return what listeners know of a book."""
        if symbol not in self._feeds:
            first = 1_000_000 + self._venue.exchange.rng.randrange(1_000_000)
            self._feeds[symbol] = DepthFeed(self._venue.exchange.floors[symbol], DEPTH, first)
        return self._feeds[symbol]

    def tell_books(self) -> None:
        """Send what has changed in every book."""
        for symbol in self._venue.exchange.floors:
            self.tell_book(symbol)

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a book: `pu` is the number of the event before."""
        exchange, feed = self._venue.exchange, self.feed(symbol)
        before = feed.update_id
        said = feed.update(exchange.now_ns)
        if said is None:
            return
        book, now_ms = said["data"], exchange.now_ms
        words = {
            "e": "depthUpdate",
            "E": now_ms,
            "T": now_ms,
            "s": symbol,
            "U": feed.update_id,
            "u": feed.update_id,
            "pu": before,
            "b": book["b"],
            "a": book["a"],
        }
        self._tell_market(f"{symbol.lower()}@depth", words, "depth", "orderbook", market=symbol)

    def tell_marks(self) -> None:
        """Send marks and funding to those who have asked for them."""
        exchange = self._venue.exchange
        for symbol, floor in exchange.floors.items():
            words = {
                "e": "markPriceUpdate",
                "E": exchange.now_ms,
                "s": symbol,
                "p": floor.market.price(floor.mark_ticks),
                "i": floor.market.price(floor.index_ticks),
                "r": spelled(floor.rate_1e8, 8),
                "T": floor.next_funding_ns // 1_000_000,
            }
            self._tell_market(f"{symbol.lower()}@markPrice", words, "mark", market=symbol)

    def _order(self, order: Order) -> None:
        made, status = self._made.pop(order.number, None), shapes.status_of(order)
        is_new = order.number not in self._known
        self._known.add(order.number)
        if made is not None:
            so_far = status if status == "FILLED" or order.is_open else "PARTIALLY_FILLED"
            self._tell_order(order, "TRADE", so_far, made)
            if so_far == status:
                return
        what = {"NEW": "NEW", "CANCELED": "CANCELED"}.get(status, "EXPIRED")
        if order.is_open:
            what = "NEW" if is_new else "AMENDMENT"
        self._tell_order(order, what, status, None)

    def _tell_order(self, order: Order, what: str, status: str, made: Execution | None) -> None:
        market = self._venue.exchange.floors[order.symbol].market
        words = shapes.order_event(market, order, what, status, made)
        self._tell_account(order.account, words, f"order.{what}", "order", market=order.symbol)

    def _trade(self, trade: Trade) -> None:
        market, at_ms = self._venue.exchange.floors[trade.symbol].market, trade.at_ns // 1_000_000
        words = {
            "e": "trade",
            "E": at_ms,
            "T": at_ms,
            "s": trade.symbol,
            "t": trade.number,
            "p": market.price(trade.ticks),
            "q": market.size(trade.lots),
            "X": "MARKET",
            "m": trade.taker_is_ask,
        }
        name = f"{trade.symbol.lower()}@trade"
        self._tell_market(name, words, "trade", "publicTrade", market=trade.symbol)

    def _tell_market(self, topic: str, words: dict[str, Any], *names: str, market: str) -> None:
        for session in list(self._venue.sessions):
            if any(each.startswith(topic) for each in session.topics):
                session.tell(words, *names, market=market)

    def _tell_account(self, uid: int, words: dict[str, Any], *names: str, market: str) -> None:
        for session in list(self._venue.sessions):
            if session.uid == uid:
                session.tell(words, *names, market=market)

    def _is_crowd(self, account: int) -> bool:
        return self._venue.exchange.accounts[account].is_crowd
