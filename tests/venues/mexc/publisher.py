"""Tell the news: orders and trades of accounts each in their channel, books with their versions."""

from typing import TYPE_CHECKING, Any

from tests.venues.binance_spot import publisher
from tests.venues.bybit.orders import Execution, Order, Trade
from tests.venues.mexc import shapes

if TYPE_CHECKING:
    from tests.venues.mexc.venue import Venue

BOOKS, TRADES = "spot@public.aggre.depth.v3.api.pb", "spot@public.aggre.deals.v3.api.pb"
STEPS = 3
"""Versions that a change of the book has."""


class Publisher(publisher.Publisher):
    """It hears the exchange, and speaks to sessions."""

    _venue: "Venue"  # type: ignore[assignment]

    def version(self, update_id: int) -> int:
        """Return the version of a book once it has seen an update."""
        return update_id * STEPS

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a book: it begins after the last version of the one before."""
        feed, now_ns = self.feed(symbol), self._venue.exchange.now_ns
        before = self.version(feed.update_id)
        said = feed.update(now_ns)
        if said is None:
            return
        book = said["data"]
        words = {
            "asks": _levels(book["a"]),
            "bids": _levels(book["b"]),
            "eventType": BOOKS,
            "fromVersion": str(before + 1),
            "toVersion": str(self.version(feed.update_id)),
        }
        push = {"publicAggreDepths": words}
        self._push_market(BOOKS, push, "depth", "orderbook", market=symbol)

    def _tell_order(self, order: Order, what: str, status: str, made: Execution | None) -> None:
        market = self._venue.exchange.floors[order.symbol].market
        if made is not None:
            deal = shapes.deal_push(market, order, made, self._wallets.fee(made))
            self._push_account(order, deal, f"order.{what}", "deal")
        at_ms = (made.at_ns if made else order.updated_ns) // 1_000_000
        name = "order.FILLED" if what == "TRADE" else f"order.{what}"
        push = shapes.order_push(market, order, status, at_ms)
        self._push_account(order, push, name, "order")

    def _trade(self, trade: Trade) -> None:
        market, at_ms = self._venue.exchange.floors[trade.symbol].market, trade.at_ns // 1_000_000
        deal = {
            "price": market.price(trade.ticks),
            "quantity": market.size(trade.lots),
            "tradeType": 2 if trade.taker_is_ask else 1,
            "time": at_ms,
        }
        push = {"publicAggreDeals": {"deals": [deal], "eventType": TRADES}}
        self._push_market(TRADES, push, "trade", "publicTrade", market=trade.symbol)

    def _push_market(self, kind: str, words: dict[str, Any], *names: str, market: str) -> None:
        for session in list(self._venue.sessions):
            for topic in session.topics:
                if topic.startswith(kind) and topic.endswith(f"@{market}"):
                    now_ms = self._venue.exchange.now_ms
                    head = {"channel": topic, "symbol": market, "sendTime": now_ms}
                    session.push({**head, **words}, *names, market=market)

    def _push_account(self, order: Order, words: dict[str, Any], *names: str) -> None:
        for session in list(self._venue.sessions):
            if session.uid == order.account and words["channel"] in session.topics:
                session.push(words, *names, market=order.symbol)


def _levels(rows: list[list[str]]) -> list[dict[str, str]]:
    return [{"price": price, "quantity": size} for price, size in rows]
