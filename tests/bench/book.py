"""Measure the book: the time that one changed level takes."""

from collections.abc import Callable
from typing import Any

from connectors.model.book import Book, apply_rows, clear
from connectors.model.events import IntColumn
from tests.bench.figures import Figure, Peer
from tests.bench.messages import LEVELS, Messages, depth_messages
from tests.bench.naive import DictBook
from tests.bench.places import kernels
from tests.bench.timing import in_turns
from tests.bench.walk import COMPILED, compiled_walk

MESSAGES = 10_000
WALK_STEPS = 2_000_000
ROUNDS = 15
DICTS = "two dicts, best price of each by search once a message"


def measure() -> list[Figure]:
    """Return the figures of the book."""
    messages = depth_messages(MESSAGES)
    return [_interpreted(messages), _compiled(messages)]


def apply_messages(
    book: Book, kind: IntColumn, ticks: IntColumn, lots: IntColumn, count: int
) -> int:
    """Apply so many messages to an empty book; return the sum of its best prices."""
    clear(book)
    total = 0
    for m in range(count):
        i = m * LEVELS
        apply_rows(book, kind, ticks, lots, i, i + LEVELS)
        total += book.best_bid_ticks + book.best_ask_ticks
    return total


def apply_to_dicts(messages: Messages) -> int:
    """Do the same with dicts."""
    book = DictBook()
    total = 0
    for m in range(messages.count):
        i = m * LEVELS
        book.apply(messages.kind, messages.ticks, messages.lots, i, i + LEVELS)
        total += max(book.bids) + min(book.asks)
    return total


def _interpreted(messages: Messages) -> Figure:
    book = Book()
    columns = (messages.kind, messages.ticks, messages.lots)
    ours_s, peers_s = in_turns(
        ROUNDS,
        lambda: apply_messages(book, *columns, messages.count),
        lambda: apply_to_dicts(messages),
    )
    rows = messages.count * LEVELS
    peer = Peer(DICTS, peers_s * 1e9 / rows)
    return Figure("interpreted_per_level", ours_s * 1e9 / rows, "ns", peer)


def _compiled(messages: Messages) -> Figure:
    import numpy as np

    from connectors.model.record import record_of
    from runner.modes.compiled import compile_loop

    loop: Callable[..., Any] = compile_loop(apply_messages, kernels())
    book = record_of(Book())
    columns = (
        np.array(messages.kind, np.uint8),
        np.array(messages.ticks, np.int32),
        np.array(messages.lots, np.int64),
    )
    ours_s, peers_s = in_turns(
        ROUNDS, lambda: loop(book, *columns, messages.count), compiled_walk(WALK_STEPS)
    )
    rows = messages.count * LEVELS
    peer = Peer(COMPILED, peers_s * 1e9 / WALK_STEPS)
    return Figure("compiled_per_level", ours_s * 1e9 / rows, "ns", peer)
