"""Nine recorded seconds of the venue give the rows that the tape's reader gives, live."""

import gzip
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.book import Book, apply_rows, clear, is_two_sided
from connectors.model.events import GAP, MarketRows
from connectors.tape.lighter_raw import read
from tests.connectors.lighter.ears import Heard
from tests.connectors.tape.made import BTC, rows_of, source
from tests.recordings import recorded

INSTRUMENT = replace(BTC, symbol="BTC", quote="USDC", lot_size_base=Decimal("0.00001"))


@pytest.fixture(scope="module")
def path() -> Path:
    (found,) = Path(recorded("l2/lighter_raw_20251210")).glob("*.gz")
    return found


def frames_in(path: Path) -> list[tuple[int, bytes]]:
    """Return stamps and messages."""
    with gzip.open(path) as stream:
        return [
            (round(each["ts"] * 1e6) * 1000, each["msg"].encode()) for each in json.load(stream)
        ]


def test_the_feed_and_the_tapes_reader_tell_the_same(path: Path) -> None:
    heard = Heard()
    for recv_ns, frame in frames_in(path):
        heard.hear(frame, recv_ns=recv_ns)
    tape = read((path,), INSTRUMENT, source(path, "lighter_raw"))
    assert heard.rows["btc"] == rows_of(tape.local)
    assert [stamp for stamp, _ in heard.stamps] == tape.local.venue_ns.tolist()
    assert heard.line.dropped == []
    assert heard.line.resubscribed == []


def test_the_book_is_never_crossed(path: Path) -> None:
    heard = Heard()
    book = Book()
    clear(book)
    seen = 0
    for recv_ns, frame in frames_in(path):
        heard.hear(frame, recv_ns=recv_ns)
        rows = columns(heard.rows["btc"][seen:])
        seen = len(heard.rows["btc"])
        apply_rows(book, rows.kind, rows.ticks, rows.lots, 0, len(rows))
        assert seen == 0 or is_two_sided(book)
    assert seen > 5000


def test_a_dropped_frame_is_noticed_at_once(path: Path) -> None:
    frames = frames_in(path)
    updates = [k for k, (_, frame) in enumerate(frames) if b"update/order_book" in frame]
    for k in updates[:: len(updates) // 20][:-1]:
        heard = Heard()
        for recv_ns, frame in frames[:k]:
            heard.hear(frame, recv_ns=recv_ns)
        following = next(j for j in updates if j > k)
        heard.hear(frames[following][1])
        assert heard.rows["btc"][-1] == (GAP, 0, 0)
        assert heard.line.resubscribed == ["order_book:1"]


def columns(rows: list[tuple[int, int, int]]) -> MarketRows:
    """Return rows as columns."""
    made = MarketRows()
    for kind, ticks, lots in rows:
        made.add(kind, ticks, lots, 0, 0)
    return made
