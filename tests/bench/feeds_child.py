"""Read fifty markets and decide on them: `python -m tests.bench.feeds_child WAY PORT`.

`native` and `ccxt` decide on each message, `rows` is native and decides on none, and `plain` is
ccxt.pro by itself, which decides on none either. Ours run on the loop that deploys run on.

Prints what it took as JSON: the share of a core, how late a message was in rows and when its
decision was taken, the time to the first rows of all, and memory.
"""

import asyncio
import json
import random
import sys
from decimal import Decimal
from time import monotonic_ns, process_time
from typing import Any

from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.ids import Alphabet, Codec
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.units import Units
from connectors.http import HttpSender
from connectors.model.events import AccountRows, MarketRows
from connectors.model.instrument import Instrument
from connectors.websocket import WebSocket
from runner.config.compose import compose, new_loader
from runner.engine.clock import SystemClock
from runner.engine.history import History
from runner.engine.worker import Worker
from runner.modes import loop
from runner.wiring.markets import market_of
from tests.bench.feeds_venue import SYMBOLS
from tests.bench.places import CHECKOUT
from tests.bench.timing import quantile

BEFORE_S = 3.5
"""The venue waits three seconds before it tells of changes."""
LASTS_S = 4.0
WITHIN_S = 40.0
TOLD = 1_000_000
"""A `cts` in microseconds has been taken for one in milliseconds."""


class Nowhere:
    """A venue that takes orders and does nothing with them."""

    def place(self, *words: object) -> None:
        """Take an order."""

    def cancel(self, *words: object) -> None:
        """Take a cancel."""

    def amend(self, *words: object) -> None:
        """Take a change."""


class Readers:
    """Every market's worker, and how late its messages were. `decides`: the workers take them."""

    def __init__(self, clock: SystemClock, decides: bool = True) -> None:
        self.decides = decides
        settings = compose(new_loader(CHECKOUT), ["market=btc", "profile=base"]).settings
        self.begun: set[str] = set()
        self.all_begun = asyncio.Event()
        self.rows_us: list[float] = []
        self.decided_us: list[float] = []
        venue: Any = Nowhere()
        self.workers = {
            symbol: Worker(
                market_of("btc", number, settings, Decimal(60_000), clock.now_ns()),
                venue,
                clock,
                None,
                None,
                History(),
                0,
            )
            for number, symbol in enumerate(SYMBOLS)
        }

    def deliver(self, market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Note how late a batch is, decide on it, and note that too."""
        sent_us = rows.venue_ns[-1] // TOLD
        self.rows_us.append(monotonic_ns() / 1e3 - sent_us)
        if self.decides:
            self.workers[market].on_batch(rows, account, now_ns)
        self.decided_us.append(monotonic_ns() / 1e3 - sent_us)
        if len(self.begun) < len(SYMBOLS):
            self.begun.add(market)
            if len(self.begun) == len(SYMBOLS):
                self.all_begun.set()

    def on_link(self, market: str, is_whole: bool, why: str) -> None:
        """Do nothing."""


def listed(symbol: str) -> Listed:
    """Return one of the markets."""
    step = Instrument(symbol, symbol[:3], "USDT", Decimal("0.1"), Decimal("0.001"))
    unified = f"{symbol[:3]}/USDT:USDT"
    return Listed(symbol, symbol, unified, Units.of(step), Codec(symbol, Alphabet.TEXT))


def streams(way: str, network: Network, port: int, readers: Readers) -> Any:
    """Return what reads the markets, one way or the other."""
    url = f"ws://127.0.0.1:{port}"
    markets = [listed(symbol) for symbol in SYMBOLS]
    if way != "ccxt":
        from connectors.ccxt.native.bybit_streams import bybit_manner, bybit_streams

        make = bybit_streams(network, url, bybit_manner(15.0, 15.0))
        return make(markets, readers.deliver, readers.on_link)
    from connectors.ccxt.bybit import Bybit, Terms

    parts = Bybit(network, Terms(url, url, url, None, None, 15.0, 15.0, 300.0))
    each = parts.exchange
    each.set_markets([_as_ccxt(each, market) for market in markets])
    return parts.public(markets, readers.deliver, readers.on_link)


def _as_ccxt(exchange: Any, market: Listed) -> Any:
    base = market.symbol[:3]
    names = {"base": base, "baseId": base, "quote": "USDT", "quoteId": "USDT", "settle": "USDT"}
    kind = {"type": "swap", "swap": True, "spot": False, "linear": True, "contract": True}
    more = {"settleId": "USDT", "inverse": False, "active": True, "contractSize": 1.0}
    steps = {"precision": {"amount": 0.001, "price": 0.1}}
    words = {"id": market.symbol, "symbol": market.unified}
    return exchange.safe_market_structure(words | names | kind | more | steps)


async def measured(way: str, port: int) -> dict[str, float]:
    """Return what one way took."""
    clock = SystemClock()
    readers = Readers(clock, decides=way != "rows")
    sender = HttpSender()
    network = Network(
        "bybit",
        Budgets(Caps(600, 10, 10, 10, 50, 100)),
        sender,
        WebSocket(),
        clock,
        random.Random(1),
        lambda now_ns, market, text: print(text, file=sys.stderr),
        sender.close,
    )
    running = [asyncio.create_task(s.run()) for s in streams(way, network, port, readers)]
    async with asyncio.timeout(WITHIN_S):
        await readers.all_begun.wait()
    told = await _figures(readers.rows_us, readers.decided_us)
    for task in running:
        task.cancel()
    return told


async def plainly(port: int) -> dict[str, float]:
    """Return what ccxt.pro by itself took."""
    from tests.bench.ccxt_plain import exchange_at, unified, watch_all

    exchange = exchange_at(port)
    exchange.set_markets([_as_ccxt(exchange, listed(symbol)) for symbol in SYMBOLS])
    assert {unified(symbol) for symbol in SYMBOLS} <= exchange.markets.keys()
    late_us: list[float] = []
    async with asyncio.timeout(WITHIN_S):
        await watch_all(exchange, late_us)
    told = await _figures(late_us, late_us)
    for task in exchange.followers:
        task.cancel()
    await exchange.close()
    return told


async def _figures(rows_us: list[float], decided_us: list[float]) -> dict[str, float]:
    """Measure for a while, once all markets have been seen."""
    first_s = process_time()
    await asyncio.sleep(BEFORE_S)
    rows_us.clear()
    decided_us.clear()
    cpu_s, started_ns = process_time(), monotonic_ns()
    await asyncio.sleep(LASTS_S)
    used_s, wall_s = process_time() - cpu_s, (monotonic_ns() - started_ns) / 1e9
    return {
        "messages": len(rows_us),
        "cpu_us": used_s * 1e6 / len(rows_us),
        "cpu_share": used_s / wall_s,
        "rows_p50_us": quantile(rows_us, 0.5),
        "rows_p99_us": quantile(rows_us, 0.99),
        "decided_p50_us": quantile(decided_us, 0.5),
        "decided_p99_us": quantile(decided_us, 0.99),
        "start_cpu_s": first_s,
        "rss_mb": _rss_mb(),
    }


def _rss_mb() -> float:
    with open("/proc/self/status", encoding="ascii") as lines:
        told = next(line for line in lines if line.startswith("VmRSS:"))
    return int(told.split()[1]) / 1024


if __name__ == "__main__":
    chosen, at = sys.argv[1], int(sys.argv[2])
    if chosen == "plain":
        print(json.dumps(asyncio.run(plainly(at))))
    else:
        print(json.dumps(loop.run(measured(chosen, at))))
