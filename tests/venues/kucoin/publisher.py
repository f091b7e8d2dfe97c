"""Tell the news: an account's orders as they happen, books level by level, marks by their beat."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.stage.truth import Feed
from tests.venues.bybit.depth import Level, changed
from tests.venues.bybit.exchange import (
    AccountNews,
    ExecutionNews,
    Floor,
    News,
    OrderNews,
    TradeNews,
)
from tests.venues.bybit.margin import held_of, worth
from tests.venues.bybit.orders import Execution, Order, Status, Trade
from tests.venues.kucoin import shapes

if TYPE_CHECKING:
    from tests.venues.kucoin.venue import Venue

Words = dict[str, Any]
BOOKS, TRADES, FLOWS = "/contractMarket/level2", "/contractMarket/execution", "/contract/instrument"
ORDERS, POSITIONS, WALLET = (
    "/contractMarket/tradeOrders",
    "/contract/positionAll",
    "/contractAccount/wallet",
)


class BookFeed:
    """What listeners of a book have been told. `number` is of the last change."""

    def __init__(self, floor: Floor, number: int) -> None:
        self.number = number
        self._floor = floor
        self.bids: Level = {}
        self.asks: Level = {}
        self.take()

    def take(self) -> list[tuple[str, int, int]]:
        """Return each level that has changed: its side, ticks and lots."""
        was = self.bids, self.asks
        self.bids = dict(self._floor.book.bids.levels())
        self.asks = dict(self._floor.book.asks.levels())
        rows = [("buy", *row) for row in changed(was[0], self.bids, is_ask=False)]
        return rows + [("sell", *row) for row in changed(was[1], self.asks, is_ask=True)]


class Publisher:
    """It hears the exchange, and speaks to sessions."""

    def __init__(self, venue: "Venue") -> None:
        self._venue = venue
        self.feeds: dict[str, BookFeed] = {}
        self._made: dict[int, Execution] = {}
        self._known: set[int] = set()
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
        exchange = self._venue.exchange
        for uid, symbols in moved.items():
            account = exchange.accounts[uid]
            for symbol in filter(None, symbols):
                words = self.position(uid, symbol)
                said = (POSITIONS, "position.change", words)
                self._tell_account(uid, *said, "position", market=symbol)
            words = shapes.wallet(worth(exchange, account), exchange.now_ms)
            said = (WALLET, "walletBalance.change", words)
            self._tell_account(uid, *said, "wallet", market="")

    def position(self, uid: int, symbol: str) -> Words:
        """Spell an account's position."""
        exchange = self._venue.exchange
        account = exchange.accounts[uid]
        held = held_of(exchange, account, symbol, account.position(symbol))
        return shapes.position_row(exchange.floors[symbol], account, held, exchange.now_ms)

    def feed(self, symbol: str) -> BookFeed:
        """Return what listeners know of a book."""
        if symbol not in self.feeds:
            first = 1_700_000_000_000 + self._venue.exchange.rng.randrange(1_000_000)
            self.feeds[symbol] = BookFeed(self._venue.exchange.floors[symbol], first)
        return self.feeds[symbol]

    def snapshot(self, symbol: str) -> Words:
        """Spell a book as listeners know it by now."""
        self.tell_book(symbol)
        venue, feed = self._venue, self.feed(symbol)
        market = venue.exchange.floors[symbol].market
        venue.truth.tell(Feed(venue.agenda.now_ns, symbol, True))
        return {
            "symbol": symbol,
            "sequence": feed.number,
            "bids": shapes.levels(market, sorted(feed.bids.items(), reverse=True)),
            "asks": shapes.levels(market, sorted(feed.asks.items())),
            "ts": venue.exchange.now_ns,
        }

    def tell_books(self) -> None:
        """Send what has changed in every book."""
        for symbol in self._venue.exchange.floors:
            self.tell_book(symbol)

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a book, one level after the other."""
        exchange, feed = self._venue.exchange, self.feed(symbol)
        market = exchange.floors[symbol].market
        for side, ticks, lots in feed.take():
            feed.number += 1
            words = {
                "sequence": feed.number,
                "change": f"{market.short(ticks)},{side},{lots}",
                "timestamp": exchange.now_ms,
            }
            self._tell_market(BOOKS, symbol, "level2", words, "update", "orderbook")

    def restart(self, symbol: str) -> None:
        """Let a book's numbers begin anew, as after a maintenance."""
        self.feed(symbol).number = 1_000

    def tell_flows(self) -> None:
        """Send marks and rates."""
        for symbol, floor in self._venue.exchange.floors.items():
            market = floor.market
            mark = {
                "markPrice": float(market.short(floor.mark_ticks)),
                "indexPrice": float(market.short(floor.index_ticks)),
                "granularity": 1000,
            }
            self._tell_market(FLOWS, symbol, "mark.index.price", mark, "mark")
            rate = {"period": 1, "granularity": 60_000, "fundingRate": floor.rate_1e8 / 1e8}
            self._tell_market(FLOWS, symbol, "funding.rate", rate, "funding")

    def _order(self, order: Order) -> None:
        """Tell an order's trade, then its end, where it was one."""
        made = self._made.pop(order.number, None)
        if made is not None:
            self._tell_order(order, "match", made)
        elif order.is_open:
            self._tell_order(order, "update" if order.number in self._known else "open", None)
        self._known.add(order.number)
        if not order.is_open:
            what = "filled" if order.status is Status.FILLED else "canceled"
            self._tell_order(order, what, None)

    def _tell_order(self, order: Order, what: str, made: Execution | None) -> None:
        exchange = self._venue.exchange
        market, account = exchange.floors[order.symbol].market, exchange.accounts[order.account]
        words = shapes.order_event(market, order, what, account, made)
        said = (ORDERS, "orderChange", words)
        self._tell_account(order.account, *said, f"order.{what}", "order", market=order.symbol)

    def _trade(self, trade: Trade) -> None:
        market = self._venue.exchange.floors[trade.symbol].market
        words = {
            "symbol": trade.symbol,
            "sequence": trade.seq,
            "side": shapes.side(trade.taker_is_ask),
            "size": trade.lots,
            "price": market.short(trade.ticks),
            "tradeId": str(trade.number),
            "ts": shapes.moment_ns(trade.at_ns),
        }
        self._tell_market(TRADES, trade.symbol, "match", words, "trade", "publicTrade")

    def _tell_market(self, kind: str, symbol: str, subject: str, data: Words, *names: str) -> None:
        topic = f"{kind}:{symbol}"
        words = {"topic": topic, "type": "message", "subject": subject, "data": data}
        for session in list(self._venue.sessions):
            if topic in session.topics:
                session.tell(words, *names, market=symbol)

    def _tell_account(
        self, uid: int, topic: str, subject: str, data: Words, *names: str, market: str
    ) -> None:
        words = {"topic": topic, "type": "message", "subject": subject, "channelType": "private"}
        for session in list(self._venue.sessions):
            if session.uid == uid and topic in session.topics:
                session.tell({**words, "data": data}, *names, market=market)

    def _is_crowd(self, account: int) -> bool:
        return self._venue.exchange.accounts[account].is_crowd
