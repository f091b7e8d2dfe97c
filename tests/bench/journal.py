"""Measure what recording costs a live or paper worker: journal, tape, and a whole batch with both.

A *busy batch* is ten market rows, one account row, and a decision that cancels and places. A round
is a hundred of them and a flush, which is a second of a busy market.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns
from typing import cast

from connectors.model.events import (
    ACCEPTED,
    BATCH,
    BUY,
    CANCEL,
    CANCELLED,
    DECISION,
    PLACE,
    AccountRows,
    MarketRows,
)
from connectors.tape.journal import JournalWriter
from connectors.tape.writer import TapeHeader, TapeWriter
from connectors.venue import Venue
from runner.engine.clock import SystemClock
from runner.engine.digest import digest
from runner.engine.history import History
from runner.engine.logs import CHANGES
from runner.engine.worker import Market, Worker
from tests.bench.figures import Figure, Peer
from tests.bench.messages import GAP_NS, LEVELS, START_NS, START_TICKS, depth_messages
from tests.bench.naive import NAME, NaiveMaker
from tests.bench.places import cache
from tests.bench.steps import new_market
from tests.bench.timing import in_turns, quantile

BATCHES = 100
ROUNDS = 15
WHOLE = 10_000
BLOCK = 1_000
JSON_LINES = "a JSON line for each row"
RAW = "the rows as they are, not compressed"
TAPE_ROW_BYTES = 64
JOURNAL_ROW_BYTES = 80
JOURNAL_ROWS = 5


def measure() -> list[Figure]:
    """Return the figures of recording."""
    batches = list(_batches(WHOLE))
    market = new_market(0)
    with _directory() as directory:
        return [
            *_tape(directory, market, batches[:BATCHES]),
            *_journal(directory, market),
            *_whole(directory, batches),
        ]


@contextmanager
def _directory() -> Iterator[Path]:
    cache().mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache(), prefix="journal-") as name:
        yield Path(name)


def _batches(count: int) -> Iterator[MarketRows]:
    messages = depth_messages(count)
    for m in range(count):
        rows = MarketRows()
        for r in range(m * LEVELS, (m + 1) * LEVELS):
            venue_ns = START_NS + m * GAP_NS
            rows.add(
                messages.kind[r], messages.ticks[r], messages.lots[r], venue_ns, venue_ns + 1_000
            )
        yield rows


def _tape(directory: Path, market: Market, batches: list[MarketRows]) -> list[Figure]:
    path = directory / "bench.tape"
    writer = TapeWriter(path, TapeHeader.of(market.instrument, "sim", START_NS))
    lines = (directory / "tape.jsonl").open("w", encoding="utf-8")

    def ours() -> None:
        for rows in batches:
            writer.append(rows, 0, len(rows))
        writer.flush()

    def theirs() -> None:
        for rows in batches:
            columns = (rows.kind, rows.ticks, rows.lots, rows.venue_ns, rows.recv_ns)
            for row in zip(*columns, strict=True):
                lines.write(json.dumps(row) + "\n")
        lines.flush()

    ours_s, peers_s = in_turns(ROUNDS, ours, theirs)
    writer.close()
    lines.close()
    written = (ROUNDS + 1) * BATCHES * LEVELS
    peer = Peer(JSON_LINES, peers_s * 1e6 / BATCHES)
    return [
        Figure("tape_per_batch", ours_s * 1e6 / BATCHES, "us", peer),
        Figure(
            "tape_bytes_per_event",
            path.stat().st_size / written,
            "bytes",
            Peer(RAW, TAPE_ROW_BYTES),
        ),
    ]


def _journal(directory: Path, market: Market) -> list[Figure]:
    path = directory / "bench.journal"
    desk = market.desk
    writer = JournalWriter(path, {"market": market.name})
    lines = (directory / "journal.jsonl").open("w", encoding="utf-8")

    def rows(now_ns: int) -> Iterator[tuple[int, ...]]:
        yield (ACCEPTED, now_ns, 4096, BUY, START_TICKS, 10, 0, 0, now_ns, 0)
        yield (BATCH, now_ns, 0, 0, 0, LEVELS, 0, 0, 0, 0)
        yield (CANCEL, now_ns, 4096, BUY, START_TICKS, 0, 0, 0, 0, 0)
        yield (PLACE, now_ns, 6144, BUY, START_TICKS + 1, 10, 0, 0, 0, 0)
        yield (DECISION, now_ns, *digest(desk))

    def ours() -> None:
        for m in range(BATCHES):
            for row in rows(START_NS + m * GAP_NS):
                writer.row(*row)
        writer.flush()

    def theirs() -> None:
        for m in range(BATCHES):
            for row in rows(START_NS + m * GAP_NS):
                lines.write(json.dumps(row) + "\n")
        lines.flush()

    ours_s, peers_s = in_turns(ROUNDS, ours, theirs)
    writer.close()
    lines.close()
    peer = Peer(JSON_LINES, peers_s * 1e6 / BATCHES)
    bytes_a_batch = path.stat().st_size / ((ROUNDS + 1) * BATCHES)
    raw = Peer(RAW, JOURNAL_ROWS * JOURNAL_ROW_BYTES)
    return [
        Figure("journal_per_batch", ours_s * 1e6 / BATCHES, "us", peer),
        Figure("journal_bytes_per_batch", bytes_a_batch, "bytes", raw),
    ]


class Echo:
    """The part of a venue that a worker calls. It accepts every command; answers come later."""

    def __init__(self) -> None:
        self.account = AccountRows()
        self._side: dict[int, int] = {}

    def place(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> None:
        """Accept an order."""
        self._side[client_id] = side
        self.account.add(ACCEPTED, client_id, side, ticks, lots, 0, 0, START_NS, START_NS)

    def cancel(self, market: str, client_id: int) -> None:
        """End an order."""
        side = self._side.pop(client_id)
        self.account.add(CANCELLED, client_id, side, 0, 0, 0, 0, START_NS, START_NS)


def _whole(directory: Path, batches: list[MarketRows]) -> list[Figure]:
    """Time `Worker.on_batch` with tape and journal, deciding on every batch."""
    market = new_market(0)
    venue = Echo()
    worker = Worker(
        market=market,
        venue=cast(Venue, venue),
        clock=SystemClock(),
        tape=TapeWriter(
            directory / "whole.tape", TapeHeader.of(market.instrument, "sim", START_NS)
        ),
        journal=JournalWriter(directory / "whole.journal", {"market": market.name}),
        history=History(),
        record=CHANGES,
    )
    naive = NaiveMaker(market.desk.params)
    ours: list[int] = []
    theirs: list[int] = []
    for first in range(0, len(batches), BLOCK):
        for m in range(first, first + BLOCK):
            ours.append(_time_batch(worker, venue, batches[m], START_NS + m * GAP_NS))
            if m % BATCHES == 0:
                worker.flush()
        for m in range(first, first + BLOCK):
            theirs.append(_time_naive(naive, batches[m], START_NS + m * GAP_NS))
    worker.close()
    return [
        Figure(
            f"worker_batch_{name}",
            quantile(ours, frac) / 1e3,
            "us",
            Peer(NAME, quantile(theirs, frac) / 1e3),
        )
        for name, frac in (("p50", 0.5), ("p99", 0.99))
    ]


def _time_batch(worker: Worker, venue: Echo, rows: MarketRows, now_ns: int) -> int:
    account = venue.account
    venue.account = AccountRows()
    started_ns = perf_counter_ns()
    worker.on_batch(rows, account, now_ns)
    return perf_counter_ns() - started_ns


def _time_naive(naive: NaiveMaker, rows: MarketRows, now_ns: int) -> int:
    started_ns = perf_counter_ns()
    naive.on_message(rows.kind, rows.ticks, rows.lots, 0, len(rows), now_ns)
    return perf_counter_ns() - started_ns
