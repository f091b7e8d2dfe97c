"""Measure market data read natively beside ccxt asking for them: fifty markets, a decision on each.

The venue is a process of its own, on loopback: twenty changes of ten levels a second of each
market. Both ways read it in turns, each in a process of its own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from connectors.ccxt.bybit_words import BybitWords
from connectors.ccxt.native.bybit import BybitSpeech
from tests.bench.feeds_child import listed
from tests.bench.feeds_venue import SYMBOLS, frame
from tests.bench.figures import Figure, Peer
from tests.bench.places import CHECKOUT
from tests.bench.timing import in_turns
from tests.connectors.ccxt.native.ears import Natively, ThroughWords

CCXT = "venue.public=ccxt, in turns"
MESSAGES = 400
ROUNDS = 30
TURNS = 2
HALF = 0.5
Told = dict[str, float]


def measure() -> list[Figure]:
    """Return the figures of market data."""
    figures = [*_decoding()]
    with _venue() as port:
        told = [(_child("native", port), _child("ccxt", port)) for _ in range(TURNS)]
    native, ccxt = (_least([pair[way] for pair in told]) for way in (0, 1))
    return [*figures, *_compared(native, ccxt)]


def _least(told: Sequence[Told]) -> Told:
    """Return the least of each figure: whoever else uses the machine only ever adds to it."""
    return {key: min(each[key] for each in told) for key in told[0]}


def _decoding() -> Iterator[Figure]:
    """Measure a message from its bytes to rows, in this process."""
    markets = [listed(symbol) for symbol in SYMBOLS]
    native, words = Natively(BybitSpeech(), markets), ThroughWords(BybitWords(), markets)
    native.deliver = words.deliver = _take  # type: ignore[method-assign, assignment]
    native.feed._deliver = words.feed._deliver = _take  # type: ignore[assignment]
    frames = [frame(SYMBOLS[k % 50], 2 + k // 50).encode() for k in range(MESSAGES)]
    opening = [frame(symbol, 2, is_snapshot=True).encode() for symbol in SYMBOLS]

    def read(by: Natively | ThroughWords) -> None:
        by.take(*opening)
        for each in frames:
            by.take(each)

    ours_s, theirs_s = in_turns(ROUNDS, lambda: read(native), lambda: read(words))
    generic_s, _ = in_turns(ROUNDS, lambda: [msgspec.json.decode(f) for f in frames], _nothing)
    theirs_us, generic_us = theirs_s * 1e6 / MESSAGES, generic_s * 1e6 / MESSAGES
    ours_us = ours_s * 1e6 / MESSAGES
    yield Figure("bytes_to_rows", ours_us, "µs", Peer(CCXT, theirs_us), theirs_us * HALF)
    yield Figure("decoding_alone", generic_us, "µs", note="msgspec, without types")


def _compared(native: Told, ccxt: Told) -> Iterator[Figure]:
    for name, key, unit, aim in (
        ("cpu_a_message", "cpu_us", "µs", HALF),
        ("cpu_share_of_1000_messages_a_second", "cpu_share", "cores", HALF),
        ("message_to_rows_p50", "rows_p50_us", "µs", None),
        ("message_to_rows_p99", "rows_p99_us", "µs", None),
        ("message_to_decision_p50", "decided_p50_us", "µs", None),
        ("message_to_decision_p99", "decided_p99_us", "µs", None),
        ("start_cpu_to_50_books", "start_cpu_s", "s", None),
        ("rss", "rss_mb", "MB", None),
    ):
        goal = None if aim is None else ccxt[key] * aim
        yield Figure(name, native[key], unit, Peer(CCXT, ccxt[key]), goal)


def _child(way: str, port: int) -> Told:
    command = [sys.executable, "-m", "tests.bench.feeds_child", way, str(port)]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    told: Told = json.loads(done.stdout.splitlines()[-1])
    return told


@contextmanager
def _venue() -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.feeds_venue"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _take(*words: object) -> None:
    """Be where rows go."""


def _nothing() -> None:
    """Do nothing."""
