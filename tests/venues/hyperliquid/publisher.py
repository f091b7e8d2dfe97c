"""Tell the news: an account's orders and trades as they happen, books and marks by their beats."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.exchange import AccountNews, ExecutionNews, News, OrderNews, TradeNews
from tests.venues.bybit.margin import worth
from tests.venues.bybit.orders import Execution, Order, Trade
from tests.venues.hyperliquid import shapes
from tests.venues.hyperliquid.keys import address_of
from tests.venues.hyperliquid.markets import short

if TYPE_CHECKING:
    from tests.venues.hyperliquid.venue import Venue

Words = dict[str, Any]
ACCOUNT = ("orderUpdates", "userFills", "clearinghouseState")


class Publisher:
    """It hears the exchange, and speaks to sessions."""

    def __init__(self, venue: "Venue") -> None:
        self._venue = venue
        self._moved: dict[int, None] = {}
        venue.exchange.listeners.append(self.hear)

    def hear(self, news: News) -> None:
        """Take a piece of news."""
        match news:
            case OrderNews(order) if not self._is_crowd(order.account):
                self._order(order)
            case ExecutionNews(account, made) if not self._is_crowd(account):
                self._moved[account] = None
                if made.kind != "Funding":
                    self._fill(account, made)
            case AccountNews(account, _, _) if not self._is_crowd(account):
                self._moved[account] = None
            case TradeNews(trade):
                self._trade(trade)
            case _:
                pass

    def flush(self) -> None:
        """Tell accounts what a round has changed."""
        moved, self._moved = self._moved, {}
        for uid in moved:
            self._tell_account(uid, "clearinghouseState", self._state(uid), "position", market="")

    def first(self, channel: str, uid: int, symbol: str) -> Iterator[Words]:
        """Yield the messages that a new listener of a channel hears first."""
        match channel:
            case "l2Book" | "activeAssetCtx":
                yield {"channel": channel, "data": self._flowing(channel, symbol)}
            case "clearinghouseState":
                yield {"channel": channel, "data": self._state(uid)}
            case "userFills":
                fills = {"isSnapshot": True, "user": address_of(uid), "fills": self._fills(uid)}
                yield {"channel": channel, "data": fills}
            case _:
                pass

    def tell_books(self) -> None:
        """Send every book, whole."""
        for symbol in self._venue.exchange.floors:
            self.tell_book(symbol)

    def tell_book(self, symbol: str) -> None:
        """Send a book, whole."""
        names = ("snapshot", "update", "orderbook")
        self._tell_market("l2Book", symbol, self._flowing("l2Book", symbol), *names)

    def tell_contexts(self) -> None:
        """Send marks and rates."""
        for symbol in self._venue.exchange.floors:
            row = self._flowing("activeAssetCtx", symbol)
            self._tell_market("activeAssetCtx", symbol, row, "activeAssetCtx")

    def _flowing(self, channel: str, symbol: str) -> Words:
        floor = self._venue.exchange.floors[symbol]
        if channel == "l2Book":
            return shapes.book(floor, self._venue.exchange.now_ms)
        return {"coin": symbol, "ctx": shapes.context(floor)}

    def _tell_market(self, channel: str, symbol: str, data: Any, *names: str) -> None:
        words = {"channel": channel, "data": data}
        for session in list(self._venue.sessions):
            if f"{channel}:{symbol}" in session.topics:
                session.tell(words, *names, market=symbol)

    def _order(self, order: Order) -> None:
        market = self._venue.exchange.floors[order.symbol].market
        row = shapes.update_row(market, order)
        names = (f"order.{row['status']}", "order")
        self._tell_account(order.account, "orderUpdates", [row], *names, market=order.symbol)

    def _fill(self, uid: int, made: Execution) -> None:
        market = self._venue.exchange.floors[made.symbol].market
        data = {"user": address_of(uid), "fills": [shapes.fill_row(market, made, uid)]}
        self._tell_account(uid, "userFills", data, "order.fill", "fill", market=made.symbol)

    def _fills(self, uid: int) -> list[Words]:
        x = self._venue.exchange
        made = [e for e in x.accounts[uid].executions if e.kind != "Funding"]
        return [shapes.fill_row(x.floors[e.symbol].market, e, uid) for e in made[::-1]]

    def _trade(self, trade: Trade) -> None:
        market = self._venue.exchange.floors[trade.symbol].market
        row = {
            "coin": trade.symbol,
            "side": shapes.side(trade.taker_is_ask),
            "px": short(trade.ticks, market.tick_decimals),
            "sz": short(trade.lots, market.size_decimals),
            "hash": f"0x{trade.number:064x}",
            "time": trade.at_ns // 1_000_000,
            "tid": trade.number,
            "users": ["0x" + "0" * 40] * 2,
        }
        self._tell_market("trades", trade.symbol, [row], "trade", "publicTrade")

    def _state(self, uid: int) -> Words:
        exchange = self._venue.exchange
        account = exchange.accounts[uid]
        told = shapes.state(exchange, account, worth(exchange, account))
        return {"dex": "", "user": address_of(uid), "clearinghouseState": told}

    def _tell_account(self, uid: int, channel: str, data: Any, *names: str, market: str) -> None:
        words = {"channel": channel, "data": data}
        for session in list(self._venue.sessions):
            if (channel, uid) in session.own:
                session.tell(words, *names, market=market)

    def _is_crowd(self, account: int) -> bool:
        return self._venue.exchange.accounts[account].is_crowd
