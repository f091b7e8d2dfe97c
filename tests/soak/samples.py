"""Measure what a deploy in this process holds, at one moment."""

import asyncio
import gc
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from runner.modes.built import Built
from tests.chaos.books import Books

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

Sample = Mapping[str, float]


def sample(built: Built, books: Books, log: Path) -> Sample:
    """Return every figure by its name."""
    gc.collect()
    orders, fills = _rows(books.ledger)
    return {
        "rss_mb": int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES / 1e6,
        "objects": len(gc.get_objects()),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "tasks": len(asyncio.all_tasks()),
        "queued": _queued(built),
        "wal_mb": (_size(books.ledger, "-wal") + _size(books.account, "-wal")) / 1e6,
        "ledger_bytes_per_order": _size(books.ledger) / max(1, orders),
        "log_mb": sum(part.stat().st_size for part in log.parent.glob(log.name + "*")) / 1e6,
        "orders": orders,
        "fills": fills,
    }


def _queued(built: Built) -> int:
    """Return how many orders, trades and rows wait or are remembered, in all markets."""
    held = 0
    for station in built.stations:
        worker, outbox = station.worker, station.outbox
        held += len(outbox.orders) + len(outbox._waiting) + len(outbox._seen) + len(outbox._own)
        held += worker.fills.count + worker.decisions.count
    for venue in built.venues.values():
        for market in venue._markets.values():  # type: ignore[attr-defined]
            held += len(market.pending) + len(market.drained) + len(market.account)
    return held


def _rows(ledger: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
        (orders,) = db.execute("SELECT COUNT(*) FROM orders").fetchone()
        (fills,) = db.execute("SELECT COUNT(*) FROM fills").fetchone()
    return orders, fills


def _size(file: Path, suffix: str = "") -> int:
    path = file.with_name(file.name + suffix)
    return path.stat().st_size if path.exists() else 0
