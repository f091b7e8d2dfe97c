"""Measure how long a start takes to bring a ledger of many fills level with its venue."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from connectors.model.account import Trade
from connectors.model.events import BUY, MAKER, SELL
from runner.engine.clock import SystemClock
from runner.engine.ledger.entries import STREAM, Cursor, Fill, Intent, Terms
from runner.engine.ledger.store import Store
from runner.engine.level import level
from tests.bench.figures import Figure, Peer
from tests.bench.timing import in_turns
from tests.runner.engine.books import Books

FILLS = 100_000
MARKET = "btc"
ACCOUNT = "a1"
LAST = 20
"""Trades that the ledger lacks: those of the last moments before a kill."""


def restart(path: Path, terms: Terms) -> Iterator[Figure]:
    """Yield how long a start takes, beside plain sums over the same fills."""
    trades = [_trade(number) for number in range(1, FILLS + LAST + 1)]
    _write(path, terms, trades[:FILLS])
    venue = Books(trades=trades)
    ours, theirs = in_turns(5, lambda: _level(path, terms, venue), lambda: _sums(path))
    peer = Peer("a plain sqlite query of the same sums", theirs * 1e3)
    yield Figure(f"restart_with_{FILLS}_fills", ours * 1e3, "ms", peer)


def _trade(number: int) -> Trade:
    side = BUY if number % 2 else SELL
    return Trade(number, number * 32, side, 100_000, 1 + number % 3, MAKER, number)


def _write(path: Path, terms: Terms, trades: list[Trade]) -> None:
    store = Store(path, {MARKET: terms})
    for trade in trades:
        intent = Intent(MARKET, trade.client_id, trade.side, trade.ticks, trade.lots, 1)
        store.apply(intent)
        store.apply(Fill(MARKET, ACCOUNT, trade, trade.venue_ns, STREAM))
    store.apply(Cursor(MARKET, ACCOUNT, trades[-1].trade_id))
    store.close()


def _level(path: Path, terms: Terms, venue: Books) -> None:
    """Do what a start does, and forget it, so that every round meets the same ledger."""
    store = Store(path, {MARKET: terms})
    store.commit, commit = store.rollback, store.commit  # type: ignore[method-assign]
    asyncio.run(level(MARKET, venue, store, SystemClock(), lambda now_ns, market, text: None))
    store.commit = commit  # type: ignore[method-assign]
    store.close()


def _sums(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "SELECT SUM(CASE side WHEN 0 THEN lots ELSE -lots END),"
            " SUM(CASE side WHEN 0 THEN -lots ELSE lots END * ticks), MAX(trade_id) FROM fills"
        ).fetchone()
