"""Measure what the ledger costs an order: from the wish to place until its intent is safe on disk.

The wait is the disk's; the event loop goes on meanwhile. What the loop itself pays is shown too.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from connectors.model.events import BUY
from runner.engine.clock import SystemClock
from runner.engine.ledger.entries import Intent, Terms
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import ThreadWriter
from tests.bench.figures import Figure, Peer
from tests.bench.places import cache
from tests.bench.restart import restart
from tests.bench.timing import quantile

MARKET = "btc"
TERMS = Terms("sim", "BTC", Decimal("0.001"), "USDT", Decimal("0.001"), Decimal(0), Decimal(0))
BLOCKS = 20
BLOCK = 50
BURST = 8
PLAIN = "a plain synchronous sqlite commit"


def measure() -> list[Figure]:
    """Return the figures of the ledger."""
    with _directory() as directory:
        return [
            *asyncio.run(_measure(directory)),
            *restart(directory / "restart.sqlite", TERMS),
        ]


@contextmanager
def _directory() -> Iterator[Path]:
    cache().mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache(), prefix="ledger-") as name:
        yield Path(name)


async def _measure(directory: Path) -> list[Figure]:
    clock = SystemClock()
    writer = ThreadWriter(Store(directory / "ours.sqlite", {MARKET: TERMS}), clock)
    plain = _plain_file(directory / "plain.sqlite")
    single: list[int] = []
    burst: list[int] = []
    handed: list[int] = []
    theirs: list[int] = []
    for block in range(BLOCKS):
        first = block * BLOCK * 2 * BURST
        for k in range(BLOCK):
            single.append(await _round_trip(writer, first + k, 1, handed))
        for k in range(BLOCK // BURST):
            burst.append(await _round_trip(writer, first + BLOCK + k * BURST, BURST, handed))
        for k in range(BLOCK):
            theirs.append(_plain_commit(plain, first + k))
    writer.close()
    plain.close()
    return [
        *_both("intent", single, theirs),
        *_both(f"burst_of_{BURST}_intents", burst, [t * BURST for t in theirs]),
        Figure("loop_pays_per_order_p50", quantile(handed, 0.5) / 1e3, "us"),
        Figure("loop_pays_per_order_p99", quantile(handed, 0.99) / 1e3, "us"),
    ]


def _both(name: str, ours: list[int], theirs: list[int]) -> Iterator[Figure]:
    for label, frac in (("p50", 0.5), ("p99", 0.99)):
        peer = Peer(PLAIN, quantile(theirs, frac) / 1e3)
        yield Figure(f"{name}_safe_{label}", quantile(ours, frac) / 1e3, "us", peer)


async def _round_trip(writer: ThreadWriter, first: int, count: int, handed: list[int]) -> int:
    """Return how long `count` intents, handed over at once, take until the last one is safe."""
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    started_ns = perf_counter_ns()
    for client_id in range(first, first + count - 1):
        before_ns = perf_counter_ns()
        writer.put(_intent(client_id), _ignore)
        handed.append(perf_counter_ns() - before_ns)
    before_ns = perf_counter_ns()
    writer.put(_intent(first + count - 1), done.set_result)
    handed.append(perf_counter_ns() - before_ns)
    await done
    return perf_counter_ns() - started_ns


def _intent(client_id: int) -> Intent:
    return Intent(MARKET, client_id, BUY, 100_000, 5, client_id)


def _ignore(committed_ns: int) -> None:
    """Wait for the last one only."""


def _plain_file(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE orders (client_id INTEGER PRIMARY KEY, ticks INTEGER, lots INTEGER)")
    return db


def _plain_commit(db: sqlite3.Connection, client_id: int) -> int:
    started_ns = perf_counter_ns()
    db.execute("INSERT INTO orders VALUES (?, ?, ?)", (client_id, 100_000, 5))
    return perf_counter_ns() - started_ns
