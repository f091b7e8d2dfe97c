"""Decide who hears what: collect a round's news, and send each topic its frame of it."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from tests.venues.bybit import topics
from tests.venues.bybit.depth import DepthFeed
from tests.venues.bybit.exchange import (
    AccountNews,
    Exchange,
    ExecutionNews,
    News,
    OrderNews,
    TradeNews,
)
from tests.venues.bybit.orders import Execution, side_word
from tests.venues.bybit.shapes import accounts, markets
from tests.venues.common.faults import Frame

Words = dict[str, Any]
TICKER_BEAT_S = 0.1
FUNDING = "funding"
FAST = "execution.fast"


class Listener(Protocol):
    """A session that has subscribed."""

    def say(self, frame: Frame) -> None:
        """Send a frame."""


class Publisher:
    """Topics and their listeners. `flush` follows every round of the venue; books have beats."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.listeners: dict[str, list[Listener]] = defaultdict(list)
        self.feeds: dict[str, DepthFeed] = {}
        self._tickers: dict[str, Words] = {}
        self._ticking: set[str] = set()
        self._orders: dict[int, list[Words]] = defaultdict(list)
        self._executions: dict[int, list[Execution]] = defaultdict(list)
        self._trades: dict[str, list[Words]] = defaultdict(list)
        self._busts: dict[str, list[Words]] = defaultdict(list)
        self._moved: dict[int, dict[tuple[str, int], None]] = defaultdict(dict)
        self._money: dict[int, None] = {}
        self._numbers = 0
        exchange.listeners.append(self.hear)

    def hear(self, news: News) -> None:
        """Take a piece of news into the round."""
        match news:
            case OrderNews(order):
                if not self.exchange.accounts[order.account].is_crowd:
                    market = self.exchange.floors[order.symbol].market
                    row = accounts.order(market, order, is_stream=True)
                    self._orders[order.account].append(row)
            case TradeNews(trade):
                floor = self.exchange.floors[trade.symbol]
                row = markets.tape(floor.market, trade, floor.direction)
                self._trades[trade.symbol].append(row)
            case ExecutionNews(account, execution):
                self._execution(account, execution)
            case AccountNews(account, _, symbol):
                self._money[account] = None
                if symbol:
                    self._touch(account, symbol)

    def _execution(self, account: int, execution: Execution) -> None:
        if execution.kind == "BustTrade":
            self._bust(execution)
        if self.exchange.accounts[account].is_crowd:
            return
        self._executions[account].append(execution)
        self._money[account] = None
        idx = execution.order.position_idx if execution.order else 0
        self._moved[account][execution.symbol, idx] = None

    def _touch(self, account: int, symbol: str) -> None:
        is_hedged = symbol in self.exchange.accounts[account].hedged
        for idx in (1, 2) if is_hedged else (0,):
            self._moved[account][symbol, idx] = None

    def _bust(self, execution: Execution) -> None:
        """Note a liquidated position for the public: the side is the position's."""
        market = self.exchange.floors[execution.symbol].market
        if execution.order is not None and execution.order.create_type == "CreateByLiq":
            row = {
                "T": execution.at_ns // 1_000_000,
                "s": market.symbol,
                "S": side_word(not execution.is_ask),
                "v": market.size(execution.lots),
                "p": market.price(execution.ticks),
            }
            self._busts[market.symbol].append(row)

    def publish(
        self, topic: str, names: tuple[str, ...], market: str, spell: Callable[[], Words]
    ) -> None:
        """Send something to a topic's listeners, if it has any."""
        listeners = self.listeners.get(topic)
        if listeners:
            frame = Frame((*names, topic.rpartition(":")[2], "frame"), market, spell())
            for listener in list(listeners):
                listener.say(frame)

    def flush(self) -> None:
        """Tell everybody what the round has brought, and plan the books' next frames."""
        self._flush_private()
        self._flush_public()
        for feed in self.feeds.values():
            self._plan(feed)

    def feed(self, topic: str) -> DepthFeed:
        """Return the feed of a book's topic, opened when it is first asked for."""
        if topic not in self.feeds:
            _, depth, symbol = topic.split(".")
            first_id = 1_000_000 + self.exchange.rng.randrange(1_000_000)
            floor = self.exchange.floors[symbol]
            self.feeds[topic] = DepthFeed(floor, int(depth), first_id)
        return self.feeds[topic]

    def update_id(self, symbol: str) -> int:
        """Return the update id that a read of a book tells."""
        return self.feed(f"orderbook.1000.{symbol}").update_id

    def snapshot(self, topic: str) -> Words | None:
        """Spell what a new listener of a topic hears first; None: nothing."""
        name, symbol = topic.partition(".")[0], topics.symbol_of(topic)
        if name == "orderbook":
            feed = self.feed(topic)
            self.flush_book(feed)
            return feed.snapshot(self.exchange.now_ns)
        if name == "tickers":
            return self._ticker(symbol, "snapshot", self._ticker_now(symbol))
        return None

    def _plan(self, feed: DepthFeed) -> None:
        if feed.is_planned or not feed.is_behind() or not self.listeners.get(feed.topic):
            return
        feed.is_planned = True
        self._at_beat(topics.DEPTHS[feed.depth], lambda: self.flush_book(feed))

    def _at_beat(self, beat_s: float, deed: Callable[[], object]) -> None:
        agenda, beat_ns = self.exchange.agenda, round(beat_s * 1e9)
        agenda.at(agenda.now_ns - agenda.now_ns % beat_ns + beat_ns, deed)

    def flush_book(self, feed: DepthFeed) -> None:
        """Send what has changed in a book at a depth."""
        feed.is_planned = False
        words = feed.update(self.exchange.now_ns)
        if words is not None:
            self.tell_book(feed, words)

    def tell_book(self, feed: DepthFeed, words: Words) -> None:
        """Send a frame of a book."""
        is_whole = words["type"] == "snapshot" and feed.depth > 1
        kind = "snapshot" if is_whole else "update"
        names = (f"orderbook.{feed.depth}", "orderbook", "market", kind)
        self.publish(feed.topic, names, topics.symbol_of(feed.topic), lambda: words)

    def repeat(self) -> None:
        """Tell first levels again that have been still for long."""
        for feed in self.feeds.values():
            words = feed.repeat(self.exchange.now_ns)
            if words is not None:
                self.tell_book(feed, words)

    def _flush_public(self) -> None:
        made, self._trades = self._trades, defaultdict(list)
        for symbol, rows in made.items():
            self._market(f"publicTrade.{symbol}", "snapshot", rows)
        busts, self._busts = self._busts, defaultdict(list)
        for symbol, rows in busts.items():
            self._market(f"allLiquidation.{symbol}", "snapshot", rows)
        for symbol in self.exchange.floors:
            if symbol not in self._ticking and self.listeners.get(f"tickers.{symbol}"):
                self._ticking.add(symbol)
                self._at_beat(TICKER_BEAT_S, partial(self._flush_ticker, symbol))

    def _market(self, topic: str, kind: str, rows: Any) -> None:
        words = {"topic": topic, "type": kind, "ts": self.exchange.now_ms, "data": rows}
        names = (topic.partition(".")[0], "market")
        self.publish(topic, names, topics.symbol_of(topic), lambda: words)

    def _flush_ticker(self, symbol: str) -> None:
        self._ticking.discard(symbol)
        was, now = self._tickers.get(symbol, {}), self._ticker_now(symbol)
        changes = {name: word for name, word in now.items() if was.get(name) != word}
        if changes:
            words = self._ticker(symbol, "delta", {"symbol": symbol, **changes})
            self.publish(f"tickers.{symbol}", ("tickers", "market"), symbol, lambda: words)

    def _ticker_now(self, symbol: str) -> Words:
        self._tickers[symbol] = markets.ticker(self.exchange.floors[symbol], is_stream=True)
        return self._tickers[symbol]

    def _ticker(self, symbol: str, kind: str, data: Words) -> Words:
        now_ms, seq = self.exchange.now_ms, self.exchange.floors[symbol].seq
        topic = f"tickers.{symbol}"
        return {"topic": topic, "type": kind, "data": dict(data), "cs": seq, "ts": now_ms}

    def _flush_private(self) -> None:
        self._flush_executions()
        told, self._orders = self._orders, defaultdict(list)
        for account, rows in told.items():
            states = sorted({f"order.{row['orderStatus']}" for row in rows})
            self.tell(account, "order", rows, tuple(states))
        self._flush_accounts()

    def _flush_executions(self) -> None:
        made, self._executions = self._executions, defaultdict(list)
        for account, parts in made.items():
            floors = self.exchange.floors
            rows = [accounts.execution(floors[e.symbol].market, e, is_stream=True) for e in parts]
            kind = FUNDING if all(e.kind == "Funding" for e in parts) else "filled"
            self.tell(account, "execution", rows, (kind,))
            traded = [e for e in parts if e.kind == "Trade"]
            fast = [accounts.execution_fast(floors[e.symbol].market, e) for e in traded]
            if fast:
                self.tell(account, FAST, fast, ("filled",))

    def _flush_accounts(self) -> None:
        x = self.exchange
        moved, self._moved = self._moved, defaultdict(dict)
        money, self._money = self._money, {}
        for account, held in moved.items():
            of = x.accounts[account]
            rows = [accounts.position(x, of, symbol, idx, is_stream=True) for symbol, idx in held]
            self.tell(account, "position", rows)
        for account in money:
            self.tell(account, "wallet", [accounts.wallet(x, x.accounts[account])])

    def tell(self, account: int, base: str, rows: list[Words], names: tuple[str, ...] = ()) -> None:
        """Send rows to an account's listeners of a topic, of all categories or of this one."""
        symbols = {row["symbol"] for row in rows if "symbol" in row}
        market = symbols.pop() if len(symbols) == 1 else ""
        for topic in (base, f"{base}.linear"):
            if self.listeners.get(f"{account}:{topic}"):
                self._numbers += 1
                number = {} if base == FAST else {"id": f"{account}_{topic}_{self._numbers}"}
                words = {
                    **number,
                    "topic": topic,
                    "creationTime": self.exchange.now_ms,
                    "data": rows,
                }
                known = (base, *names, "account")
                self.publish(f"{account}:{topic}", known, market, partial(dict, words))
